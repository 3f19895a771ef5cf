import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** The longest that a locked vault takes: AWS Backup's limit for continuous backups. */
export const MAX_RETENTION_DAYS = 35;

/** The shortest that a locked vault takes. */
export const MIN_RETENTION_DAYS = 7;

/** Minutes in which a job has to start, or it expires; AWS Backup accepts no fewer than 60. */
const START_WINDOW = 60;

/** Minutes in which a job that has started has to end, or it is canceled. */
const COMPLETION_WINDOW = 180;

/**
 * When jobs are scheduled, in UTC. The last job is over by 04:00, when the clusters' own backup
 * window begins; their maintenance window is on Sundays, 06:00 to 07:00. The two never overlap:
 * where jobs for one resource do, AWS Backup makes one of them. The hour of the continuous rule
 * matters little, because its job only renews what Aurora keeps anyway.
 */
const SCHEDULE = {
  continuous: "cron(0 20 * * ? *)",
  daily: "cron(0 0 * * ? *)",
};

export interface RuleArgs {
  /**
   * Days that recovery points are kept, here and in the other Region, 7 to 35.
   *
   * A continuous rule sets the cluster's own backup retention to this, so `backupRetentionPeriod` of
   * the clusters has to be the same: otherwise Pulumi and AWS Backup change it back and forth.
   */
  retentionDays: number;
  vaultName: pulumi.Input<string>;
  /** Vault in another Region that gets a copy of each snapshot. @default none */
  copyVaultArn?: pulumi.Input<string>;
  /** Set on every recovery point. */
  tags: { readonly [name: string]: string };
}

/**
 * The two rules that AWS recommends together: the continuous one takes a cluster back to any second
 * of the last days; the daily one makes snapshots that stand alone and can be copied.
 *
 * Only snapshots are copied: in another Region a continuous backup becomes a snapshot anyway, and
 * each copy of an Aurora snapshot is a full one, paid by its size.
 */
export function backupRules(args: RuleArgs): aws.types.input.backup.PlanRule[] {
  const common = {
    targetVaultName: args.vaultName,
    scheduleExpressionTimezone: "Etc/UTC",
    startWindow: START_WINDOW,
    completionWindow: COMPLETION_WINDOW,
    lifecycle: { deleteAfter: args.retentionDays },
    recoveryPointTags: args.tags,
  };
  const copyActions = args.copyVaultArn !== undefined && [
    { destinationVaultArn: args.copyVaultArn, lifecycle: { deleteAfter: args.retentionDays } },
  ];
  return [
    {
      ...common,
      ruleName: "continuous",
      schedule: SCHEDULE.continuous,
      enableContinuousBackup: true,
    },
    { ...common, ruleName: "daily", schedule: SCHEDULE.daily, ...(copyActions && { copyActions }) },
  ];
}
