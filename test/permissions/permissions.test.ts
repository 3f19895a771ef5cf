import assert from "node:assert/strict";
import { reveal } from "../../tools/evaluate/values";
import { awsEnvironment, setVariables } from "../support/moto";
import { byType, evaluations } from "../support/program";
import { type Answers, commandsOf, EXERCISES, type Exercise, type Given, methodsOf } from "./calls";
import { difference } from "./difference";
import { functionsOf, type Grants, grantsOf } from "./grants";
import { type AwsRequest, needsOf, operationOf } from "./needs";
import { Recorder } from "./recorder";

/**
 * Goal: each function may do what its adapters do, on the things that it was deployed for, and nothing
 * else. Method: the adapters get what the program gives to the deployed function, every method of
 * theirs is called, and what they send to a stand-in for AWS is held against the policies that the
 * program attaches to the function's role: either way, action by action and resource by resource.
 */
for (const stack of ["dev", "prod"])
  describe(`the functions' permissions in ${stack}`, function () {
    this.timeout(60_000);

    it("are looked at for every function", async () => {
      const names = Object.keys(functionsOf(await evaluations(stack)));
      const known = Object.keys(EXERCISES).map((name) => `${name}-${stack}`);
      assert.deepEqual(names.map(ofEnvironment(stack)).sort(), known.sort());
    });

    for (const [name, { folder, exercise }] of Object.entries(EXERCISES))
      describe(`of the ${name}`, () => {
        let grants: Grants;
        let exercised: Exercise;
        let requests: AwsRequest[];

        before(async () => {
          const found = await deployed(stack, name);
          grants = found.grants;
          ({ exercised, requests } = await record((answers) => exercise(found.given, answers)));
        });

        it("are measured by a call of every method of the adapters", () => {
          assert.deepEqual(
            Object.keys(exercised.calls).sort(),
            methodsOf(exercised.ports).sort(),
            `the adapters of ${folder} have other methods than are called here: give each a call in test/permissions/calls.ts`,
          );
        });

        it("are measured by every command that the adapters have", () => {
          const called = requests.map((request) => operationOf(request)?.name);
          const known = [...called, ...(exercised.unused ?? [])];
          const missing = commandsOf(folder).filter((command) => !known.includes(command));
          assert.deepEqual(
            missing,
            [],
            `lambdas/${folder}/aws has commands that no call reached: add calls in test/permissions/calls.ts that do`,
          );
        });

        it("are exactly what the calls need, no more and no less", () => {
          const needed = [...new Set(requests.flatMap(needsOf))].sort();
          assert.ok(needed.length > 0);
          assert.deepEqual(difference(needed, grants.own), []);
        });

        it("let services use keys in its name, and only those that it calls", () => {
          const called = requests.flatMap((request) => {
            const { service = "" } = operationOf(request) ?? {};
            // The Data API reads its caller's secret.
            return service === "rds-data" ? [service, "secretsmanager"] : [service];
          });
          const strangers = grants.keyUsers.filter((service) => !called.includes(service));
          assert.deepEqual(strangers, []);
        });
      });
  });

/** Names of prod-base's functions end with prod, too: the environment is one. */
function ofEnvironment(stack: string): (name: string) => string {
  return (name) => name.replace(new RegExp(`-${stack}(-base)?$`), `-${stack}`);
}

async function deployed(stack: string, name: string): Promise<{ given: Given; grants: Grants }> {
  const all = await evaluations(stack);
  const [lambda] = Object.values(functionsOf(all)).filter((one) => one.name.startsWith(name));
  if (lambda === undefined) throw new Error(`${stack} has no function ${name}`);
  const { environment } = lambda.inputs as { environment?: { variables?: object } };
  const variables = Object.entries(environment?.variables ?? {}).map(([key, value]) => [
    key,
    reveal(value),
  ]);
  const events = all
    .flatMap(({ resources }) => byType(resources, "aws:lambda/invocation:Invocation"))
    .filter(({ inputs }) => inputs.functionName === lambda.state.name)
    .map(({ inputs }) => JSON.parse(reveal(inputs.input) as string));
  const stacks = all
    .flatMap(({ resources }) => byType(resources, "aws:cloudformation/stack:Stack"))
    .map(({ id = "", inputs }) => ({
      id,
      parameters: (inputs.parameters ?? {}) as { [name: string]: string },
    }));
  return {
    given: { variables: Object.fromEntries(variables), events, stacks },
    grants: grantsOf(all, lambda),
  };
}

async function record(
  exercise: (answers: Answers) => Exercise,
): Promise<{ exercised: Exercise; requests: AwsRequest[] }> {
  const recorder = new Recorder();
  // Weights are changed in records as they were read.
  recorder.answers.ListResourceRecordSets = recordsOfDomain("payments.example.com");
  await recorder.start();
  const restore = setVariables(awsEnvironment(recorder.url));
  try {
    const exercised = exercise(recorder.answers);
    // That AWS has nothing is an error for some: what counts is what they asked for.
    await Promise.allSettled(Object.values(exercised.calls).flatMap((call) => call()));
    return { exercised, requests: recorder.requests };
  } finally {
    restore();
    recorder.close();
  }
}

function recordsOfDomain(name: string): string {
  const records = ["aws", "legacy"].map(
    (id) =>
      `<ResourceRecordSet><Name>${name}.</Name><Type>A</Type><SetIdentifier>${id}</SetIdentifier><Weight>50</Weight></ResourceRecordSet>`,
  );
  return `<ListResourceRecordSetsResponse><ResourceRecordSets>${records.join("")}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>`;
}
