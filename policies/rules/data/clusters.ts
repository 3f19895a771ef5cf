import { must, when } from "../../core/messages";
import { namesResource, ofTypes } from "../../core/relations";
import type { ResourceRule, StackRule } from "../../core/rule";
import {
  at,
  canBe,
  canBeWithin,
  canMatch,
  canSome,
  isMissing,
  items,
  UNKNOWN,
  type Value,
} from "../../core/values";
import { AURORA_LINES } from "../lifetimes";

const CLUSTER = "aws:rds/cluster:Cluster";
const CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
const INSTANCES = [CLUSTER_INSTANCE, "aws:rds/instance:Instance"];

export const databaseNotPublic: ResourceRule = {
  id: "rds-not-public",
  title: "No database has a public address",
  severity: "mandatory",
  controls: { securityHub: ["RDS.2"], checkov: ["CKV_AWS_17"] },
  types: INSTANCES,
  check: ({ properties: { publiclyAccessible } }) =>
    when(
      publiclyAccessible === true,
      "publiclyAccessible: got true, allowed: false. Leave it out.",
    ),
};

const LEAST_BACKUP_DAYS = 7;

export const databaseBackedUp: ResourceRule = {
  id: "rds-backup-7",
  title: "Databases keep their own backups for seven days, and snapshots carry the tags",
  severity: "mandatory",
  controls: {
    securityHub: ["RDS.16", "RDS.50"],
    checkov: ["CKV_AWS_133", "CKV_AWS_313"],
  },
  types: [CLUSTER],
  check: ({ properties: { backupRetentionPeriod, copyTagsToSnapshot } }) => [
    ...must(
      canBeWithin(backupRetentionPeriod, LEAST_BACKUP_DAYS),
      "backupRetentionPeriod",
      backupRetentionPeriod,
      `at least ${LEAST_BACKUP_DAYS}`,
      "Set payments:backupRetentionDays.",
    ),
    ...must(
      canBe(copyTagsToSnapshot, true),
      "copyTagsToSnapshot",
      copyTagsToSnapshot,
      "true",
      "Set it.",
    ),
  ],
};

export const databaseKept: ResourceRule = {
  id: "rds-deletion-protection",
  title: "AWS refuses to delete a database, and makes a last snapshot of what goes all the same",
  severity: "mandatory-in-production",
  controls: { securityHub: ["RDS.7"], checkov: ["CKV_AWS_139"] },
  types: [CLUSTER],
  check: ({ properties: { deletionProtection, skipFinalSnapshot } }) => [
    ...must(
      canBe(deletionProtection, true),
      "deletionProtection",
      deletionProtection,
      "true",
      "Set payments:deletionProtection true.",
    ),
    ...when(
      skipFinalSnapshot === true,
      "skipFinalSnapshot: got true, allowed: false. Set payments:deletionProtection true.",
    ),
  ],
};

/** Names that everybody tries first. */
const GUESSED_NAMES = /^(admin|administrator|root|mysql|postgres|master)$/i;

export const credentialsManaged: ResourceRule = {
  id: "rds-credentials-managed",
  title:
    "AWS makes and keeps the master password, under a key of ours and a name that nobody guesses",
  severity: "mandatory",
  controls: {
    pci: ["8.6.2"],
    securityHub: ["RDS.24"],
    other: ["cfn-guard no-plaintext-password"],
  },
  types: [CLUSTER],
  check: ({ properties }) => {
    const { manageMasterUserPassword, masterUserSecretKmsKeyId, masterUsername } = properties;
    const guessed = typeof masterUsername === "string" && GUESSED_NAMES.test(masterUsername);
    return [
      ...must(
        canBe(manageMasterUserPassword, true),
        "manageMasterUserPassword",
        manageMasterUserPassword,
        "true",
        "Set it.",
      ),
      ...must(
        !isMissing(masterUserSecretKmsKeyId),
        "masterUserSecretKmsKeyId",
        masterUserSecretKmsKeyId,
        "the ARN of a key of ours",
        "Give it the key for secrets.",
      ),
      ...when(
        !isMissing(properties.masterPassword),
        "masterPassword: got one, allowed: none. Leave it out: it would stand in Pulumi's state.",
      ),
      ...when(
        guessed,
        `masterUsername: got ${String(masterUsername)}, allowed: a name of its own. Change it.`,
      ),
    ];
  },
};

const REQUIRED_LOGS = ["audit", "error"];

export const databaseLogged: ResourceRule = {
  id: "rds-iam-auth-and-logs",
  title: "Databases can be entered by IAM, and export their audit and error logs",
  severity: "mandatory",
  controls: {
    securityHub: ["RDS.12", "RDS.34"],
    checkov: ["CKV_AWS_162", "CKV_AWS_324", "CKV_AWS_325"],
  },
  types: [CLUSTER],
  check: ({ properties }) => {
    const { iamDatabaseAuthenticationEnabled, enabledCloudwatchLogsExports: exported } = properties;
    const missing = REQUIRED_LOGS.filter((log) => !canSome(exported, (one) => one === log));
    return [
      ...must(
        canBe(iamDatabaseAuthenticationEnabled, true),
        "iamDatabaseAuthenticationEnabled",
        iamDatabaseAuthenticationEnabled,
        "true",
        "Set it.",
      ),
      ...must(
        missing.length === 0,
        "enabledCloudwatchLogsExports",
        exported,
        `${REQUIRED_LOGS.join(" and ")} among them`,
        `Add ${missing.join(" and ")}.`,
      ),
    ];
  },
};

export const databaseInZones: StackRule = {
  id: "rds-multi-az",
  title: "Every database has a second instance, which Aurora puts into another zone",
  severity: "mandatory-in-production",
  controls: { securityHub: ["RDS.15"] },
  types: [CLUSTER],
  checkStack: (resources) =>
    ofTypes(resources, CLUSTER).flatMap((cluster) => {
      const instances = ofTypes(resources, CLUSTER_INSTANCE).filter(
        (instance) => namesResource(instance, "clusterIdentifier", cluster) !== false,
      );
      const zones = instances.map(({ properties }) => properties.availabilityZone);
      const oneZone = zones.every((zone) => typeof zone === "string" && zone === zones[0]);
      return when(
        instances.length < 2 || oneZone,
        `instances: got ${instances.length}${instances.length < 2 ? "" : " in one zone"}, allowed: at least 2 in different zones. Set payments:databaseInstancesPerCluster to 2 or more.`,
      ).map((message) => ({ resource: cluster, message }));
    }),
};

const FAMILY = "aurora-mysql8.0";

export const auroraSupported: ResourceRule = {
  id: "aurora-supported-version",
  title:
    "Databases run a version that AWS still mends, and are upgraded on purpose or by AWS as it is meant",
  severity: "mandatory",
  controls: {
    securityHub: ["RDS.13", "RDS.35"],
    checkov: ["CKV_AWS_226"],
    other: ["Aurora MySQL release calendar"],
  },
  types: [CLUSTER, CLUSTER_INSTANCE, "aws:rds/clusterParameterGroup:ClusterParameterGroup"],
  check: ({ type, properties }, { today }) => {
    const { engine, engineVersion, family, autoMinorVersionUpgrade } = properties;
    if (type === "aws:rds/clusterParameterGroup:ClusterParameterGroup")
      return must(canBe(family, FAMILY), "family", family, FAMILY, "Set it.");
    if (engine !== "aurora-mysql") return [];
    return [
      ...versionMistakes(engineVersion, today),
      ...(type === CLUSTER_INSTANCE ? upgradeMistakes(engineVersion, autoMinorVersionUpgrade) : []),
    ];
  },
};

function lineOf(version: Value) {
  return AURORA_LINES.find(({ prefix }) => String(version).startsWith(prefix));
}

function versionMistakes(version: Value, today: string): string[] {
  const alive = AURORA_LINES.filter(({ until }) => until >= today);
  const known = alive.some(({ prefix }) =>
    canMatch(version, new RegExp(`^${prefix.replaceAll(".", "\\.")}`)),
  );
  const lines = alive.map(({ prefix, until }) => `${prefix}* until ${until}`).join(", ");
  return must(known, "engineVersion", version, lines, "Set payments:databaseEngineVersion.");
}

/** The long-term line is upgraded on purpose; on every other AWS is to mend by itself. */
function upgradeMistakes(version: Value, automatic: Value): string[] {
  if (version === UNKNOWN || lineOf(version)?.longTerm === true) return [];
  return must(
    canBe(automatic, undefined, true),
    "autoMinorVersionUpgrade",
    automatic,
    "true, except on a line with long-term support",
    "Leave it out, or choose that line.",
  );
}

/** What every cluster's parameters have to say, for TLS, for the audit log, and for replication. */
const REQUIRED_PARAMETERS: readonly [name: string, allowed: RegExp, shown: string][] = [
  ["require_secure_transport", /^(ON|1)$/i, "ON"],
  ["server_audit_logging", /^(ON|1)$/i, "1"],
  ["server_audit_events", /\S/, "CONNECT,QUERY_DCL,QUERY_DDL"],
  ["binlog_format", /^ROW$/i, "ROW"],
  ["binlog_row_image", /^FULL$/i, "FULL"],
];

export const auroraParameters: ResourceRule = {
  id: "aurora-require-tls",
  title:
    "Databases are reached over TLS only, log who does what, and write the log that replication reads",
  severity: "mandatory",
  controls: { securityHub: ["RDS.45"], other: ["AWS DMS user guide, MySQL as a source"] },
  types: ["aws:rds/clusterParameterGroup:ClusterParameterGroup"],
  check: ({ properties: { parameters } }) =>
    REQUIRED_PARAMETERS.flatMap(([name, allowed, example]) => {
      const value = parameterOf(parameters, name);
      return must(canMatch(value, allowed), name, value, example, "Set it in the parameter group.");
    }),
};

function parameterOf(parameters: Value, name: string): Value {
  if (parameters === UNKNOWN) return UNKNOWN;
  const named = items(parameters).find((one) => at(one, "name") === name);
  const unnamed = items(parameters).some((one) => at(one, "name") === UNKNOWN);
  return named === undefined && unnamed ? UNKNOWN : at(named, "value");
}
