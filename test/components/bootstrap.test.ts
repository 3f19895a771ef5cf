import assert from "node:assert/strict";
import { statementTexts } from "../../lambdas/bootstrap/handler";
import { renderBootstrap } from "../lambdas/bootstrap/component";
import { access, FORWARD, LEGACY, REVERSE } from "../lambdas/bootstrap/world";
import { KEY, type Rendered, statements } from "./support";

const INVOCATION = "aws:lambda/invocation:Invocation";

describe("DatabaseBootstrap", () => {
  let bootstrap: Rendered;
  before(async () => {
    bootstrap = await renderBootstrap();
  });

  it("runs the function with its own role, an explicit runtime, and time for a cluster to wake up", () => {
    const { code, ...inputs } = bootstrap.tagged("db-bootstrap-function-test") as { code: unknown };
    assert.ok(code);
    assert.deepEqual(inputs, {
      description: "Prepares the databases of test",
      handler: "__index.handler",
      role: bootstrap.get("db-bootstrap-role-test").state.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: 300,
      memorySize: 256,
      kmsKeyArn: `${KEY}/compute`,
      loggingConfig: {
        logFormat: "JSON",
        logGroup: bootstrap.get("db-bootstrap-logs-test").state.name,
      },
    });
  });

  it("keeps its logs encrypted, for as long as it is told", () => {
    assert.deepEqual(bootstrap.tagged("db-bootstrap-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
  });

  it("has one role, which only Lambda takes, and attaches no managed policy", () => {
    const { assumeRolePolicy, ...others } = bootstrap.tagged("db-bootstrap-role-test") as {
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
    const types = bootstrap.resources.map(({ type }) => type);
    assert.equal(types.filter((type) => type === "aws:iam/role:Role").length, 1);
    assert.ok(!types.includes("aws:iam/rolePolicyAttachment:RolePolicyAttachment"));
  });

  it("may do exactly what its adapters do, on the two clusters and their secrets", () => {
    const { role, policy } = bootstrap.get("db-bootstrap-policy-test").inputs;
    assert.equal(role, bootstrap.get("db-bootstrap-role-test").state.name);
    const [blue, green] = [access("blue"), access("green")];
    assert.deepEqual(statements(policy), {
      RunStatements: {
        Effect: "Allow",
        Action: "rds-data:ExecuteStatement",
        Resource: [blue.clusterArn, green.clusterArn],
      },
      ReadCredentials: {
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: [blue, green].flatMap(({ masterSecretArn, userSecretArns }) => [
          masterSecretArn,
          ...Object.values(userSecretArns),
        ]),
      },
      DecryptCredentials: {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: `${KEY}/secrets`,
        Condition: {
          StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
        },
      },
      WriteLogs: {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${bootstrap.get("db-bootstrap-logs-test").state.arn}:*`,
      },
    });
  });

  for (const color of ["blue", "green"] as const) {
    it(`prepares ${color}, telling it nothing but ARNs`, () => {
      const { input, triggers, ...others } = bootstrap.get(
        `${color}-db-bootstrap-test`,
        INVOCATION,
      ).inputs;
      assert.deepEqual(JSON.parse(input as string), { verb: "prepare", ...access(color) });
      assert.deepEqual(others, {
        functionName: bootstrap.get("db-bootstrap-function-test").state.name,
      });
      const { statements: hash, ...versions } = triggers as { [name: string]: string };
      assert.match(hash ?? "", /^[0-9a-f]{64}$/);
      assert.deepEqual(versions, { credentials: `${color} version` });
    });

    it(`prepares ${color} once it answers, and with the permission to`, () => {
      const needs = bootstrap.needs(`${color}-db-bootstrap-test`);
      for (const name of [`${color}-instance`, "db-bootstrap-policy-test"])
        assert.ok(needs.includes(name), `${name} is not among ${needs.join(", ")}`);
    });
  }

  it("is triggered again by whatever the statements are, and by nothing secret", () => {
    const texts = statementTexts();
    assert.equal(new Set(texts).size, texts.length);
    assert.ok(texts.every((text) => !/IDENTIFIED BY '[^']/.test(text)));
  });
});

describe("ReplicationStart", () => {
  let rendered: Rendered;
  before(async () => {
    rendered = await renderBootstrap({ firstWriter: "green", legacyTaskArn: LEGACY });
  });
  const invocation = (of: Rendered) => of.get("replication-first-start-test", INVOCATION);

  it("starts from the first writer, telling nothing but ARNs", () => {
    const { input, ...others } = invocation(rendered).inputs;
    assert.deepEqual(JSON.parse(input as string), {
      verb: "start",
      taskArn: REVERSE,
      reverseTaskArn: FORWARD,
      legacyTaskArn: LEGACY,
      source: access("green"),
      target: access("blue"),
    });
    assert.deepEqual(others, {
      functionName: rendered.get("db-bootstrap-function-test").state.name,
    });
  });

  it("names no feed where there is none, and starts the other way round for blue", async () => {
    const blue = await renderBootstrap({ firstWriter: "blue" });
    assert.deepEqual(JSON.parse(invocation(blue).inputs.input as string), {
      verb: "start",
      taskArn: FORWARD,
      reverseTaskArn: REVERSE,
      source: access("blue"),
      target: access("green"),
    });
    const { policy } = blue.get("replication-start-policy-test").inputs;
    assert.deepEqual(statements(policy).StartReplication?.Resource, [FORWARD]);
  });

  it("happens once: who is live later is not who was first", () => {
    assert.deepEqual(invocation(rendered).options.ignoreChanges, ["input"]);
    assert.equal(invocation(rendered).inputs.triggers, undefined);
  });

  it("waits for both preparations, for its permission, and for what it is told to", () => {
    const needs = rendered.needs("replication-first-start-test");
    for (const name of [
      "blue-db-bootstrap-test",
      "green-db-bootstrap-test",
      "replication-start-policy-test",
      "rotation",
    ])
      assert.ok(needs.includes(name), `${name} is not among ${needs.join(", ")}`);
  });

  it("may start the tasks that it starts, and no other", () => {
    const { role, policy } = rendered.get("replication-start-policy-test").inputs;
    assert.equal(role, rendered.get("db-bootstrap-role-test").state.name);
    assert.deepEqual(statements(policy), {
      StartReplication: {
        Effect: "Allow",
        Action: "dms:StartReplicationTask",
        Resource: [REVERSE, LEGACY],
      },
      Observe: { Effect: "Allow", Action: "dms:DescribeReplicationTasks", Resource: "*" },
    });
  });
});
