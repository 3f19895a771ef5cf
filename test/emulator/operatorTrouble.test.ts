import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import { TABLE_KEYS } from "../../lambdas/cutover/contract";
import type { Check } from "../../tools/cutover/doctor/check";
import { type Moto, setVariables, useMoto } from "../support/moto";
import { FUNCTION, OperatorWorld } from "../tools/cutover/support/operatorWorld";
import { type Ran, runCutover, startProgram } from "../tools/cutover/support/run";
import { TABLE } from "./resources";

const LEFT_OUT = "the operator's commands where AWS does not play along";

const AGREED = ["--yes", "--why", "release 42"];
const DENIED = (action: string) => ({
  type: "AccessDeniedException",
  message: `User: arn:aws:iam::123456789012:user/moto is not authorized to perform: ${action} on resource: it because no policy allows it`,
  status: 403,
});

/**
 * Goal: whatever goes wrong on the way to AWS is one line that says what to do, and it never says that
 * nothing was done where something may have been.
 * Method: a proxy and a front before the emulator refuse, lose and garble what they are told to.
 */
describe(LEFT_OUT, function () {
  this.timeout(60_000);
  let moto: Moto;
  let world: OperatorWorld;
  let restore: () => void;
  const folder = mkdtempSync(join(tmpdir(), "operator-"));
  const outputs = join(folder, "outputs.json");

  before(async function () {
    moto = await useMoto(this, LEFT_OUT);
    world = await OperatorWorld.create(moto);
    restore = setVariables(world.variables);
  });
  beforeEach(async () => {
    await world.reset();
    writeFileSync(outputs, JSON.stringify(world.outputs));
  });
  after(() => {
    restore?.();
    world?.close();
    rmSync(folder, { recursive: true });
  });

  function cutover(verb: string, given: string[] = []): Promise<Ran> {
    return runCutover([verb, "--outputs", outputs, ...given]);
  }

  /** It failed, with nothing but one line, like this one. */
  function assertComplained({ status, stdout, stderr }: Ran, said: RegExp, exitCode = 1): void {
    assert.deepEqual([status, stdout], [exitCode, ""], stderr);
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    assert.doesNotMatch(stderr, /\bat .*\.ts:/, "no stack trace");
  }

  it("says that a request may have been carried out when its answer is lost, and it was", async () => {
    void world.proxy.spoil("invocations", "lose-answer", 1);
    const said =
      /^AWS did not answer lambda:InvokeFunction in time\. It may have been carried out all the same: npm run cutover -- status --outputs .* tells\.\n$/;
    assertComplained(await cutover("start", AGREED), said);
    await world.settled();
    assert.equal(await world.environment.weights(), "90/10");
  });

  it("says the same of an answer that cannot be read", async () => {
    void world.proxy.spoil("invocations", "garble", 1);
    const said = /no answer that can be read to lambda:InvokeFunction \(HTTP 503\)\. It may have/;
    assertComplained(await cutover("start", AGREED), said);
    world.front.functions.set(FUNCTION, async () => ({ payload: "<html>" }));
    assertComplained(await cutover("start", AGREED), /<html>\. It may have been carried out/);
  });

  it("asks again what was throttled, and gives up in one line", async () => {
    const refusal = { type: "TooManyRequestsException", message: "Rate exceeded", status: 429 };
    world.front.refuse("invocations", refusal, 2);
    const ran = await cutover("start", AGREED);
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    world.front.refuse("invocations", refusal);
    assertComplained(
      await cutover("pause", AGREED),
      /^AWS throttles these calls.* Nothing was carried out\.\n$/,
    );
  });

  it("names the permission that is missing", async () => {
    world.front.refuse("invocations", DENIED("lambda:InvokeFunction"));
    assertComplained(
      await cutover("start", AGREED),
      /^These credentials may not lambda:InvokeFunction on it: .* Nothing was carried out\.\n$/,
    );
    world.front.refuse("Query", DENIED("dynamodb:Query"));
    assertComplained(await cutover("history"), /^These credentials may not dynamodb:Query/);
  });

  it("says that credentials have expired, or are no one's", async () => {
    world.front.refuse("GetCallerIdentity", {
      type: "ExpiredToken",
      message: "The security token included in the request is expired",
      status: 403,
    });
    assertComplained(await cutover("start", AGREED), /^The AWS credentials have expired: log in/);
    world.front.forgive();
    world.front.refuse("configuration", {
      type: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
      status: 403,
    });
    assertComplained(await cutover("status"), /^AWS does not know these credentials/);
  });

  it("sends nothing with credentials of another account than the stack's", async () => {
    const topic = "arn:aws:sns:us-east-1:999999999999:cutover";
    writeFileSync(outputs, JSON.stringify({ ...world.outputs, cutoverTopicArn: topic }));
    world.proxy.forget();
    assertComplained(
      await cutover("start", AGREED),
      /is in account 999999999999, these credentials are of 123456789012 \(arn:aws:sts/,
    );
    assert.deepEqual(world.proxy.bodies("invocations"), []);
  });

  it("says that a function or a whole stack is not there", async () => {
    const gone = { ...world.outputs, cutoverFunctionName: "gone" };
    writeFileSync(outputs, JSON.stringify(gone));
    assertComplained(await cutover("status"), /^Function gone does not exist in this account and/);
    assertComplained(await cutover("start", AGREED), /^Function gone does not exist/);
    writeFileSync(outputs, "{}");
    assertComplained(await cutover("status"), /has no outputs: it is not deployed\. Deploy it/);
    const base = { cutoverTableName: "t", data: { environment: "test", outputs: {} } };
    writeFileSync(outputs, JSON.stringify(base));
    assertComplained(await cutover("status"), /has no output cutoverFunctionName/, 2);
  });

  it("says why the controller failed, and whether something may have been done", async () => {
    const fail = (errorMessage: string) =>
      world.front.functions.set(FUNCTION, async () => ({
        payload: { errorType: "Error", errorMessage },
        failed: true,
      }));
    fail("Task timed out after 60.00 seconds");
    assertComplained(
      await cutover("rollback", AGREED),
      /^The controller failed: Task timed out after 60\.00 seconds\. It may have been carried out/,
    );
    fail("verb must be one of status, start, got rollback");
    assertComplained(await cutover("rollback", AGREED), /got rollback\.\n$/);
  });

  it("gives up looking when AWS does not answer at all", async () => {
    void world.proxy.spoil("configuration", "lose-answer", 10);
    assertComplained(
      await cutover("status"),
      /^AWS did not answer lambda:GetFunctionConfiguration/,
    );
  });

  it("shows what there is to see, where some of it may not be seen", async () => {
    world.front.refuse("DescribeTargetHealth", DENIED("elasticloadbalancing:DescribeTargetHealth"));
    const { status, stdout } = await cutover("status");
    assert.equal(status, 0);
    assert.match(
      stdout.replace(/\s+/g, " "),
      /blue unknown \(these credentials may not elasticloadbalancing:DescribeTargetHealth on it/,
    );
    assert.match(stdout, /blue .* 100 % {2}live/);
  });

  it("asks the controller where neither its settings nor its table may be read", async () => {
    await cutover("start", AGREED);
    world.front.refuse("configuration", DENIED("lambda:GetFunctionConfiguration"));
    const { status, stdout } = await cutover("status");
    assert.equal(status, 0);
    assert.match(stdout, /Cutover to green, step 1 of 4: 10 % on green/);
    assert.match(
      stdout,
      /found +unknown: these credentials may not lambda:GetFunctionConfiguration/,
    );
    world.front.forgive();
    world.front.refuse("GetItem", DENIED("dynamodb:GetItem"), 1);
    assert.match((await cutover("status")).stdout, /Cutover to green, step 1 of 4/);
  });

  it("says that a state cannot be read, which a doctor finds, too", async () => {
    const client = world.environment.aws.dynamodb;
    const key = {
      [TABLE_KEYS.partition]: { S: "cutover#test" },
      [TABLE_KEYS.sort]: { S: "state" },
    };
    const Item = { ...key, version: { N: "1" }, body: { S: '{"schemaVersion":99}' } };
    await client.send(new dynamodb.PutItemCommand({ TableName: TABLE, Item }));
    assertComplained(
      await cutover("status"),
      /^Where the cutover stands cannot be told: .*schema version 99.*; and asked for it: The controller failed: stored state has schema version 99/,
    );
    const ran = await cutover("doctor", ["--json"]);
    const { checks } = JSON.parse(ran.stdout) as { checks: Check[] };
    const bad = checks.filter(({ verdict }) => verdict === "bad").map(({ name }) => name);
    assert.ok(bad.includes("state") && bad.includes("controller"), bad.join(", "));
    assert.equal(ran.status, 1);
  });

  describe("as a program", () => {
    const run = (given: string[], env: { [name: string]: string | undefined }) =>
      startProgram("cutover", given, env).ended;

    it("says that there are no credentials", async () => {
      const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = world.variables;
      const nobody = { ...env, AWS_EC2_METADATA_DISABLED: "true" };
      const ran = await run(["status", "--outputs", outputs], nobody);
      assertComplained(ran, /^There are no AWS credentials: log in or set AWS_PROFILE/);
    });

    it("says that nobody listens at the endpoint", async () => {
      const env = { ...world.variables, AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
      const ran = await run(["status", "--outputs", outputs], env);
      assertComplained(ran, /^AWS cannot be reached \(connect/);
    });

    it("finds the outputs through the Pulumi CLI on the path", async () => {
      // Fifth among `stack output --json --stack <name> --non-interactive`.
      const script = `#!/bin/sh
[ "$5" = there ] && cat '${outputs}' && exit 0
echo "error: no stack named '$5' found" >&2
exit 255
`;
      writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
      const env = { ...world.variables, PATH: `${folder}:${process.env.PATH}` };
      const found = await run(["status", "--stack", "there"], env);
      assert.deepEqual([found.status, found.stderr], [0, ""]);
      assert.match(found.stdout, /Nothing moves, blue is live/);
      const none = await run(["status", "--stack", "nowhere"], env);
      assertComplained(none, /^There is no stack nowhere where Pulumi is logged in/, 2);
    });
  });
});
