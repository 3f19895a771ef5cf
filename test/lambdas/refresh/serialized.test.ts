import assert from "node:assert/strict";
import { VARIABLES } from "../../../lambdas/refresh/contract";
import { statements } from "../../components/support";
import { type Deployment, deploy, invoke, packageOf } from "../../support/lambda";
import { awsEnvironment } from "../../support/moto";
import { slimPackage } from "../../support/slimPackage";
import { CONSUMERS, renderRefresh } from "./component";
import { secretArn, serviceNamed, taskNamed } from "./facts";
import { FakeAws } from "./fakeAws";

/** More would mean that something was packed by mistake; today it is about 37 KB. */
const LARGEST_BYTES = 48 * 1024;

const SDK_CLIENTS = [
  "@aws-sdk/client-database-migration-service",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-ecs",
  "@aws-sdk/client-secrets-manager",
  "@aws-sdk/client-sns",
];

const { serviceArn } = serviceNamed("blue");
const { taskArn } = taskNamed("forward");
const DAY_SECONDS = 24 * 60 * 60;

/**
 * Goal: what a deployment uploads does what its source says, with the permissions that it gets.
 * Method: the package is started in fresh processes, one for each invocation, against a fake of AWS.
 */
describe("the refresh function's package", function () {
  this.timeout(60_000);
  let files: { [file: string]: string };
  let variables: { [name: string]: string };
  let policy: unknown;
  let deployment: Deployment;
  let aws: FakeAws;

  before(async () => {
    const rendered = await renderRefresh();
    const { inputs } = rendered.get("refresh-function-test");
    files = await packageOf(inputs);
    variables = (inputs.environment as { variables: typeof variables }).variables;
    policy = rendered.get("refresh-policy-test").inputs.policy;
    deployment = deploy(files);
    aws = new FakeAws();
    await aws.start();
  });
  after(() => {
    aws?.close();
    deployment?.remove();
  });

  /** One invocation with too little time for a second pass. */
  function invokeOnce(): Promise<unknown> {
    const environment = { ...variables, ...awsEnvironment(aws.url) };
    const invocation = { event: {}, variables: environment, remainingMilliseconds: 20_000 };
    return invoke(deployment, invocation).answer;
  }

  slimPackage(() => files, LARGEST_BYTES, SDK_CLIENTS);

  it("names all variables that are missing", async () => {
    const message = `environment variables: ${VARIABLES.map((name) => `${name} is missing`).join("; ")}`;
    const invocation = { event: {}, variables: {}, remainingMilliseconds: 20_000 };
    await assert.rejects(invoke(deployment, invocation).answer, { message });
  });

  it("brings new credentials to a service and then to a task, and calls just what it may", async () => {
    const now = Date.now() / 1000;
    const startedAt = now - 3 * DAY_SECONDS;
    for (const arn of CONSUMERS.flatMap((consumer) => consumer.secretArns))
      aws.secrets[arn] = { ARN: arn, LastRotatedDate: now - DAY_SECONDS };
    const old = { status: "PRIMARY", rolloutState: "COMPLETED", createdAt: startedAt };
    const counts = { runningCount: 2, desiredCount: 2 };
    aws.services[serviceArn] = { status: "ACTIVE", ...counts, deployments: [old] };
    aws.tasks[taskArn] = { Status: "running", StartDate: startedAt, tags: [] };

    const codes = [await codeOf(), await codeOf()];
    const fresh = { ...old, createdAt: Date.now() / 1000 };
    aws.services[serviceArn] = { status: "ACTIVE", ...counts, deployments: [fresh] };
    for (let more = 0; more < 4; more++) codes.push(await codeOf());

    assert.deepEqual(codes, ["refresh", "hold-unsteady", "refresh", "finish", "finish", "current"]);
    assert.deepEqual(
      aws.published.map(({ Message }) => Message?.split(":")[0]),
      [
        "Restart the blue service",
        "Stop the forward replication, to start it again",
        "Start the forward replication again",
        "the forward replication uses the current credentials",
      ],
    );
    assert.equal(aws.markOf(taskArn), undefined);
    assert.equal(aws.tasks[taskArn]?.Status, "running");
    assert.deepEqual([...new Set(aws.actions)].sort(), permitted());
  });

  async function codeOf(): Promise<string> {
    return ((await invokeOnce()) as { code: string }).code;
  }

  /** The actions that the policy allows, but for those that the services take in its name. */
  function permitted(): string[] {
    const all = Object.values(statements(policy)).flatMap(({ Action }) => Action as string[]);
    return all.filter((action) => !/^(kms|logs):/.test(action)).sort();
  }

  it("fails, so that its alarm rises, when it may not look", async () => {
    delete aws.secrets[secretArn("app")];
    await assert.rejects(
      invokeOnce(),
      /^Error: the blue service: ResourceNotFoundException: refused/,
    );
  });
});
