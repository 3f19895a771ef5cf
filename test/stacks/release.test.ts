import assert from "node:assert/strict";
import { SERVICE_TIMEOUT_SECONDS } from "../../lambdas/cutover/gate/contract";
import { readGateEvent } from "../../lambdas/cutover/gate/event";
import { releaseGateTemplate } from "../../stacks/templates/releaseGate";
import { type Evaluation, evaluateWithUpstream } from "../../tools/evaluate/evaluate";
import { reveal } from "../../tools/evaluate/values";
import { byName, DIRECTORY, descendantsOf, evaluation } from "../support/program";

const STACK = "aws:cloudformation/stack:Stack";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

/**
 * The controller's first color, which a stored state overrides, and what may start the task that
 * replicates from it, which was started once.
 */
const WITHOUT_EFFECT = /^(cutover-function-\w+\.environment|replication-start-policy-\w+\.policy)$/;

async function stackWith(stack: string, overrides: { [key: string]: unknown }) {
  const all = await evaluateWithUpstream({ directory: DIRECTORY, stack, overrides });
  return all.at(-1) ?? assert.fail(`${stack} was not evaluated`);
}

/** What AWS would be asked to change from one evaluation to the next, as `name.input`. */
async function changes(before: Evaluation, after: Evaluation): Promise<string[]> {
  const textOf = (value: unknown) => JSON.stringify(value, (_, one) => reveal(one));
  const names = ({ resources }: Evaluation) => resources.map(({ urn }) => urn).sort();
  assert.deepEqual(names(after), names(before));
  return after.resources.flatMap(({ urn, name, custom, inputs, options }) => {
    const old = before.resources.find((one) => one.urn === urn)?.inputs ?? {};
    return Object.keys(custom ? inputs : {})
      .filter((input) => !options.ignoreChanges.includes(input))
      .filter((input) => textOf(inputs[input]) !== textOf(old[input]))
      .map((input) => `${name}.${input}`);
  });
}

for (const stack of ["dev", "prod"])
  describe(`the release gate of ${stack}`, () => {
    let seen: Evaluation;
    before(async () => {
      seen = await evaluation(stack);
    });
    const gate = () => byName(seen.resources, `release-gate-${stack}`, STACK);

    it("says which color should be live, and what runs in both", () => {
      const { parameters, templateBody } = gate().inputs as {
        parameters: { [name: string]: string };
        templateBody: string;
      };
      const inputOf = (name: string, input: string) => byName(seen.resources, name).state[input];
      const both = ["blue", "green"].map((color) => [
        inputOf(`${color}-app-service-${stack}`, "arn"),
        inputOf(`${color}-app-service-${stack}`, "taskDefinition"),
      ]);
      assert.deepEqual(both, [
        [parameters.BlueServiceArn, parameters.BlueTaskArn],
        [parameters.GreenServiceArn, parameters.GreenTaskArn],
      ]);
      assert.equal(parameters.ControllerArn, inputOf(`cutover-function-${stack}`, "arn"));
      assert.deepEqual([parameters.Live, parameters.Mode], ["blue", "attached"]);
      assert.match(parameters.BlueImage ?? "", /@sha256:|:/);
      assert.deepEqual(JSON.parse(templateBody), releaseGateTemplate(stack));
    });

    it("comes after everything that payments, and the judging of them, need", () => {
      const { dependsOn } = gate().options;
      const components = ["blue-application", "green-application", "cutover", "load-balancer"];
      for (const name of components) {
        const component = seen.resources.find((one) => one.name === `${name}-${stack}`);
        assert.ok(component, name);
        for (const { urn, custom } of descendantsOf(seen.resources, component))
          if (custom) assert.ok(dependsOn.includes(urn), urn);
      }
      assert.ok(dependsOn.includes(byName(seen.resources, `dashboard-${stack}`, DASHBOARD).urn));
    });

    it("sends what the controller understands", () => {
      const { parameters } = gate().inputs as { parameters: { [name: string]: string } };
      const { Properties } = releaseGateTemplate(stack).Resources.ReleaseGate ?? assert.fail();
      const given = Object.entries(Properties).map(([name, value]) => {
        const { Ref } = value as { Ref?: string };
        return [name, Ref === undefined ? String(value) : parameters[Ref]];
      });
      const event = {
        RequestType: "Create",
        ResponseURL: "https://responses.example/",
        RequestId: "r",
        StackId: "s",
        LogicalResourceId: "ReleaseGate",
        ResourceProperties: Object.fromEntries(given),
      };
      assert.deepEqual(readGateEvent(event, stack)?.mistakes, []);
      assert.equal(Properties.ServiceTimeout, SERVICE_TIMEOUT_SECONDS);
    });

    it("is what a change of payments:live changes, beside what has no effect any more", async () => {
      const after = await stackWith(stack, { "payments:live": "green" });
      assert.deepEqual(
        (await changes(seen, after)).filter((change) => !WITHOUT_EFFECT.test(change)),
        [`release-gate-${stack}.parameters`],
      );
    });
  });

describe("without a release gate", () => {
  it("everything else stays the same, and people start cutovers", async () => {
    const none = await stackWith("dev", { "payments:releaseGate": "none" });
    const namesOf = ({ resources }: Evaluation) => resources.map(({ urn }) => urn).sort();
    const without = namesOf(await evaluation("dev")).filter(
      (urn) => !/::release(-gate)?-/.test(urn),
    );
    assert.deepEqual(namesOf(none), without);
  });
});
