import type { PolicyStatement } from "../common";

/**
 * Access policy of a vault: nobody deletes a recovery point, shortens its life, takes it out of AWS
 * Backup, or puts a weaker policy in place. Recovery points still end on time: a policy is asked
 * only when somebody calls the API, and the lifecycle is AWS Backup's own.
 *
 * It locks nobody out: `backup:DeleteBackupVaultAccessPolicy` is left to IAM. Whoever must delete
 * before time removes the policy first, on purpose and on CloudTrail's record.
 *
 * Principal and resource are wildcards: AWS Config's rule
 * `backup-recovery-point-manual-deletion-disabled` asks for both, and recovery points are not named
 * after their vault but are snapshots of RDS. The actions are spelled out, because vault policies
 * take no wildcard there.
 */
export function vaultPolicy(): PolicyStatement[] {
  return [
    {
      Sid: "KeepRecoveryPoints",
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
  ];
}
