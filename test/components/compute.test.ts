import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ApplicationCluster } from "../../components/compute/applicationCluster";
import { ColorService } from "../../components/compute/colorService";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const IMAGE = `registry.example/payments@sha256:${"1".repeat(64)}`;
const POINTER = {
  name: "/payments/test/database/writer",
  arn: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/payments/test/database/writer`,
};

const SECRETS = ["blue", "green"].map(
  (color) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${color}-app`,
);

describe("ApplicationCluster", () => {
  it("encrypts what tasks store, and runs on Fargate alone", async () => {
    const cluster = await render(
      () =>
        new ApplicationCluster("application-cluster-test", {
          ...COMMON,
          computeKeyArn: `${KEY}/compute`,
        }),
    );
    assert.deepEqual(cluster.tagged("app-cluster-test"), {
      settings: [{ name: "containerInsights", value: "enhanced" }],
      configuration: {
        managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: `${KEY}/compute` },
      },
    });
    assert.deepEqual(cluster.get("app-capacity-test").inputs, {
      clusterName: cluster.get("app-cluster-test").state.name,
      capacityProviders: ["FARGATE"],
    });
  });
});

describe("ColorService", () => {
  let service: Rendered;
  before(async () => {
    service = await render(
      () =>
        new ColorService("green-application-test", {
          ...COMMON,
          color: "green",
          clusterArn: "arn:cluster",
          image: IMAGE,
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
        }),
    );
  });

  it("runs on Fargate without public addresses, and gives a failed deployment up", () => {
    assert.deepEqual(service.tagged("green-app-service-test"), {
      cluster: "arn:cluster",
      taskDefinition: service.get("green-app-task-test").state.arn,
      launchType: "FARGATE",
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

  it("hardens the container: no root, nothing writable, no capabilities, no secrets", () => {
    const { containerDefinitions } = service.get("green-app-task-test").inputs;
    assert.deepEqual(JSON.parse(containerDefinitions as string), [
      {
        name: "payments",
        image: IMAGE,
        essential: true,
        user: "10001:10001",
        readonlyRootFilesystem: true,
        privileged: false,
        linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
        portMappings: [{ containerPort: 8443, hostPort: 8443, protocol: "tcp" }],
        environment: [
          { name: "PAYMENTS_COLOR", value: "green" },
          { name: "PAYMENTS_ENVIRONMENT", value: "test" },
          { name: "PAYMENTS_WRITER_PARAMETER", value: POINTER.name },
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

  it("lets ECS pull this account's images and write this color's logs", () => {
    const { policy } = service.get("green-app-execution-policy-test").inputs;
    const logGroupArn = service.get("green-app-logs-test").state.arn;
    assert.deepEqual(statements(policy), {
      RegistryLogin: { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      PullImages: {
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
        Resource: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/*`,
      },
      WriteLogs: {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logGroupArn}:*`,
      },
    });
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
});
