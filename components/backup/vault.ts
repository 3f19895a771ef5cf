import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, policyDocument, resourceName } from "../common";
import { MAX_RETENTION_DAYS, MIN_RETENTION_DAYS } from "./plan";
import { vaultPolicy } from "./policies";

/**
 * Whether a vault refuses what its lock does not allow.
 * - `none`: the access policy alone keeps recovery points.
 * - `governance`: nothing is kept shorter than 7 days or longer than 35, and nothing is deleted
 *   before its time, until somebody with the right to do so takes the lock away.
 *
 * There is no `compliance`: after its grace time nobody, not even AWS, can undo that lock, shorten
 * what it demands, or delete the vault before its last recovery point has ended. No deployment
 * should be able to decide that; do it by hand where a regulator asks for it.
 */
export type VaultLock = "none" | "governance";

export interface VaultArgs extends CommonArgs {
  /** Prefix of the logical names, such as `backup`. */
  kind: string;
  /** Customer-managed key in the vault's own Region. Changing it replaces the vault. */
  keyArn: pulumi.Input<string>;
  lock: VaultLock;
  /**
   * True: Pulumi refuses to delete the vault or its lock. False: deleting the vault takes its
   * recovery points along.
   */
  deletionProtection: boolean;
  /** @default the Region of the stack */
  region?: string;
}

/** An encrypted vault whose recovery points cannot be deleted by mistake. */
export function createVault(args: VaultArgs, parent: pulumi.Resource): aws.backup.Vault {
  const { environment, tags, kind, deletionProtection } = args;
  const region = args.region !== undefined && { region: args.region };
  const vault = new aws.backup.Vault(
    resourceName(`${kind}-vault`, environment),
    { kmsKeyArn: args.keyArn, forceDestroy: !deletionProtection, tags, ...region },
    { parent, protect: deletionProtection },
  );
  const place = { backupVaultName: vault.name, ...region };
  new aws.backup.VaultPolicy(
    resourceName(`${kind}-vault-policy`, environment),
    { ...place, policy: policyDocument(vaultPolicy()) },
    // The policy forbids its own update, but not its removal.
    { parent, replaceOnChanges: ["policy"], deleteBeforeReplace: true },
  );
  if (args.lock === "governance")
    new aws.backup.VaultLockConfiguration(
      resourceName(`${kind}-vault-lock`, environment),
      // With `changeableForDays` it would be a lock in compliance mode.
      { ...place, minRetentionDays: MIN_RETENTION_DAYS, maxRetentionDays: MAX_RETENTION_DAYS },
      { parent, protect: deletionProtection },
    );
  return vault;
}
