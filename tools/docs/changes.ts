import type { FieldKey } from "../../stacks/fields";

/** Keys that belong together, each with what a change of it does to an environment that runs. */
export interface Section {
  title: string;
  /** Of prod's two stacks, the one whose value is shown where they differ. */
  prodStack: "prod" | "prod-base" | "both";
  changes: { readonly [key in FieldKey]?: string };
}

const ROLLS_TASKS = "new tasks in both colors, one by one";
const NEXT_CUTOVER = "counts from the next cutover on";

/**
 * What a change does, as far as the program and the provider's schemas tell. The list for single
 * properties is that of `npm run preview -- <stack> --diff <ref>`.
 */
export const SECTIONS: readonly Section[] = [
  {
    title: "The stack",
    prodStack: "both",
    changes: {
      environment: "**replaces nearly everything**; make another stack instead",
      project: "tags, in place",
      costCenter: "tags, in place",
      accountId: "nothing in AWS; the program refuses any other account",
      layers: "makes or **deletes** whole layers",
      upstream: "reads the lower layers from another stack",
      deletionProtection: "in place; with `false`, what is deleted afterwards is gone",
      logRetentionDays: "in place; shorter deletes what is older",
    },
  },
  {
    title: "Network and audit (foundation layer)",
    prodStack: "prod-base",
    changes: {
      vpcCidr: "**replaces the VPC** and all that is in it",
      availabilityZones: "makes, removes or **replaces** subnets, and what is in them",
      natGateways: "gateways and routes; addresses towards others change",
      interfaceEndpoints: "makes or removes the nested stack of endpoints",
      auditTrail: "makes or removes the trail; its bucket keeps what it has",
    },
  },
  {
    title: "Databases (data layer)",
    prodStack: "prod-base",
    changes: {
      databaseEngineVersion: "both clusters at once, in the maintenance window; **they restart**",
      databaseInstanceClass: "in place, in the maintenance window; **instances restart**",
      databaseInstancesPerCluster: "makes or removes readers",
      databaseMinCapacity: "in place",
      databaseMaxCapacity: "in place",
    },
  },
  {
    title: "Replication (data layer)",
    prodStack: "prod-base",
    changes: {
      replicationEngineVersion: "in place, in the maintenance window; **tasks restart**",
      replicationInstanceClass: "in place, in the maintenance window; **tasks restart**",
      replicationMultiAz: "in place, in the maintenance window",
      replicationAccountRoles: "the account's roles stay, whatever is set",
    },
  },
  {
    title: "An on-premises database (data layer)",
    prodStack: "prod-base",
    changes: {
      legacyHost: "with all of the others: makes or removes a replication task",
      legacyPort: "the source's endpoint, in place",
      legacyCidr: "security group rules",
      legacyDatabase: "the task's mappings, in place: **stops the task**",
      legacySecretArn: "the source's endpoint, in place",
      legacyCaCertificate: "replaces the certificate that is held",
    },
  },
  {
    title: "Backups (data layer)",
    prodStack: "prod-base",
    changes: {
      backupRetentionDays: "in place; snapshots that exist keep their own end",
      backupLock: "makes or removes the lock on the vaults",
      backupCopyRegion: "makes or removes a vault and a key there",
    },
  },
  {
    title: "Colors (service layer)",
    prodStack: "prod",
    changes: {
      blueImage: "exchanges blue's tasks. **Only while blue is the standby**",
      greenImage: "exchanges green's tasks. **Only while green is the standby**",
      allowImageTags: "what the program accepts",
      migrationCommand: "the task for migrations; runs nothing",
      applicationPort:
        "**replaces both target groups, and the rule with the weights does not follow**: make another environment",
      healthCheckPath: "the target groups' checks, in place, at once in both colors",
      taskCpu: ROLLS_TASKS,
      taskMemory: ROLLS_TASKS,
      taskCapacity: "**replaces both services**",
      tasksPerColor: "in place",
      maxTasksPerColor: "in place",
      requestsPerTaskPerSecond: "in place",
    },
  },
  {
    title: "Clients (service layer)",
    prodStack: "prod",
    changes: {
      domainName: "other records; the certificate that is made is **replaced**",
      hostedZoneId: "**replaces the records**",
      legacyAddresses: "makes or removes the record of on-premises",
      testCidrs: "the rules of the colors' own names, in place",
      certificateArn: "the listener, in place",
      webFirewall: "the firewall's rules, in place",
      requestsPerFiveMinutesPerIp: "the firewall's rate, in place",
      partnerCidrs: "the firewall's list, in place",
      allowPlainHttp: "the listener's protocol and port; prod-base must give the same",
    },
  },
  {
    title: "Releases (service layer)",
    prodStack: "prod",
    changes: {
      live: "**a release**: see [the cutover](cutover.md). Ignored in prod-base once it is made",
      releaseGate: "makes or removes the gate, or its way of answering; moves no payments",
      cutoverSteps: NEXT_CUTOVER,
      migrationSteps: "counts from the next migration on",
      freezeTimeZone: NEXT_CUTOVER,
      freezeWindows: NEXT_CUTOVER,
      tickSeconds: "counts at once",
    },
  },
  {
    title: "Evidence (service layer)",
    prodStack: "prod",
    changes: {
      maxErrorsPerThousand: `${NEXT_CUTOVER}; the alarms, at once`,
      minimumPayments: `${NEXT_CUTOVER}; the alarms, at once`,
      maxP99Milliseconds: `${NEXT_CUTOVER}; the alarms, at once`,
      releasesPerFalseRollback: NEXT_CUTOVER,
      stepsPerFalsePromotion: NEXT_CUTOVER,
      cutoverWithoutEvidence: NEXT_CUTOVER,
      expectedPaymentsPerHour: "one alarm, in place",
      longestHoldMinutes: NEXT_CUTOVER,
    },
  },
];
