import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  ApplicationCluster,
  type ApplicationClusterArgs,
} from "../../components/compute/applicationCluster";
import { ColorService, type ColorServiceArgs } from "../../components/compute/colorService";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const IMAGE = `999988887777.dkr.ecr.us-west-2.amazonaws.com/team/payments@sha256:${"1".repeat(64)}`;
const CLUSTER = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/app-cluster-test-0a1b2c3`;
const POINTER = {
  name: "/payments/test/database/writer",
  arn: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/payments/test/database/writer`,
};

const SECRETS = ["blue", "green"].map(
  (color) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${color}-app`,
);

function renderCluster(changes: Partial<ApplicationClusterArgs> = {}) {
  return render(
    () =>
      new ApplicationCluster("application-cluster-test", {
        ...COMMON,
        computeKeyArn: `${KEY}/compute`,
        ...changes,
      }),
  );
}

describe("ApplicationCluster", () => {
  it("encrypts what tasks store, and runs on Fargate alone", async () => {
    const cluster = await renderCluster();
    assert.deepEqual(cluster.tagged("app-cluster-test"), {
      settings: [{ name: "containerInsights", value: "enhanced" }],
      configuration: {
        managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: `${KEY}/compute` },
      },
    });
    assert.deepEqual(cluster.get("app-capacity-test").inputs, {
      clusterName: cluster.get("app-cluster-test").state.name,
      capacityProviders: ["FARGATE"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
    });
  });

  it("offers what AWS may take away only when asked to, and never as the default", async () => {
    const { inputs } = (await renderCluster({ capacity: "spot" })).get("app-capacity-test");
    assert.deepEqual(inputs.capacityProviders, ["FARGATE", "FARGATE_SPOT"]);
    assert.deepEqual(inputs.defaultCapacityProviderStrategies, [
      { capacityProvider: "FARGATE", weight: 1 },
    ]);
    const plain = (await renderCluster({ capacity: "on-demand" })).get("app-capacity-test");
    assert.deepEqual(plain.inputs.capacityProviders, ["FARGATE"]);
  });

  it("makes services wait until they can run in it", async () => {
    const rendered = await render(() => {
      const cluster = new ApplicationCluster("application-cluster-test", {
        ...COMMON,
        computeKeyArn: `${KEY}/compute`,
      });
      return new ColorService("green-application-test", {
        ...serviceArgs(),
        clusterArn: cluster.arn,
      });
    });
    const { inputs } = rendered.get("green-app-service-test");
    assert.equal(inputs.cluster, rendered.get("app-cluster-test").state.arn);
    assert.ok(rendered.needs("green-app-service-test").includes("app-capacity-test"));
  });
});

function serviceArgs(): ColorServiceArgs {
  return {
    ...COMMON,
    color: "green",
    clusterArn: CLUSTER,
    // As the image of a build comes.
    image: pulumi.output(IMAGE),
    port: 8443,
    cpu: 1024,
    memory: 2048,
    taskCount: 3,
    subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
    securityGroupId: "sg-app",
    targetGroupArn: "arn:tg",
    targetGroupUser: new aws.lb.ListenerRule("rule-test", {
      listenerArn: "arn:listener",
      actions: [],
      conditions: [],
    }),
    writerPointer: POINTER,
    databaseSecretArns: SECRETS,
    secretsKeyArn: `${KEY}/secrets`,
    accountId: ACCOUNT,
    region: "us-east-1",
    logsKeyArn: `${KEY}/logs`,
    logRetentionDays: 400,
  };
}

function renderService(changes: Partial<ColorServiceArgs> = {}) {
  return render(() => new ColorService("green-application-test", { ...serviceArgs(), ...changes }));
}

describe("ColorService", () => {
  let service: Rendered;
  before(async () => {
    service = await renderService();
  });

  it("runs on Fargate without public addresses, and gives a failed deployment up", () => {
    assert.deepEqual(service.tagged("green-app-service-test"), {
      cluster: CLUSTER,
      taskDefinition: service.get("green-app-task-test").state.arn,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
      platformVersion: "1.4.0",
      desiredCount: 3,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      availabilityZoneRebalancing: "ENABLED",
      healthCheckGracePeriodSeconds: 60,
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      networkConfiguration: {
        subnets: ["subnet-1", "subnet-2", "subnet-3"],
        securityGroups: ["sg-app"],
        assignPublicIp: false,
      },
      loadBalancers: [{ targetGroupArn: "arn:tg", containerName: "payments", containerPort: 8443 }],
    });
  });

  it("runs on what AWS may take away when told to", async () => {
    const { inputs } = (await renderService({ capacity: "spot" })).get("green-app-service-test");
    assert.deepEqual(inputs.capacityProviderStrategies, [
      { capacityProvider: "FARGATE_SPOT", weight: 1 },
    ]);
    assert.equal(inputs.launchType, undefined);
  });

  it("waits until the load balancer uses its target group", () => {
    const needs = service.needs("green-app-service-test");
    assert.ok(needs.includes("rule-test"), needs.join());
  });

  it("runs tasks of the size asked for, with two roles", () => {
    const { containerDefinitions: _, ...task } = service.tagged("green-app-task-test") as {
      containerDefinitions: string;
    };
    assert.deepEqual(task, {
      family: "payments-test-green",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "1024",
      memory: "2048",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      executionRoleArn: service.get("green-app-execution-role-test").state.arn,
      taskRoleArn: service.get("green-app-task-role-test").state.arn,
    });
  });

  it("hardens the container: no root, nothing to write to but memory, no capabilities, no secrets", () => {
    const { containerDefinitions } = service.get("green-app-task-test").inputs;
    assert.deepEqual(JSON.parse(containerDefinitions as string), [
      {
        name: "payments",
        image: IMAGE,
        essential: true,
        user: "10001:10001",
        readonlyRootFilesystem: true,
        privileged: false,
        linuxParameters: {
          capabilities: { drop: ["ALL"] },
          initProcessEnabled: true,
          tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["nodev", "noexec", "nosuid"] }],
        },
        portMappings: [{ containerPort: 8443, hostPort: 8443, protocol: "tcp" }],
        environment: [
          { name: "PAYMENTS_COLOR", value: "green" },
          { name: "PAYMENTS_ENVIRONMENT", value: "test" },
          { name: "PAYMENTS_WRITER_PARAMETER", value: POINTER.name },
          { name: "AWS_REGION", value: "us-east-1" },
        ],
        stopTimeout: 60,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": service.get("green-app-logs-test").state.name,
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "green",
            mode: "non-blocking",
            "max-buffer-size": "25m",
          },
        },
      },
    ]);
  });

  it("logs to an encrypted group", () => {
    assert.deepEqual(service.tagged("green-app-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
  });

  it("lets the application read the writer pointer and its own credentials, and nothing else", () => {
    const { role, policy } = service.get("green-app-task-policy-test").inputs;
    assert.equal(role, service.get("green-app-task-role-test").id);
    assert.deepEqual(statements(policy), {
      FindTheWriter: { Effect: "Allow", Action: "ssm:GetParameter", Resource: POINTER.arn },
      ReadDatabaseCredentials: {
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: SECRETS,
      },
      DecryptDatabaseCredentials: {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: `${KEY}/secrets`,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    });
  });

  it("lets ECS pull this image's repository and write this color's logs", () => {
    const { policy } = service.get("green-app-execution-policy-test").inputs;
    assert.deepEqual(statements(policy), {
      RegistryLogin: { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      PullImage: {
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
        Resource: "arn:aws:ecr:us-west-2:999988887777:repository/team/payments",
      },
      WriteLogs: writeLogs(service),
    });
  });

  it("lets ECS pull nothing where the image is public", async () => {
    for (const image of ["docker.io/library/echo:37", "public.ecr.aws/team/payments@sha256:1"]) {
      const rendered = await renderService({ image });
      const { policy } = rendered.get("green-app-execution-policy-test").inputs;
      assert.deepEqual(statements(policy), { WriteLogs: writeLogs(rendered) }, image);
    }
  });

  it("lets only ECS take the roles, for this account", () => {
    for (const kind of ["execution", "task"]) {
      const { assumeRolePolicy } = service.get(`green-app-${kind}-role-test`).inputs;
      assert.deepEqual(statements(assumeRolePolicy), {
        Service: {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
        },
      });
    }
  });

  it("has no task but its own unless the image brings migrations", () => {
    assert.deepEqual(service.names, [
      "green-app-execution-policy-test",
      "green-app-execution-role-test",
      "green-app-logs-test",
      "green-app-service-test",
      "green-app-task-policy-test",
      "green-app-task-role-test",
      "green-app-task-test",
      "green-application-test",
      "rule-test",
    ]);
    assert.deepEqual(service.outputs("green-application-test", "payments:compute:ColorService"), {
      serviceArn: service.get("green-app-service-test").state.arn,
    });
  });

  it("refuses a size that Fargate does not have, before AWS does", async () => {
    await assert.rejects(
      renderService({ memory: 1024 }),
      /service green-application-test: got 1024 MiB with 1024 CPU units, allowed: 2048 to 8192/,
    );
  });

  it("refuses migrations that would run the application", async () => {
    await assert.rejects(
      renderService({ migrations: { command: [], databaseSecretArns: SECRETS } }),
      /service green-application-test: got migrations without a command/,
    );
  });
});

describe("ColorService with migrations", () => {
  const ADMINISTRATORS = SECRETS.map((arn) => arn.replace("-app", "-administrator"));
  let service: Rendered;
  before(async () => {
    service = await renderService({
      migrations: { command: ["node", "migrate.js"], databaseSecretArns: ADMINISTRATORS },
    });
  });

  it("has a second task of the same size and image, as a role of its own", () => {
    const { containerDefinitions, ...task } = service.tagged("green-migration-task-test") as {
      containerDefinitions: string;
    };
    assert.deepEqual(task, {
      family: "payments-test-green-migrations",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "1024",
      memory: "2048",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      executionRoleArn: service.get("green-app-execution-role-test").state.arn,
      taskRoleArn: service.get("green-migration-task-role-test").state.arn,
    });
    const [application] = containers(service, "green-app-task-test");
    const { portMappings: _, logConfiguration, ...same } = application ?? {};
    const { options, ...driver } = logConfiguration as { options: object };
    assert.deepEqual(JSON.parse(containerDefinitions), [
      {
        ...same,
        command: ["node", "migrate.js"],
        logConfiguration: {
          ...driver,
          options: { ...options, "awslogs-stream-prefix": "green-migrations" },
        },
      },
    ]);
  });

  it("lets the migrations log in as who may change tables, and the application not", () => {
    const secretsOf = (kind: string) => {
      const { role, policy } = service.get(`green-${kind}-task-policy-test`).inputs;
      assert.equal(role, service.get(`green-${kind}-task-role-test`).id);
      return statements(policy).ReadDatabaseCredentials?.Resource;
    };
    assert.deepEqual(secretsOf("migration"), ADMINISTRATORS);
    assert.deepEqual(secretsOf("app"), SECRETS);
    const sids = (kind: string) =>
      Object.keys(statements(service.get(`green-${kind}-task-policy-test`).inputs.policy));
    assert.deepEqual(sids("migration"), sids("app"));
    const trust = (kind: string) =>
      service.get(`green-${kind}-task-role-test`).inputs.assumeRolePolicy;
    assert.equal(trust("migration"), trust("app"));
  });

  it("is run by hand: no service runs it, and its ARN is an output", () => {
    const { arn } = service.get("green-migration-task-test").state;
    const services = service.resources.filter(({ type }) => type === "aws:ecs/service:Service");
    assert.deepEqual(
      services.map(({ inputs }) => inputs.taskDefinition),
      [service.get("green-app-task-test").state.arn],
    );
    assert.deepEqual(service.outputs("green-application-test", "payments:compute:ColorService"), {
      serviceArn: service.get("green-app-service-test").state.arn,
      migrationTaskArn: arn,
    });
  });
});

function containers(rendered: Rendered, task: string) {
  const { containerDefinitions } = rendered.get(task).inputs;
  return JSON.parse(containerDefinitions as string) as { [field: string]: unknown }[];
}

function writeLogs(rendered: Rendered) {
  return {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${rendered.get("green-app-logs-test").state.arn}:*`,
  };
}
