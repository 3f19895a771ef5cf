import assert from "node:assert/strict";
import { VARIABLES } from "../../../lambdas/switchover/contract";
import { type Deployment, deploy, invoke, packageOf } from "../../support/lambda";
import { awsEnvironment } from "../../support/moto";
import { slimPackage } from "../../support/slimPackage";
import { CLUSTERS, renderSwitchover } from "./component";
import { FakeAws } from "./fakeAws";

/** More would mean that something was packed by mistake; today it is about 120 KB. */
const LARGEST_BYTES = 136 * 1024;

const REQUIRED = [
  "@aws-sdk/client-database-migration-service",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-lambda",
  "@aws-sdk/client-rds-data",
  "@aws-sdk/client-sns",
  "@aws-sdk/client-ssm",
  "node:crypto",
];

/**
 * Goal: what a deployment uploads does what its source says.
 * Method: the package is started in fresh processes, one for each invocation, against a fake of AWS.
 */
describe("the switchover function's package", function () {
  this.timeout(60_000);
  let files: { [file: string]: string };
  let variables: { [name: string]: string };
  let deployment: Deployment;
  let aws: FakeAws;

  before(async () => {
    const { inputs } = (await renderSwitchover()).get("switchover-function-test");
    files = await packageOf(inputs);
    variables = {
      ...(inputs.environment as { variables: typeof variables }).variables,
      AWS_LAMBDA_FUNCTION_NAME: "switchover-function-test",
    };
    deployment = deploy(files);
  });
  beforeEach(async () => {
    aws = new FakeAws();
    await aws.start();
    const { endpoint, applicationSecretArn: secretArn } = CLUSTERS.blue;
    aws.parameter = JSON.stringify({ color: "blue", endpoint, secretArn });
  });
  afterEach(() => aws.close());
  after(() => deployment?.remove());

  function ask(event: unknown): Promise<unknown> {
    const given = { ...variables, ...awsEnvironment(aws.url) };
    return invoke(deployment, { event, variables: given, remainingMilliseconds: 40_000 }).answer;
  }

  slimPackage(() => files, LARGEST_BYTES, REQUIRED);

  it("names all variables that are missing", async () => {
    const missing = ["AWS_LAMBDA_FUNCTION_NAME", ...VARIABLES].map((name) => `${name} is missing`);
    const invocation = { event: {}, variables: {}, remainingMilliseconds: 20_000 };
    await assert.rejects(invoke(deployment, invocation).answer, (error: Error) =>
      missing.every((text) => error.message.includes(text)),
    );
  });

  it("answers where the writer is before anything was ever stored", async () => {
    const { phase, version } = (await ask({ verb: "status" })) as {
      phase: object;
      version: number;
    };
    assert.deepEqual([phase, version], [{ name: "prepared", writer: "blue" }, 0]);
  });

  it("is woken, sees clusters that do not answer, stores that and touches nothing", async () => {
    const { code, reason } = (await ask({})) as { code: string; reason: string };
    assert.deepEqual([code, reason], ["rest", "blue takes all writes."]);
    assert.deepEqual(Object.keys(aws.items), ["switchover", "switchover-decision#000000000001"]);
    const touching = /^(Put|Stop|Start|Modify|Remove|Invoke)/;
    assert.deepEqual(
      aws.operations.filter((name) => touching.test(name)),
      [],
    );
  });

  it("refuses to start with every reason, once a watch has been woken", async () => {
    const answer = await ask({ verb: "start", who: "alice", why: "a test" });
    const { code, reason } = answer as { code: string; reason: string };
    assert.equal(code, "refuse");
    assert.match(reason, /blue is replicated \(the replication task is not there\)/);
    assert.match(reason, /green has a fresh heartbeat of blue/);
    assert.deepEqual(
      aws.events.map(({ payload }) => payload),
      [{ verb: "watch" }],
    );
  });
});
