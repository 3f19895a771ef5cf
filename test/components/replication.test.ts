import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rdsCertificates } from "../../components/replication/certificate";
import { Replication, type ReplicationArgs } from "../../components/replication/replication";
import { legacyTableMappings, tableMappings } from "../../components/replication/tableMappings";
import { TASK_SETTINGS } from "../../components/replication/taskSettings";
import { secretValue } from "../support/program";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const secretArn = (name: string) =>
  `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-AbCdEf`;
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const LEGACY = {
  database: "old_payments",
  secretArn: secretArn("legacy"),
  targetSecretArn: secretArn("blue-target"),
  caCertificatePem: PEM,
};

function renderReplication(changes: Partial<ReplicationArgs> = {}) {
  const cluster = (color: string) => ({
    sourceSecretArn: secretArn(`${color}-source`),
    targetSecretArn: secretArn(`${color}-target`),
  });
  return render(
    () =>
      new Replication("replication-test", {
        ...COMMON,
        clusters: { blue: cluster("blue"), green: cluster("green") },
        firstWriter: "blue",
        subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
        securityGroupId: "sg-replication",
        keyArns: { data: `${KEY}/data`, secrets: `${KEY}/secrets`, logs: `${KEY}/logs` },
        alertsTopicArn: "arn:alerts",
        accountId: ACCOUNT,
        region: "us-east-1",
        instance: { class: "dms.r6i.large", engineVersion: "3.6.1", multiAz: true },
        accountRoles: "create",
        deletionProtection: true,
        logRetentionDays: 400,
        ...changes,
      }),
  );
}

const TASKS = ["blue-replication-task-test", "green-replication-task-test"];

describe("Replication", () => {
  let replication: Rendered;
  before(async () => {
    replication = await renderReplication();
  });

  it("runs on an encrypted instance over two zones, which nothing upgrades by surprise", () => {
    assert.deepEqual(replication.tagged("replication-instance-test"), {
      replicationInstanceId: "payments-test",
      replicationInstanceClass: "dms.r6i.large",
      engineVersion: "3.6.1",
      multiAz: true,
      allocatedStorage: 100,
      publiclyAccessible: false,
      replicationSubnetGroupId: replication.get("replication-subnets-test").id,
      vpcSecurityGroupIds: ["sg-replication"],
      kmsKeyArn: `${KEY}/data`,
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: false,
      applyImmediately: false,
      preferredMaintenanceWindow: "sun:03:00-sun:04:00",
    });
    assert.equal(replication.get("replication-instance-test").options.protect, true);
    assert.deepEqual(replication.tagged("replication-subnets-test"), {
      replicationSubnetGroupId: "payments-test",
      replicationSubnetGroupDescription: "payments test",
      subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
    });
  });

  it("writes into an encrypted log group that is there before the instance", () => {
    assert.deepEqual(replication.tagged("replication-logs-test"), {
      name: "dms-tasks-payments-test",
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
    assert.ok(replication.needs("replication-instance-test").includes("replication-logs-test"));
  });

  it("makes the account's roles by their exact names, and leaves them behind", () => {
    for (const [name, policy] of [
      ["dms-vpc-role", "AmazonDMSVPCManagementRole"],
      ["dms-cloudwatch-logs-role", "AmazonDMSCloudWatchLogsRole"],
    ]) {
      const { name: physical, assumeRolePolicy } = replication.tagged(`${name}-test`) as {
        [key: string]: unknown;
      };
      assert.equal(physical, name);
      assert.deepEqual(statements(assumeRolePolicy).Service, {
        Effect: "Allow",
        Principal: { Service: "dms.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      });
      assert.deepEqual(replication.get(`${name}-policy-test`).inputs, {
        role: name,
        policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
      });
      for (const resource of [`${name}-test`, `${name}-policy-test`])
        assert.equal(replication.get(resource).options.retainOnDelete, true, resource);
    }
    assert.ok(replication.needs("replication-subnets-test").includes("dms-vpc-role-policy-test"));
  });

  it("uses the account's roles where they exist", async () => {
    const { names } = await renderReplication({ accountRoles: "existing" });
    assert.deepEqual(
      names.filter((name) => name.startsWith("dms-")),
      [],
    );
  });

  it("reads and writes each cluster with its own credentials, over verified TLS", () => {
    const role = replication.get("replication-secrets-role-test").state.arn;
    const { certificateArn } = replication.get("rds-certificate-test").state;
    for (const color of ["blue", "green"])
      for (const kind of ["source", "target"]) {
        const { mysqlSettings, ...inputs } = replication.tagged(`${color}-${kind}-test`) as {
          [key: string]: unknown;
        };
        assert.deepEqual(inputs, {
          endpointId: `payments-test-${color}-${kind}`,
          endpointType: kind,
          engineName: "aurora",
          secretsManagerArn: secretArn(`${color}-${kind}`),
          secretsManagerAccessRoleArn: role,
          sslMode: "verify-full",
          certificateArn,
          kmsKeyArn: `${KEY}/data`,
        });
        assert.deepEqual(
          mysqlSettings,
          kind === "source"
            ? { eventsPollInterval: 1 }
            : {
                afterConnectScript: "SET FOREIGN_KEY_CHECKS=0",
                targetDbType: "multiple-databases",
                parallelLoadThreads: 1,
                maxFileSize: 32_768,
              },
        );
        const needs = replication.needs(`${color}-${kind}-test`);
        assert.ok(needs.includes("replication-secrets-policy-test"));
      }
  });

  it("lets AWS DMS read these credentials and nothing else", () => {
    const { assumeRolePolicy } = replication.tagged("replication-secrets-role-test") as {
      assumeRolePolicy: string;
    };
    assert.deepEqual(statements(assumeRolePolicy).Service?.Principal, {
      Service: "dms.us-east-1.amazonaws.com",
    });
    const { policy } = replication.get("replication-secrets-policy-test").inputs;
    assert.deepEqual(statements(policy), {
      ReadCredentials: {
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: ["blue-source", "blue-target", "green-source", "green-target"].map(secretArn),
      },
      DecryptCredentials: {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: `${KEY}/secrets`,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    });
  });

  it("has a task in each direction; the first writer's loads everything", () => {
    const arn = (name: string) => replication.get(`${name}-test`).state.endpointArn;
    const common = {
      replicationInstanceArn: replication.get("replication-instance-test").state
        .replicationInstanceArn,
      replicationTaskSettings: JSON.stringify(TASK_SETTINGS),
      tableMappings: tableMappings(),
    };
    assert.deepEqual(replication.tagged("blue-replication-task-test"), {
      ...common,
      replicationTaskId: "payments-test-blue-to-green",
      migrationType: "full-load-and-cdc",
      sourceEndpointArn: arn("blue-source"),
      targetEndpointArn: arn("green-target"),
    });
    assert.deepEqual(replication.tagged("green-replication-task-test"), {
      ...common,
      replicationTaskId: "payments-test-green-to-blue",
      migrationType: "cdc",
      sourceEndpointArn: arn("green-source"),
      targetEndpointArn: arn("blue-target"),
    });
  });

  it("loads everything from green where green writes first", async () => {
    const other = await renderReplication({ firstWriter: "green" });
    assert.deepEqual(
      TASKS.map((name) => other.get(name).inputs.migrationType),
      ["cdc", "full-load-and-cdc"],
    );
  });

  it("leaves running and positions to the controller, and protects the tasks", () => {
    for (const name of TASKS) {
      const { ignoreChanges, protect } = replication.get(name).options;
      assert.deepEqual(ignoreChanges, [
        "migrationType",
        "cdcStartPosition",
        "cdcStartTime",
        "startReplicationTask",
      ]);
      assert.equal(protect, true);
    }
  });

  it("tells people of failures and of changes that nobody expected", () => {
    const subscription = (kind: string) => replication.tagged(`replication-${kind}-events-test`);
    assert.deepEqual(subscription("instance"), {
      name: "payments-test-replication-instance",
      snsTopicArn: "arn:alerts",
      sourceType: "replication-instance",
      sourceIds: ["payments-test"],
      eventCategories: [
        "configuration change",
        "deletion",
        "failover",
        "failure",
        "low storage",
        "maintenance",
      ],
    });
    assert.deepEqual(subscription("task"), {
      name: "payments-test-replication-task",
      snsTopicArn: "arn:alerts",
      sourceType: "replication-task",
      sourceIds: ["payments-test-blue-to-green", "payments-test-green-to-blue"],
      eventCategories: ["configuration change", "deletion", "failure", "state change"],
    });
  });

  it("names tasks by the color that they read from, with the id that CloudWatch knows", () => {
    const { instanceId, tasks } = replication.outputs(
      "replication-test",
      "payments:replication:Replication",
    ) as { instanceId: string; tasks: { [color: string]: { arn: string; id: string } } };
    assert.equal(instanceId, "payments-test");
    for (const color of ["blue", "green"]) {
      const { replicationTaskArn } = replication.get(`${color}-replication-task-test`).state;
      const { arn, id } = tasks[color] ?? {};
      assert.equal(arn, replicationTaskArn);
      assert.equal(
        String(replicationTaskArn),
        `arn:aws:dms:us-east-1:${accountOf(arn)}:task:${id}`,
      );
    }
  });

  it("can be removed in development", async () => {
    const { resources } = await renderReplication({ deletionProtection: false });
    assert.deepEqual(
      resources.filter(({ options }) => options.protect),
      [],
    );
  });
});

function accountOf(arn = ""): string {
  return arn.split(":")[4] ?? "";
}

describe("Replication from an on-premises database", () => {
  let replication: Rendered;
  before(async () => {
    replication = await renderReplication({ legacy: LEGACY });
  });

  it("reads it over TLS, verified by the authority that it names", () => {
    const { certificateId, certificatePem } = replication.get("legacy-certificate-test").inputs;
    assert.deepEqual([certificateId, secretValue(certificatePem)], ["payments-test-legacy", PEM]);
    const { secretsManagerAccessRoleArn, certificateArn, ...inputs } = replication.tagged(
      "legacy-source-test",
    ) as { [key: string]: unknown };
    assert.deepEqual(inputs, {
      endpointId: "payments-test-legacy-source",
      endpointType: "source",
      engineName: "mysql",
      mysqlSettings: { eventsPollInterval: 1 },
      secretsManagerArn: LEGACY.secretArn,
      sslMode: "verify-full",
      kmsKeyArn: `${KEY}/data`,
    });
    assert.equal(certificateArn, replication.get("legacy-certificate-test").state.certificateArn);
    assert.equal(
      secretsManagerAccessRoleArn,
      replication.get("replication-secrets-role-test").state.arn,
    );
  });

  it("decrypts its credentials whatever key they have, and only these", () => {
    const { policy } = replication.get("replication-secrets-policy-test").inputs;
    assert.deepEqual(statements(policy).DecryptLegacyCredentials, {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/*`,
      Condition: {
        StringEquals: {
          "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
          "kms:EncryptionContext:SecretARN": LEGACY.secretArn,
        },
      },
    });
    const { Resource } = statements(policy).ReadCredentials ?? {};
    assert.ok((Resource as string[]).includes(LEGACY.secretArn));
  });

  it("feeds the first writer, and goes on doing so", () => {
    const { inputs, options } = replication.get("legacy-replication-task-test");
    assert.equal(inputs.replicationTaskId, "payments-test-legacy");
    assert.equal(inputs.migrationType, "full-load-and-cdc");
    assert.equal(inputs.targetEndpointArn, replication.get("blue-target-test").state.endpointArn);
    assert.equal(inputs.tableMappings, legacyTableMappings("old_payments"));
    assert.ok(options.ignoreChanges.includes("targetEndpointArn"));
    const { sourceIds } = replication.get("replication-task-events-test").inputs;
    assert.ok((sourceIds as string[]).includes("payments-test-legacy"));
  });
});

describe("the settings of a task", () => {
  it("stop at whatever cannot be applied: nothing is skipped", () => {
    const policies = Object.entries(TASK_SETTINGS.ErrorBehavior).filter(([name]) =>
      name.endsWith("Policy"),
    );
    assert.equal(policies.length, 10);
    for (const [name, policy] of policies) assert.equal(policy, "STOP_TASK", name);
    const { FailOnNoTablesCaptured, ApplyErrorFailOnTruncationDdl, RecoverableErrorCount } =
      TASK_SETTINGS.ErrorBehavior;
    assert.deepEqual(
      [FailOnNoTablesCaptured, ApplyErrorFailOnTruncationDdl, RecoverableErrorCount],
      [true, true, -1],
    );
  });

  it("apply transactions in order, one by one, and keep their place in the target", () => {
    const { BatchApplyEnabled, ParallelApplyThreads, TaskRecoveryTableEnabled } =
      TASK_SETTINGS.TargetMetadata;
    assert.deepEqual(
      [BatchApplyEnabled, ParallelApplyThreads, TaskRecoveryTableEnabled],
      [false, 0, true],
    );
    assert.equal(TASK_SETTINGS.ChangeProcessingTuning.CommitTimeout, 1);
  });

  it("cut no value and touch no schema", () => {
    const { SupportLobs, LimitedSizeLobMode, FullLobMode } = TASK_SETTINGS.TargetMetadata;
    assert.deepEqual([SupportLobs, LimitedSizeLobMode, FullLobMode], [true, true, false]);
    assert.equal(TASK_SETTINGS.FullLoadSettings.TargetTablePrepMode, "DO_NOTHING");
    for (const handled of Object.values(TASK_SETTINGS.ChangeProcessingDdlHandlingPolicy))
      assert.equal(handled, false);
  });

  it("compare the rows of both sides, and log how it goes but no row", () => {
    assert.deepEqual(TASK_SETTINGS.ValidationSettings, {
      EnableValidation: true,
      ValidationMode: "ROW_LEVEL",
      FailureMaxCount: 100,
    });
    const { EnableLogging, LogComponents } = TASK_SETTINGS.Logging;
    assert.equal(EnableLogging, true);
    assert.deepEqual(
      LogComponents.map(({ Id }) => Id),
      ["SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY"],
    );
    for (const { Severity } of LogComponents) assert.equal(Severity, "LOGGER_SEVERITY_DEFAULT");
    assert.doesNotMatch(JSON.stringify(TASK_SETTINGS), /DEBUG|Loopback/);
  });
});

describe("the table mappings", () => {
  const rules = (text: string) =>
    (JSON.parse(text) as { rules: { [key: string]: unknown }[] }).rules;

  it("name the payments and the markers, and no schema by a wildcard", () => {
    assert.deepEqual(
      rules(tableMappings()).map((rule) => [rule["rule-action"], rule["object-locator"]]),
      [
        ["include", { "schema-name": "payments", "table-name": "%" }],
        ["include", { "schema-name": "cutover", "table-name": "marker" }],
      ],
    );
  });

  it("bring an on-premises schema under our name", () => {
    const [selection, rename] = rules(legacyTableMappings("old_payments"));
    assert.deepEqual(selection?.["object-locator"], {
      "schema-name": "old_payments",
      "table-name": "%",
    });
    assert.deepEqual(
      [rename?.["rule-action"], rename?.["rule-target"], rename?.value],
      ["rename", "schema", "payments"],
    );
    assert.equal(rules(legacyTableMappings("payments")).length, 1);
  });
});

describe("the certificates of Amazon RDS", () => {
  it("are the region's own authorities, for each kind of key, and valid for ten years", () => {
    const found = rdsCertificates("us-east-1").match(
      /-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g,
    );
    const certificates = (found ?? []).map((pem) => new X509Certificate(pem));
    const names = certificates.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1]).sort();
    assert.deepEqual(names, [
      "Amazon RDS us-east-1 Root CA ECC384 G1",
      "Amazon RDS us-east-1 Root CA RSA2048 G1",
      "Amazon RDS us-east-1 Root CA RSA4096 G1",
    ]);
    for (const { ca, validTo } of certificates) {
      assert.equal(ca, true);
      assert.ok(Date.parse(validTo) > Date.parse("2036-01-01"), validTo);
    }
  });

  it("are missed by name in a region that has none", () => {
    assert.throws(() => rdsCertificates("mars-north-1"), {
      message: /^aws:region: got mars-north-1, for which no certificates of Amazon RDS are known\./,
    });
  });
});
