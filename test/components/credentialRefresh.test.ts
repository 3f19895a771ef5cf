import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { refreshStatements } from "../../components/refresh/permissions";
import { type Consumer, VARIABLES } from "../../lambdas/refresh/contract";
import { readVariables } from "../../lambdas/refresh/variables";
import { renderRefresh, TABLE, TOPIC } from "../lambdas/refresh/component";
import { secretArn, serviceNamed, taskNamed } from "../lambdas/refresh/facts";
import { KEY, type Rendered, statements } from "./support";

const BLUE = serviceNamed("blue", "app");
const GREEN = serviceNamed("green", "app");
const FORWARD = taskNamed("forward");

describe("CredentialRefresh", () => {
  let refresh: Rendered;
  before(async () => {
    const { kind, name, clusterArn, serviceArn } = BLUE;
    const outputs = {
      kind,
      name,
      clusterArn: pulumi.output(clusterArn),
      serviceArn: pulumi.output(serviceArn),
      secretArns: [pulumi.output(secretArn("app"))],
    };
    refresh = await renderRefresh({ consumers: [outputs, GREEN, FORWARD] });
  });

  it("runs the function with its own role, an explicit runtime, and encrypted variables", () => {
    const { code, environment, ...inputs } = refresh.tagged("refresh-function-test") as {
      code: unknown;
      environment: { variables: { [name: string]: string } };
    };
    assert.ok(code);
    assert.deepEqual(inputs, {
      description: "Brings rotated credentials to their consumers in test",
      handler: "__index.handler",
      role: refresh.get("refresh-role-test").state.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: 300,
      memorySize: 256,
      kmsKeyArn: `${KEY}/compute`,
      loggingConfig: {
        logFormat: "JSON",
        logGroup: refresh.get("refresh-logs-test").state.name,
      },
    });
    assert.deepEqual(Object.keys(environment.variables).sort(), [...VARIABLES].sort());
  });

  it("is given variables that the handler understands, outputs resolved", () => {
    const { environment } = refresh.get("refresh-function-test").inputs as {
      environment: { variables: { [name: string]: string } };
    };
    assert.deepEqual(readVariables(environment.variables), {
      environment: "test",
      stateTable: TABLE.name,
      topicArn: TOPIC,
      consumers: [BLUE, GREEN, FORWARD],
    });
  });

  it("is not made without consumers: it would fail at each wake-up", async () => {
    const message = "refresh-test needs at least one consumer: leave it out where there is none";
    await assert.rejects(renderRefresh({ consumers: [] }), { message });
  });

  it("logs into an encrypted group, for as long as is asked", () => {
    assert.deepEqual(refresh.tagged("refresh-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
  });

  it("works as a role that only Lambda can take, with no managed policy", () => {
    const { assumeRolePolicy, ...others } = refresh.tagged("refresh-role-test") as {
      assumeRolePolicy: string;
    };
    assert.deepEqual(others, {});
    assert.deepEqual(statements(assumeRolePolicy), {
      Service: {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    });
    const types = refresh.resources.map(({ type }) => type);
    assert.ok(!types.includes("aws:iam/rolePolicyAttachment:RolePolicyAttachment"));
    assert.equal(
      refresh.get("refresh-policy-test").inputs.role,
      refresh.get("refresh-role-test").id,
    );
  });

  it("may do exactly what its adapters do, to its own consumers", () => {
    const { policy } = refresh.get("refresh-policy-test").inputs;
    const through = (service: string) => ({
      StringEquals: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` },
    });
    assert.deepEqual(statements(policy), {
      SeeRotations: {
        Effect: "Allow",
        Action: "secretsmanager:DescribeSecret",
        Resource: [secretArn("app"), secretArn("forward")],
      },
      SeeCutover: { Effect: "Allow", Action: "dynamodb:GetItem", Resource: TABLE.arn },
      RestartServices: {
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:UpdateService"],
        Resource: [BLUE.serviceArn, GREEN.serviceArn],
      },
      Observe: { Effect: "Allow", Action: "dms:DescribeReplicationTasks", Resource: "*" },
      RestartTasks: {
        Effect: "Allow",
        Action: [
          "dms:ListTagsForResource",
          "dms:AddTagsToResource",
          "dms:RemoveTagsFromResource",
          "dms:StopReplicationTask",
          "dms:StartReplicationTask",
        ],
        Resource: [FORWARD.taskArn],
      },
      Notify: { Effect: "Allow", Action: "sns:Publish", Resource: TOPIC },
      ReadThroughTable: {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: `${KEY}/data`,
        Condition: through("dynamodb"),
      },
      PublishThroughTopic: {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: `${KEY}/messaging`,
        Condition: through("sns"),
      },
      WriteLogs: {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${refresh.get("refresh-logs-test").state.arn}:*`,
      },
    });
  });

  it("has no permission for a kind of consumer that there is not", () => {
    const arns = { stateTableArn: "", topicArn: "", logGroupArn: "" };
    const others = { ...arns, dataKeyArn: "", messagingKeyArn: "", region: "us-east-1" };
    const sids = (consumers: Consumer[]) =>
      refreshStatements({ consumers, ...others })
        .map(({ Sid }) => Sid)
        .filter((sid) => /Restart|Observe/.test(sid));
    assert.deepEqual(sids([BLUE]), ["RestartServices"]);
    assert.deepEqual(sids([FORWARD]), ["Observe", "RestartTasks"]);
  });

  it("wakes every 15 minutes, and repeats neither a wake-up nor an invocation that failed", () => {
    const rule = refresh.get("refresh-schedule-test");
    assert.deepEqual(refresh.tagged("refresh-schedule-test"), {
      description: "Wakes the refresh of credentials",
      scheduleExpression: "rate(15 minutes)",
    });
    assert.deepEqual(refresh.get("refresh-schedule-target-test").inputs, {
      rule: rule.state.name,
      arn: refresh.get("refresh-function-test").state.arn,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    });
    assert.deepEqual(refresh.get("refresh-schedule-permission-test").inputs, {
      action: "lambda:InvokeFunction",
      function: refresh.get("refresh-function-test").state.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.state.arn,
    });
    assert.deepEqual(refresh.get("refresh-invocations-test").inputs, {
      functionName: refresh.get("refresh-function-test").state.name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
  });

  it("makes nothing else, all of it its own, and tells the function's name", () => {
    assert.deepEqual(refresh.names, [
      "refresh-function-test",
      "refresh-invocations-test",
      "refresh-logs-test",
      "refresh-policy-test",
      "refresh-role-test",
      "refresh-schedule-permission-test",
      "refresh-schedule-target-test",
      "refresh-schedule-test",
      "refresh-test",
    ]);
    const type = "payments:refresh:CredentialRefresh";
    const { urn } = refresh.get("refresh-test", type);
    for (const { name, parent } of refresh.resources)
      if (name !== "refresh-test") assert.equal(parent, urn, name);
    assert.deepEqual(refresh.outputs("refresh-test", type), {
      functionName: refresh.get("refresh-function-test").state.name,
    });
  });
});
