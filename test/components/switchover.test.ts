import assert from "node:assert/strict";
import { VARIABLES } from "../../lambdas/switchover/contract";
import { readVariables } from "../../lambdas/switchover/variables";
import { CLUSTERS, POINTER, renderSwitchover, TABLE, TOPIC } from "../lambdas/switchover/component";
import { KEY, type Rendered, statements } from "./support";

describe("SwitchoverController", () => {
  let switchover: Rendered;
  before(async () => {
    switchover = await renderSwitchover();
  });

  it("runs the function with its own role, an explicit runtime, and encrypted variables", () => {
    const { code, environment, ...inputs } = switchover.tagged("switchover-function-test") as {
      code: unknown;
      environment: { variables: { [name: string]: string } };
    };
    assert.ok(code);
    assert.deepEqual(inputs, {
      description: "Moves the database writer between blue and green in test",
      handler: "__index.handler",
      role: switchover.get("switchover-role-test").state.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: 180,
      memorySize: 256,
      kmsKeyArn: `${KEY}/compute`,
      loggingConfig: {
        logFormat: "JSON",
        logGroup: switchover.get("switchover-logs-test").state.name,
      },
    });
    assert.deepEqual(Object.keys(environment.variables).sort(), [...VARIABLES].sort());
  });

  it("is given variables that the handler understands", () => {
    const { environment } = switchover.get("switchover-function-test").inputs as {
      environment: { variables: { [name: string]: string } };
    };
    const given = { ...environment.variables, AWS_LAMBDA_FUNCTION_NAME: "itself" };
    assert.deepEqual(readVariables(given), {
      environment: "test",
      stateTable: TABLE.name,
      topicArn: TOPIC,
      writerParameter: POINTER.name,
      clusters: CLUSTERS,
      administrators: ["payments_admin", "paymentsmaster"],
      functionName: "itself",
    });
  });

  it("logs into an encrypted group, for as long as is asked", () => {
    assert.deepEqual(switchover.tagged("switchover-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
  });

  it("is woken each minute", () => {
    const { scheduleExpression } = switchover.get("switchover-schedule-test").inputs;
    assert.equal(scheduleExpression, "rate(1 minute)");
  });

  it("carries out no request that comes late, nor any twice", () => {
    const { functionName, ...inputs } = switchover.get("switchover-invocations-test").inputs;
    assert.equal(functionName, switchover.get("switchover-function-test").state.name);
    assert.deepEqual(inputs, { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 });
  });

  it("may touch what is its own, and no weights", () => {
    const given = statements(switchover.get("switchover-policy-test").inputs.policy);
    const through = (...services: string[]) => ({
      StringEquals: {
        "kms:ViaService": services.map((service) => `${service}.us-east-1.amazonaws.com`),
      },
    });
    const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
      ...{ Effect: "Allow", Action, Resource },
      ...(Condition && { Condition }),
    });
    const { blue, green } = CLUSTERS;
    assert.deepEqual(given, {
      RunStatements: allow("rds-data:ExecuteStatement", [blue.clusterArn, green.clusterArn]),
      BeAdministrator: allow("secretsmanager:GetSecretValue", [
        blue.administratorSecretArn,
        green.administratorSecretArn,
      ]),
      Observe: allow("dms:DescribeReplicationTasks", "*"),
      TurnReplication: allow(
        [
          "dms:ModifyReplicationTask",
          "dms:RemoveTagsFromResource",
          "dms:StartReplicationTask",
          "dms:StopReplicationTask",
        ],
        [blue.taskArn, green.taskArn],
      ),
      NameWriter: allow(["ssm:GetParameter", "ssm:PutParameter"], POINTER.arn),
      Remember: allow(["dynamodb:GetItem", "dynamodb:PutItem"], TABLE.arn),
      WakeWatch: allow(
        "lambda:InvokeFunction",
        "arn:aws:lambda:us-east-1:111122223333:function:switchover-function-test-*",
      ),
      Notify: allow("sns:Publish", TOPIC),
      DecryptCredentials: allow("kms:Decrypt", `${KEY}/secrets`, through("secretsmanager")),
      UseKeysThroughServices: allow(
        ["kms:Decrypt", "kms:GenerateDataKey"],
        [`${KEY}/data`, `${KEY}/messaging`],
        through("dynamodb", "sns"),
      ),
      WriteLogs: allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `${switchover.get("switchover-logs-test").state.arn}:*`,
      ),
    });
  });

  it("attaches no managed policy: the function's default ones allow nearly everything", () => {
    const types = switchover.resources.map(({ type }) => type);
    assert.ok(!types.includes("aws:iam/rolePolicyAttachment:RolePolicyAttachment"));
    assert.equal(types.filter((type) => type === "aws:iam/role:Role").length, 1);
  });
});
