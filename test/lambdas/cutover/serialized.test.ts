import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { VARIABLES } from "../../../lambdas/cutover/contract";
import {
  controllerPackage,
  cutoverFunction,
  type Deployment,
  deploy,
  invoke,
  type LambdaPackage,
} from "../../support/lambda";
import { DIRECTORY } from "../../support/program";
import { slimPackage } from "../../support/slimPackage";

/** More would mean that something was packed by mistake; today it is about 150 KB. */
const LARGEST_BYTES = 192 * 1024;

const REQUIRED = [
  "@aws-sdk/client-cloudformation",
  "@aws-sdk/client-cloudwatch",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-ecs",
  "@aws-sdk/client-elastic-load-balancing-v2",
  "@aws-sdk/client-lambda",
  "@aws-sdk/client-route-53",
  "@aws-sdk/client-sns",
  "node:https",
];

/**
 * The serializer leaves out what has the name of a global, and a test runner has globals of its
 * own: only a process without one makes for certain what a deployment makes.
 */
async function packageMadeInOwnProcess(): Promise<LambdaPackage> {
  const program = ["-r", "ts-node/register/transpile-only", "test/support/printPackage.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: DIRECTORY });
  return JSON.parse(stdout) as LambdaPackage;
}

describe("the controller's package", () => {
  let files: LambdaPackage;
  let madeElsewhere: Promise<LambdaPackage>;
  before(async () => {
    madeElsewhere = packageMadeInOwnProcess();
    madeElsewhere.catch(() => undefined);
    files = await controllerPackage();
  });

  slimPackage(() => files, LARGEST_BYTES, REQUIRED);

  it("is the same for each stack and in each process, so that nothing is deployed without need", async () => {
    assert.deepEqual(await controllerPackage("prod"), files);
    assert.deepEqual(await madeElsewhere, files);
  });

  it("is given every variable that it reads, and no other", async () => {
    const { environment } = await cutoverFunction("dev");
    const { variables } = environment as { variables: object };
    assert.deepEqual(Object.keys(variables).sort(), [...VARIABLES].sort());
  });

  it("is entered where its code is", async () => {
    const { handler, runtime } = await cutoverFunction("dev");
    assert.deepEqual([handler, runtime], ["__index.handler", "nodejs24.x"]);
  });
});

describe("the controller's package in a fresh process", () => {
  let deployment: Deployment;
  before(async () => {
    deployment = deploy(await controllerPackage());
  });
  after(() => deployment.remove());

  const answerTo = (event: unknown, variables: { [name: string]: string }) =>
    invoke(deployment, { event, variables, remainingMilliseconds: 60_000 }).answer;

  it("has no node_modules of its own", () => {
    assert.deepEqual(readdirSync(deployment.folder), ["__index.js"]);
  });

  it("names all variables that are missing", async () => {
    const wanted = [...VARIABLES, "AWS_LAMBDA_FUNCTION_NAME"];
    const message = `environment variables missing: ${wanted.join(", ")}`;
    await assert.rejects(answerTo({}, {}), { message });
  });
});
