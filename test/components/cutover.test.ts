import assert from "node:assert/strict";
import { CutoverController, type CutoverControllerArgs } from "../../components/cutover/controller";
import { CutoverMemory } from "../../components/cutover/memory";
import { type Plan, VARIABLES } from "../../lambdas/cutover/contract";
import { readVariables } from "../../lambdas/cutover/variables";
import { LIMITS } from "../support/facts";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const PLAN: Plan = {
  steps: [{ weightPercent: 100, bakeMinutes: 5 }],
  limits: LIMITS,
};
const RULE = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/alb/1/2/3";
const TABLE = { name: "state-table", arn: "arn:aws:dynamodb:us-east-1:111122223333:table/state" };

describe("CutoverMemory", () => {
  let memory: Rendered;
  before(async () => {
    memory = await render(
      () =>
        new CutoverMemory("cutover-memory-test", {
          ...COMMON,
          dataKeyArn: `${KEY}/data`,
          firstWriter: { color: "blue", endpoint: "blue.example", secretArn: "arn:blue-app" },
          deletionProtection: true,
        }),
    );
  });

  it("keeps the state in an encrypted table that can be restored and not be deleted", () => {
    assert.deepEqual(memory.tagged("cutover-state-test"), {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: `${KEY}/data` },
      deletionProtectionEnabled: true,
    });
    assert.equal(memory.get("cutover-state-test").options.protect, true);
  });

  it("names the first writer, and leaves the pointer to the switchover afterwards", () => {
    const { insecureValue, ...inputs } = memory.tagged("writer-pointer-test") as {
      insecureValue: string;
    };
    assert.deepEqual(JSON.parse(insecureValue), {
      color: "blue",
      endpoint: "blue.example",
      secretArn: "arn:blue-app",
    });
    assert.deepEqual(inputs, {
      name: "/payments/test/database/writer",
      description: "The one database that takes writes. Changed by a switchover only.",
      type: "String",
    });
    const { protect, ignoreChanges } = memory.get("writer-pointer-test").options;
    assert.equal(protect, true);
    assert.deepEqual(ignoreChanges, ["insecureValue", "value"]);
  });
});

function renderController(more: Partial<CutoverControllerArgs> = {}): Promise<Rendered> {
  return render(
    () =>
      new CutoverController("cutover-test", {
        ...COMMON,
        live: "blue",
        plan: PLAN,
        tickSeconds: 10,
        weightsRuleArn: RULE,
        loadBalancer: "app/alb/1",
        targetGroupArns: { blue: "arn:x:targetgroup/blue/1", green: "arn:x:targetgroup/green/2" },
        serviceArns: { blue: "arn:x:service/c/blue", green: "arn:x:service/c/green" },
        alarmNames: {
          blue: { red: "blue-red", late: "blue-late" },
          green: { red: "green-red", late: "green-late" },
        },
        switchoverFunctionArn: "arn:x:function:switchover",
        stateTable: TABLE,
        keyArns: {
          data: `${KEY}/data`,
          messaging: `${KEY}/messaging`,
          logs: `${KEY}/logs`,
          compute: `${KEY}/compute`,
        },
        accountId: ACCOUNT,
        region: "us-east-1",
        logRetentionDays: 400,
        ...more,
      }),
  );
}

/** What Lambda tells a function of itself. */
const ITSELF = { AWS_LAMBDA_FUNCTION_NAME: "cutover-function-test-0a1b2c3" };

describe("CutoverController", () => {
  let controller: Rendered;
  before(async () => {
    controller = await renderController();
  });

  it("runs the function with its own role, an explicit runtime, and encrypted variables", () => {
    const { code, environment, ...inputs } = controller.tagged("cutover-function-test") as {
      code: unknown;
      environment: { variables: { [name: string]: string } };
    };
    assert.ok(code);
    assert.deepEqual(inputs, {
      description: "Moves payments between blue and green in test",
      handler: "__index.handler",
      role: controller.get("cutover-role-test").state.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: 60,
      memorySize: 256,
      kmsKeyArn: `${KEY}/compute`,
      loggingConfig: {
        logFormat: "JSON",
        logGroup: controller.get("cutover-logs-test").state.name,
      },
    });
    assert.deepEqual(Object.keys(environment.variables).sort(), [...VARIABLES].sort());
  });

  it("is given variables that the handler understands", () => {
    const { environment } = controller.get("cutover-function-test").inputs as {
      environment: { variables: { [name: string]: string } };
    };
    assert.deepEqual(readVariables({ ...environment.variables, ...ITSELF }), {
      environment: "test",
      initialLive: "blue",
      plan: PLAN,
      tickSeconds: 10,
      stateTable: TABLE.name,
      topicArn: controller.get("cutover-topic-test").state.arn,
      ruleArn: RULE,
      loadBalancerDimension: "app/alb/1",
      targetGroupArns: { blue: "arn:x:targetgroup/blue/1", green: "arn:x:targetgroup/green/2" },
      alarmNames: { blue: ["blue-red", "blue-late"], green: ["green-red", "green-late"] },
      switchoverFunctionArn: "arn:x:function:switchover",
      functionName: ITSELF.AWS_LAMBDA_FUNCTION_NAME,
    });
  });

  it("attaches no managed policy: the function's default ones allow nearly everything", () => {
    const types = controller.resources.map(({ type }) => type);
    assert.ok(!types.includes("aws:iam/rolePolicyAttachment:RolePolicyAttachment"));
    assert.equal(types.filter((type) => type === "aws:iam/role:Role").length, 1);
  });

  it("may do exactly what its adapters do, on its own resources where AWS can tell them apart", () => {
    const { policy } = controller.get("cutover-policy-test").inputs;
    assert.deepEqual(statements(policy), {
      MovePayments: {
        Effect: "Allow",
        Action: "elasticloadbalancing:ModifyRule",
        Resource: RULE,
      },
      Observe: {
        Effect: "Allow",
        Action: [
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeTargetHealth",
          "cloudwatch:DescribeAlarms",
          "cloudwatch:GetMetricData",
        ],
        Resource: "*",
      },
      SeeRelease: {
        Effect: "Allow",
        Action: "cloudformation:DescribeStacks",
        Resource: `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/release-gate-test-*/*`,
      },
      SeeServices: {
        Effect: "Allow",
        Action: "ecs:DescribeServices",
        Resource: ["arn:x:service/c/blue", "arn:x:service/c/green"],
      },
      Remember: {
        Effect: "Allow",
        Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
        Resource: TABLE.arn,
      },
      AskForSwitchover: {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: "arn:x:function:switchover",
      },
      WakeAnother: {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: "arn:aws:lambda:us-east-1:111122223333:function:cutover-function-test-*",
      },
      Notify: {
        Effect: "Allow",
        Action: "sns:Publish",
        Resource: controller.get("cutover-topic-test").state.arn,
      },
      UseKeysThroughServices: {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [`${KEY}/data`, `${KEY}/messaging`],
        Condition: {
          StringEquals: {
            "kms:ViaService": ["dynamodb.us-east-1.amazonaws.com", "sns.us-east-1.amazonaws.com"],
          },
        },
      },
      WriteLogs: {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${controller.get("cutover-logs-test").state.arn}:*`,
      },
    });
  });

  it("wakes once a minute, and does not repeat a wake-up that failed", () => {
    const rule = controller.get("cutover-schedule-test");
    assert.equal(rule.inputs.scheduleExpression, "rate(1 minute)");
    assert.deepEqual(controller.get("cutover-schedule-target-test").inputs, {
      rule: rule.state.name,
      arn: controller.get("cutover-function-test").state.arn,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    });
    assert.deepEqual(controller.get("cutover-schedule-permission-test").inputs, {
      action: "lambda:InvokeFunction",
      function: controller.get("cutover-function-test").state.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.state.arn,
    });
  });

  it("is called by this environment's alarms, and by no others", () => {
    const admitted = controller.resources
      .filter(({ inputs }) => inputs.principal === "lambda.alarms.cloudwatch.amazonaws.com")
      .map(({ inputs }) => [inputs.sourceAccount, inputs.sourceArn]);
    assert.deepEqual(
      admitted,
      ["blue-red", "blue-late", "green-red", "green-late"].map((name) => [
        ACCOUNT,
        `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:${name}`,
      ]),
    );
  });

  it("tells people through an encrypted topic that takes alarms of this account, over TLS", () => {
    assert.deepEqual(controller.tagged("cutover-topic-test"), {
      kmsMasterKeyId: `${KEY}/messaging`,
    });
    const topicArn = controller.get("cutover-topic-test").state.arn;
    const { arn, policy } = controller.get("cutover-topic-policy-test").inputs;
    assert.equal(arn, topicArn);
    assert.deepEqual(statements(policy), {
      Services: {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
      TlsOnly: {
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    });
  });
});

describe("CutoverController, beside an on-premises endpoint", () => {
  let controller: Rendered;
  before(async () => {
    const dns = { zoneId: "Z0123456789ABC", recordName: "Pay.Example.com." };
    controller = await renderController({ dns });
  });

  it("is given the zone and the name of the records", () => {
    const { environment } = controller.get("cutover-function-test").inputs as {
      environment: { variables: { [name: string]: string } };
    };
    const dns = { zoneId: "Z0123456789ABC", recordName: "Pay.Example.com." };
    assert.deepEqual(readVariables({ ...environment.variables, ...ITSELF }).dns, dns);
  });

  it("may change the A records of that name in that zone, and delete none", () => {
    const { policy } = controller.get("cutover-policy-test").inputs;
    const { SeeClients, MoveClients } = statements(policy);
    const Resource = "arn:aws:route53:::hostedzone/Z0123456789ABC";
    assert.deepEqual(
      { SeeClients, MoveClients },
      {
        SeeClients: { Effect: "Allow", Action: "route53:ListResourceRecordSets", Resource },
        MoveClients: {
          Effect: "Allow",
          Action: "route53:ChangeResourceRecordSets",
          Resource,
          Condition: {
            "ForAllValues:StringEquals": {
              "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["pay.example.com"],
              "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
              "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
            },
          },
        },
      },
    );
  });
});
