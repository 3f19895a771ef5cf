import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName, trustPolicy } from "../common";
import { backupRules } from "./plan";
import { createVault, type VaultLock } from "./vault";

export interface BackupArgs extends CommonArgs {
  /** What is backed up: these clusters and nothing else. Both colors, since either may be live. */
  clusterArns: readonly pulumi.Input<string>[];
  /** Days that backups are kept, 7 to 35; the clusters' own `backupRetentionPeriod` is the same. */
  retentionDays: number;
  /** Customer-managed key of the vault. Snapshots of Aurora keep their cluster's own key. */
  dataKeyArn: pulumi.Input<string>;
  /** Of both vaults. */
  lock: VaultLock;
  /** A second vault far away, for the day that the Region is lost. @default none */
  copy?: BackupCopy;
  /** Where AWS Backup tells of its jobs; the topic and its key must admit `backup.amazonaws.com`. */
  alertsTopicArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** True: Pulumi refuses to delete the vaults. False: deleting them deletes the backups. */
  deletionProtection: boolean;
}

export interface BackupCopy {
  /** Region other than the stack's, such as `us-west-2`. */
  region: string;
  /** Policy document of the key that is made there; a key does not leave its Region. */
  keyPolicy: pulumi.Input<string>;
}

/**
 * What a subscriber hears. AWS Backup no longer sends `BACKUP_JOB_FAILED` and `BACKUP_JOB_EXPIRED`,
 * though its API still takes them: `BACKUP_JOB_COMPLETED` stands for every end of a job, with a
 * message attribute `State` to filter by (`{"State": [{"anything-but": "COMPLETED"}]}`). A restore is
 * told of in any case: nobody restores production unnoticed.
 */
const VAULT_EVENTS = ["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"];

/** AWS's own, which follow what the service comes to need. */
const ROLE_POLICIES = {
  backup: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  restore: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
};

/**
 * Backups of the databases that no change to the databases can take along: back to any second of the
 * last days, a snapshot a day, and if wanted a copy of it in another Region.
 *
 * The account has to be opted in to Aurora in AWS Backup, as accounts are at first. That is a
 * setting of the account and the Region, not of an environment, so nothing here changes it.
 */
export class Backup extends pulumi.ComponentResource {
  public readonly vaultArn: pulumi.Output<string>;
  /** Undefined without a copy. */
  public readonly copyVaultArn: pulumi.Output<string> | undefined;
  /** What AWS Backup works as; also for a person who restores. */
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:backup:Backup", name, {}, opts);
    const vault = createVault({ ...args, kind: "backup", keyArn: args.dataKeyArn }, this);
    const copyVault = args.copy && createCopyVault(args.copy, args, this);
    new aws.backup.VaultNotifications(
      resourceName("backup-notifications", args.environment),
      {
        backupVaultName: vault.name,
        snsTopicArn: args.alertsTopicArn,
        backupVaultEvents: VAULT_EVENTS,
      },
      { parent: this },
    );
    const role = createSelection(vault, copyVault, args, this);
    this.vaultArn = vault.arn;
    this.copyVaultArn = copyVault?.arn;
    this.roleArn = role.arn;
    const { vaultArn, copyVaultArn, roleArn } = this;
    this.registerOutputs({ vaultArn, ...(copyVaultArn && { copyVaultArn }), roleArn });
  }
}

/** The vault in the other Region, encrypted with a key that is made there for it. */
function createCopyVault(copy: BackupCopy, args: BackupArgs, parent: pulumi.Resource) {
  const { environment, tags, deletionProtection } = args;
  const { region } = copy;
  const key = new aws.kms.Key(
    resourceName("backup-copy-key", environment),
    {
      region,
      description: `payments ${environment}: copies of backups`,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: deletionProtection ? 30 : 7,
      policy: copy.keyPolicy,
      tags,
    },
    { parent, protect: deletionProtection },
  );
  new aws.kms.Alias(
    resourceName("backup-copy-key-alias", environment),
    { region, name: `alias/payments/${environment}/backup-copy`, targetKeyId: key.keyId },
    { parent },
  );
  return createVault({ ...args, kind: "backup-copy", keyArn: key.arn, region }, parent);
}

/** The plan, and who carries it out on what. */
function createSelection(
  vault: aws.backup.Vault,
  copyVault: aws.backup.Vault | undefined,
  args: BackupArgs,
  parent: pulumi.Resource,
) {
  const { environment, tags } = args;
  const plan = new aws.backup.Plan(
    resourceName("backup-plan", environment),
    {
      rules: backupRules({
        retentionDays: args.retentionDays,
        vaultName: vault.name,
        ...(copyVault && { copyVaultArn: copyVault.arn }),
        tags,
      }),
      tags,
    },
    { parent },
  );
  const { role, permissions } = createRole(args, parent);
  new aws.backup.Selection(
    resourceName("backup-selection", environment),
    { planId: plan.id, iamRoleArn: role.arn, resources: [...args.clusterArns] },
    // A job that starts before its role may do anything fails.
    { parent, dependsOn: permissions },
  );
  return role;
}

function createRole(args: BackupArgs, parent: pulumi.Resource) {
  const { environment, tags } = args;
  const role = new aws.iam.Role(
    resourceName("backup-role", environment),
    {
      assumeRolePolicy: pulumi
        .output(args.accountId)
        .apply((accountId) => trustPolicy("backup.amazonaws.com", accountId)),
      tags,
    },
    { parent },
  );
  const permissions = Object.entries(ROLE_POLICIES).map(
    ([purpose, policyArn]) =>
      new aws.iam.RolePolicyAttachment(
        resourceName(`backup-role-${purpose}`, environment),
        { role: role.name, policyArn },
        { parent },
      ),
  );
  return { role, permissions };
}
