import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Rendered } from "../../components/support";
import { statements } from "../../components/support";
import {
  type Deployment,
  deploy,
  invoke,
  type LambdaPackage,
  packageOf,
} from "../../support/lambda";
import { awsEnvironment } from "../../support/moto";
import { DIRECTORY } from "../../support/program";
import { slimPackage } from "../../support/slimPackage";
import { renderBootstrap } from "./component";
import { FakeAws } from "./fakeAws";
import { FakeWorld, FORWARD, prepareRequest, REVERSE, startRequest } from "./world";

/** More would mean that something was packed by mistake; today it is about 26 KB. */
const LARGEST_BYTES = 36 * 1024;

const SDK_CLIENTS = [
  "@aws-sdk/client-database-migration-service",
  "@aws-sdk/client-rds-data",
  "@aws-sdk/client-secrets-manager",
];

/**
 * Goal: what a deployment uploads does what its source says, with the permissions that it gets.
 * Method: the package is started in fresh processes, one for each invocation, against a fake of AWS.
 */
describe("the bootstrap's package", function () {
  this.timeout(60_000);
  let rendered: Rendered;
  let files: LambdaPackage;
  let deployment: Deployment;
  let world: FakeWorld;
  let aws: FakeAws;

  before(async () => {
    rendered = await renderBootstrap();
    files = await packageOf(rendered.get("db-bootstrap-function-test").inputs);
    deployment = deploy(files);
    world = new FakeWorld();
    aws = new FakeAws(world.ports);
    await aws.start();
  });
  after(() => {
    aws?.close();
    deployment?.remove();
  });

  function answerTo(event: unknown): Promise<unknown> {
    const variables = awsEnvironment(aws.url);
    return invoke(deployment, { event, variables, remainingMilliseconds: 60_000 }).answer;
  }

  slimPackage(() => files, LARGEST_BYTES, SDK_CLIENTS);

  it("is the same in a process that has no test runner's globals", async () => {
    const program =
      'require("./test/lambdas/bootstrap/component").renderPackage().then((files) => console.log(JSON.stringify(files)))';
    const flags = ["-r", "ts-node/register/transpile-only", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: DIRECTORY });
    assert.deepEqual(JSON.parse(stdout), files);
  });

  it("prepares both clusters, then starts replication, and calls just what it may", async () => {
    for (const color of ["blue", "green"] as const)
      assert.deepEqual(await answerTo(prepareRequest(color)), {
        verb: "prepare",
        statements: 36,
        firstTime: true,
      });
    assert.deepEqual(await answerTo(startRequest()), {
      verb: "start",
      started: [FORWARD],
      reason: "no task had ever run",
    });
    assert.deepEqual(world.locked("green"), ["app"]);
    assert.deepEqual(world.locked("blue"), ["dms_target"]);
    assert.deepEqual([world.tasks[FORWARD], world.tasks[REVERSE]], ["starting", "ready"]);
    assert.deepEqual(aws.actions, permitted());
  });

  /** The actions that the policies allow, but for those that the services take in its name. */
  function permitted(): string[] {
    const policies = ["db-bootstrap-policy-test", "replication-start-policy-test"];
    const all = policies.flatMap((name) =>
      Object.values(statements(rendered.get(name).inputs.policy)).flatMap(({ Action }) => Action),
    );
    return all.filter((action) => !/^(kms|logs):/.test(String(action))).sort() as string[];
  }

  it("takes the requests that the deployment sends, which hold nothing but ARNs", async () => {
    const inputs = rendered.resources
      .filter(({ type }) => type === "aws:lambda/invocation:Invocation")
      .map((one) => one.inputs.input as string);
    assert.equal(inputs.length, 3);
    for (const input of inputs) {
      const { verb } = (await answerTo(JSON.parse(input))) as { verb: string };
      assert.equal(verb, JSON.parse(input).verb);
    }
  });

  it("fails the deployment with a message, and no password in it", async () => {
    aws.troubles["rds-data:ExecuteStatement"] = [
      { fault: "DatabaseErrorException", message: "no table 'information_schema.tables'" },
    ];
    await assert.rejects(answerTo(prepareRequest()), /no table/);
    world.engine = (sql) => {
      if (sql.startsWith("ALTER USER")) throw new Error(`near '${sql}'`);
    };
    await assert.rejects(answerTo(prepareRequest()), ({ message }: Error) => {
      assert.match(
        message,
        /could not set the password of payments_admin: DatabaseErrorException: /,
      );
      assert.doesNotMatch(message, /-password/);
      return true;
    });
  });
});
