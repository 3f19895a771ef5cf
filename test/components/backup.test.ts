import assert from "node:assert/strict";
import { Backup, type BackupArgs } from "../../components/backup/backup";
import { AuroraCluster } from "../../components/database/auroraCluster";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements, TAGS } from "./support";

const CLUSTERS = ["blue", "green"].map(
  (color) => `arn:aws:rds:us-east-1:${ACCOUNT}:cluster:${color}-db-cluster-test`,
);
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts-topic-test`;
const COPY = { region: "us-west-2", keyPolicy: '{"Version":"2012-10-17"}' };

function renderBackup(changes: Partial<BackupArgs> = {}) {
  return render(
    () =>
      new Backup("backup-test", {
        ...COMMON,
        clusterArns: CLUSTERS,
        retentionDays: 7,
        dataKeyArn: `${KEY}/data`,
        lock: "none",
        alertsTopicArn: TOPIC,
        accountId: ACCOUNT,
        deletionProtection: true,
        ...changes,
      }),
  );
}

const RULE = {
  scheduleExpressionTimezone: "Etc/UTC",
  startWindow: 60,
  completionWindow: 180,
  lifecycle: { deleteAfter: 7 },
  recoveryPointTags: TAGS,
};

function rules(rendered: Rendered) {
  return rendered.get("backup-plan-test").inputs.rules as (typeof RULE & {
    ruleName: string;
    schedule: string;
    copyActions?: unknown;
  })[];
}

describe("Backup", () => {
  let local: Rendered;
  let everything: Rendered;
  before(async () => {
    [local, everything] = await Promise.all([
      renderBackup(),
      renderBackup({ lock: "governance", copy: COPY }),
    ]);
  });

  it("keeps recovery points in an encrypted vault that Pulumi will not delete", () => {
    assert.deepEqual(local.tagged("backup-vault-test"), {
      kmsKeyArn: `${KEY}/data`,
      forceDestroy: false,
    });
    assert.equal(local.get("backup-vault-test").options.protect, true);
  });

  it("lets nobody delete a recovery point or weaken the policy, and everybody be let in again", () => {
    const { policy, ...others } = local.get("backup-vault-policy-test").inputs;
    assert.deepEqual(others, { backupVaultName: local.get("backup-vault-test").state.name });
    assert.deepEqual(statements(policy), {
      KeepRecoveryPoints: {
        Effect: "Deny",
        Principal: "*",
        Action: [
          "backup:DeleteRecoveryPoint",
          "backup:DisassociateRecoveryPoint",
          "backup:UpdateRecoveryPointLifecycle",
          "backup:PutBackupVaultAccessPolicy",
        ],
        Resource: "*",
      },
    });
    // Removing the policy is the way back in; a wildcard in an action AWS would refuse.
    assert.doesNotMatch(policy as string, /DeleteBackupVaultAccessPolicy|backup:[A-Za-z]*\*/);
  });

  it("replaces the policy instead of updating it, because the policy forbids its update", () => {
    for (const name of ["backup-vault-policy-test", "backup-copy-vault-policy-test"]) {
      const { replaceOnChanges, deleteBeforeReplace, protect } = everything.get(name).options;
      assert.deepEqual(
        { replaceOnChanges, deleteBeforeReplace, protect },
        { replaceOnChanges: ["policy"], deleteBeforeReplace: true, protect: false },
      );
    }
  });

  it("has two rules of 7 days each, one to the second and one of snapshots", () => {
    const { rules, ...others } = local.tagged("backup-plan-test") as { rules: unknown };
    assert.deepEqual(others, {});
    const targetVaultName = local.get("backup-vault-test").state.name;
    assert.deepEqual(rules, [
      {
        ...RULE,
        targetVaultName,
        ruleName: "continuous",
        schedule: "cron(0 20 * * ? *)",
        enableContinuousBackup: true,
      },
      { ...RULE, targetVaultName, ruleName: "daily", schedule: "cron(0 0 * * ? *)" },
    ]);
  });

  it("keeps as long as the clusters do, and is done before their own windows begin", async () => {
    const { backupRetentionPeriod, preferredBackupWindow, preferredMaintenanceWindow } = (
      await renderCluster()
    ).get("blue-db-cluster-test").inputs;
    const windows = [preferredBackupWindow, preferredMaintenanceWindow].map((window) =>
      [...(window as string).matchAll(/(\d\d):(\d\d)/g)].map(([, hour, minute]) => {
        return Number(hour) * 60 + Number(minute);
      }),
    );
    const day = 24 * 60;
    const jobs = rules(local).map((rule) => {
      assert.equal(rule.lifecycle.deleteAfter, backupRetentionPeriod, rule.ruleName);
      const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(rule.schedule) ?? [];
      const start = Number(hour) * 60 + Number(minute);
      return [start, start + rule.startWindow + rule.completionWindow];
    });
    const overlap = ([from = 0, to = 0]: number[], [begin = 0, end = 0]: number[]) =>
      [-day, 0, day].some((shift) => from + shift < end && begin < to + shift);
    for (const job of jobs)
      for (const window of windows) assert.ok(!overlap(job, window), `${job} ${window}`);
    assert.ok(!overlap(jobs[0] ?? [], jobs[1] ?? []), "one rule's jobs would stand for both");
  });

  it("selects nothing but the two clusters", () => {
    assert.deepEqual(local.get("backup-selection-test").inputs, {
      planId: local.get("backup-plan-test").id,
      iamRoleArn: local.get("backup-role-test").state.arn,
      resources: CLUSTERS,
    });
    const selections = local.resources.filter(({ type }) => type.endsWith(":Selection"));
    assert.equal(selections.length, 1);
  });

  it("works as a role that only this account's backups can take, once it may do so", () => {
    const { assumeRolePolicy, ...others } = local.tagged("backup-role-test") as {
      assumeRolePolicy: string;
    };
    assert.deepEqual(others, {});
    assert.deepEqual(statements(assumeRolePolicy), {
      Service: {
        Effect: "Allow",
        Principal: { Service: "backup.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
    });
    const policies = { backup: "ForBackup", restore: "ForRestores" };
    for (const [purpose, end] of Object.entries(policies)) {
      assert.deepEqual(local.get(`backup-role-${purpose}-test`).inputs, {
        role: local.get("backup-role-test").state.name,
        policyArn: `arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicy${end}`,
      });
      const needs = local.needs("backup-selection-test");
      assert.ok(needs.includes(`backup-role-${purpose}-test`), needs.join());
    }
  });

  it("tells how jobs ended, by events that AWS Backup still sends", () => {
    assert.deepEqual(local.get("backup-notifications-test").inputs, {
      backupVaultName: local.get("backup-vault-test").state.name,
      snsTopicArn: TOPIC,
      backupVaultEvents: ["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"],
    });
  });

  it("copies snapshots to a vault in the other Region, under a key that was made there", () => {
    const key = everything.get("backup-copy-key-test");
    assert.deepEqual(everything.tagged("backup-copy-key-test"), {
      region: "us-west-2",
      description: "payments test: copies of backups",
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: 30,
      policy: COPY.keyPolicy,
    });
    assert.match(key.state.arn as string, /^arn:aws:kms:us-west-2:/);
    assert.deepEqual(everything.get("backup-copy-key-alias-test").inputs, {
      region: "us-west-2",
      name: "alias/payments/test/backup-copy",
      targetKeyId: key.state.keyId,
    });
    assert.deepEqual(everything.tagged("backup-copy-vault-test"), {
      region: "us-west-2",
      kmsKeyArn: key.state.arn,
      forceDestroy: false,
    });
    const vault = everything.get("backup-copy-vault-test");
    const { policy, ...place } = everything.get("backup-copy-vault-policy-test").inputs;
    assert.deepEqual(place, { region: "us-west-2", backupVaultName: vault.state.name });
    assert.equal(policy, everything.get("backup-vault-policy-test").inputs.policy);
    const destinationVaultArn = vault.state.arn as string;
    assert.match(destinationVaultArn, /^arn:aws:backup:us-west-2:/);
    assert.deepEqual(
      rules(everything).map(({ ruleName, copyActions }) => ({ ruleName, copyActions })),
      [
        { ruleName: "continuous", copyActions: undefined },
        {
          ruleName: "daily",
          copyActions: [{ destinationVaultArn, lifecycle: { deleteAfter: 7 } }],
        },
      ],
    );
    for (const name of ["backup-copy-key-test", "backup-copy-vault-test"])
      assert.equal(everything.get(name).options.protect, true, name);
  });

  it("locks both vaults in governance mode, which a person can undo", () => {
    for (const kind of ["backup", "backup-copy"]) {
      const lock = everything.get(`${kind}-vault-lock-test`);
      // No changeableForDays: with it the lock could never be undone.
      assert.deepEqual(lock.inputs, {
        ...(kind === "backup-copy" && { region: "us-west-2" }),
        backupVaultName: everything.get(`${kind}-vault-test`).state.name,
        minRetentionDays: 7,
        maxRetentionDays: 35,
      });
      assert.equal(lock.options.protect, true);
    }
    for (const { lifecycle, ruleName } of rules(everything))
      assert.ok(lifecycle.deleteAfter >= 7 && lifecycle.deleteAfter <= 35, ruleName);
  });

  it("makes nothing in another Region and no lock unless told to", () => {
    assert.deepEqual(local.names, [
      "backup-notifications-test",
      "backup-plan-test",
      "backup-role-backup-test",
      "backup-role-restore-test",
      "backup-role-test",
      "backup-selection-test",
      "backup-test",
      "backup-vault-policy-test",
      "backup-vault-test",
    ]);
    for (const { inputs, name } of local.resources) assert.equal(inputs.region, undefined, name);
  });

  it("gives the vaults and the role to whoever restores", () => {
    const arnOf = (name: string) => everything.get(name).state.arn;
    assert.deepEqual(everything.outputs("backup-test", "payments:backup:Backup"), {
      vaultArn: arnOf("backup-vault-test"),
      copyVaultArn: arnOf("backup-copy-vault-test"),
      roleArn: arnOf("backup-role-test"),
    });
    assert.deepEqual(local.outputs("backup-test", "payments:backup:Backup"), {
      vaultArn: local.get("backup-vault-test").state.arn,
      roleArn: local.get("backup-role-test").state.arn,
    });
  });

  it("can be removed with its recovery points where nothing is protected", async () => {
    const relaxed = await renderBackup({
      deletionProtection: false,
      lock: "governance",
      copy: COPY,
    });
    for (const name of ["backup-vault-test", "backup-copy-vault-test"])
      assert.equal(relaxed.get(name).inputs.forceDestroy, true, name);
    assert.equal(relaxed.get("backup-copy-key-test").inputs.deletionWindowInDays, 7);
    for (const { name, options } of relaxed.resources) assert.equal(options.protect, false, name);
  });
});

/** One of the clusters that are backed up, for its windows and its retention. */
function renderCluster() {
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
        alertsTopicArn: TOPIC,
        engineVersion: "8.0.mysql_aurora.3.10.4",
        instanceClass: "db.r6g.large",
        instanceCount: 1,
        capacity: { min: 1, max: 2 },
        backupRetentionDays: 7,
        deletionProtection: true,
        logRetentionDays: 400,
      }),
  );
}
