import assert from "node:assert/strict";
import { AuroraCluster } from "../../components/database/auroraCluster";
import { CLUSTER_PARAMETERS } from "../../components/database/parameters";
import { ACCOUNT, COMMON, KEY, type Rendered, render } from "./support";

function renderCluster(changes: Partial<ConstructorParameters<typeof AuroraCluster>[1]> = {}) {
  return render(
    () =>
      new AuroraCluster("blue-database-test", {
        ...COMMON,
        color: "blue",
        subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
        securityGroupId: "sg-db",
        accountId: ACCOUNT,
        dataKeyArn: `${KEY}/data`,
        secretsKeyArn: `${KEY}/secrets`,
        logsKeyArn: `${KEY}/logs`,
        alertsTopicArn: "arn:alerts",
        engineVersion: "8.0.mysql_aurora.3.10.4",
        instanceClass: "db.r6g.large",
        instanceCount: 3,
        capacity: { min: 1, max: 2 },
        backupRetentionDays: 7,
        deletionProtection: true,
        logRetentionDays: 400,
        ...changes,
      }),
  );
}

describe("AuroraCluster", () => {
  let cluster: Rendered;
  before(async () => {
    cluster = await renderCluster();
  });

  it("is encrypted, keeps its own password, and survives mistakes", () => {
    const { clusterIdentifier, finalSnapshotIdentifier, ...inputs } = cluster.tagged(
      "blue-db-cluster-test",
    ) as { clusterIdentifier: string; finalSnapshotIdentifier: string };
    assert.match(clusterIdentifier, /^blue-db-cluster-test-[0-9a-f]{8}$/);
    assert.equal(finalSnapshotIdentifier, `${clusterIdentifier}-final`);
    assert.deepEqual(inputs, {
      engine: "aurora-mysql",
      engineVersion: "8.0.mysql_aurora.3.10.4",
      databaseName: "payments",
      port: 3306,
      dbSubnetGroupName: cluster.get("blue-db-subnets-test").state.name,
      vpcSecurityGroupIds: ["sg-db"],
      dbClusterParameterGroupName: cluster.get("blue-db-parameters-test").state.name,
      storageEncrypted: true,
      kmsKeyId: `${KEY}/data`,
      masterUsername: "paymentsmaster",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: `${KEY}/secrets`,
      iamDatabaseAuthenticationEnabled: true,
      enableHttpEndpoint: true,
      enabledCloudwatchLogsExports: ["audit", "error", "slowquery"],
      backupRetentionPeriod: 7,
      preferredBackupWindow: "04:00-05:00",
      preferredMaintenanceWindow: "sun:06:00-sun:07:00",
      copyTagsToSnapshot: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
    });
    assert.equal(cluster.get("blue-db-cluster-test").options.protect, true);
  });

  it("refuses clients without TLS, logs changes by row from the first day, and audits no statements", () => {
    const { parameters, family } = cluster.get("blue-db-parameters-test").inputs as {
      family: string;
      parameters: { name: string; value: string; applyMethod: string }[];
    };
    assert.equal(family, "aurora-mysql8.0");
    const values = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
    assert.deepEqual(values, CLUSTER_PARAMETERS);
    assert.equal(values.require_secure_transport, "ON");
    assert.equal(values.binlog_format, "ROW");
    assert.equal(values.event_scheduler, "OFF");
    assert.doesNotMatch(values.server_audit_events ?? "", /QUERY(?!_D[CD]L)|QUERY_DML/);
    const atReboot = parameters.filter((one) => one.applyMethod === "pending-reboot");
    assert.deepEqual(
      atReboot.map(({ name }) => name),
      ["tls_version", "binlog_format", "binlog_row_image", "binlog_checksum", "event_scheduler"],
    );
  });

  it("has the writer first and readers after it, encrypted insights, no public address", () => {
    const instances = [1, 2, 3].map((index) => cluster.tagged(`blue-db-instance-${index}-test`));
    instances.forEach((instance, promotionTier) => {
      assert.deepEqual(instance, {
        clusterIdentifier: cluster.get("blue-db-cluster-test").id,
        engine: "aurora-mysql",
        engineVersion: "8.0.mysql_aurora.3.10.4",
        instanceClass: "db.r6g.large",
        publiclyAccessible: false,
        promotionTier,
        autoMinorVersionUpgrade: false,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        copyTagsToSnapshot: true,
        monitoringInterval: 60,
        monitoringRoleArn: cluster.get("blue-db-monitoring-role-test").state.arn,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: `${KEY}/data`,
        performanceInsightsRetentionPeriod: 7,
      });
    });
    assert.equal(cluster.names.filter((name) => /db-instance-\d/.test(name)).length, 3);
    const needs = cluster.needs("blue-db-instance-1-test");
    assert.ok(needs.includes("blue-db-monitoring-policy-test"), needs.join());
  });

  it("makes its log groups, encrypted, before Aurora would make them open", () => {
    const { clusterIdentifier } = cluster.get("blue-db-cluster-test").inputs;
    for (const type of ["audit", "error", "slowquery"]) {
      assert.deepEqual(cluster.tagged(`blue-db-${type}-logs-test`), {
        name: `/aws/rds/cluster/${clusterIdentifier}/${type}`,
        kmsKeyId: `${KEY}/logs`,
        retentionInDays: 400,
      });
      assert.ok(cluster.needs("blue-db-cluster-test").includes(`blue-db-${type}-logs-test`));
    }
  });

  it("has its master password changed every 30 days, not before it is due", () => {
    const [secret] = cluster.get("blue-db-cluster-test").state.masterUserSecrets as {
      secretArn: string;
    }[];
    assert.deepEqual(cluster.get("blue-db-master-rotation-test").inputs, {
      secretId: secret?.secretArn,
      rotationRules: { automaticallyAfterDays: 30 },
      rotateImmediately: false,
    });
    assert.match(String(secret?.secretArn), /^arn:aws:secretsmanager:/);
  });

  it("tells people of failovers, failures and maintenance, of itself alone", () => {
    assert.deepEqual(cluster.tagged("blue-db-cluster-events-test"), {
      snsTopic: "arn:alerts",
      sourceType: "db-cluster",
      sourceIds: [cluster.get("blue-db-cluster-test").id],
      eventCategories: ["failover", "failure", "maintenance"],
    });
    assert.deepEqual(cluster.tagged("blue-db-instance-events-test"), {
      snsTopic: "arn:alerts",
      sourceType: "db-instance",
      sourceIds: [1, 2, 3].map((index) => cluster.get(`blue-db-instance-${index}-test`).id),
      eventCategories: ["configuration change", "failure", "maintenance"],
    });
  });

  it("scales between two capacities when it is serverless", async () => {
    const serverless = await renderCluster({ instanceClass: "db.serverless", instanceCount: 1 });
    assert.deepEqual(
      serverless.get("blue-db-cluster-test").inputs.serverlessv2ScalingConfiguration,
      { minCapacity: 1, maxCapacity: 2 },
    );
    assert.equal(
      cluster.get("blue-db-cluster-test").inputs.serverlessv2ScalingConfiguration,
      undefined,
    );
  });

  it("can be removed where nothing is protected", async () => {
    const relaxed = await renderCluster({ deletionProtection: false });
    const { deletionProtection, skipFinalSnapshot } = relaxed.get("blue-db-cluster-test").inputs;
    assert.deepEqual(
      { deletionProtection, skipFinalSnapshot },
      { deletionProtection: false, skipFinalSnapshot: true },
    );
    assert.equal(relaxed.get("blue-db-cluster-test").options.protect, false);
    assert.equal(relaxed.get("blue-db-instance-1-test").options.protect, false);
  });
});
