import { must, when } from "../../core/messages";
import { namesResource, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackRule } from "../../core/rule";
import {
  at,
  canBe,
  canMatch,
  isMissing,
  items,
  parsed,
  UNKNOWN,
  type Value,
} from "../../core/values";
import { REPLICATION_ENGINES } from "../lifetimes";

const INSTANCE = "aws:dms/replicationInstance:ReplicationInstance";
const ENDPOINT = "aws:dms/endpoint:Endpoint";
const TASK = "aws:dms/replicationTask:ReplicationTask";

/** Engines whose endpoints are MySQL's. */
const MYSQL_ENGINES: readonly Value[] = ["aurora", "mysql", "mariadb", "aurora-mysql"];

export const endpointTls: ResourceRule = {
  id: "dms-endpoint-tls",
  title: "Replication reaches databases over TLS and looks at their certificate",
  severity: "mandatory",
  controls: { pci: ["4.2.1"], securityHub: ["DMS.9"], checkov: ["CKV2_AWS_49"] },
  types: [ENDPOINT],
  check: ({ properties: { engineName, sslMode, certificateArn } }) => [
    ...must(
      canBe(sslMode, "verify-ca", "verify-full"),
      "sslMode",
      sslMode,
      "verify-ca or verify-full",
      "Set it to verify-full.",
    ),
    ...must(
      !MYSQL_ENGINES.includes(engineName) || !isMissing(certificateArn),
      "certificateArn",
      certificateArn,
      "the ARN of the authority's certificate",
      "Give it one: without, nothing is looked at.",
    ),
  ],
};

export const endpointCredentials: ResourceRule = {
  id: "dms-no-plaintext-creds",
  title: "Replication takes its credentials from Secrets Manager",
  severity: "mandatory",
  controls: { pci: ["8.6.2"], other: ["cfn-guard DMS_NO_PLAINTEXT_PASSWORD"] },
  types: [ENDPOINT],
  check: ({ properties }) => [
    ...["username", "password"].flatMap((name) =>
      when(
        !isMissing(properties[name]),
        `${name}: got one, allowed: none. Name a secret in secretsManagerArn instead.`,
      ),
    ),
    ...["secretsManagerArn", "secretsManagerAccessRoleArn"].flatMap((name) =>
      must(!isMissing(properties[name]), name, properties[name], "an ARN", "Set it."),
    ),
  ],
};

export const replicationPrivate: ResourceRule = {
  id: "dms-private",
  title: "Replication instances have no public address",
  severity: "mandatory",
  controls: { securityHub: ["DMS.1"], checkov: ["CKV_AWS_89"] },
  types: [INSTANCE],
  check: ({ properties: { publiclyAccessible } }) =>
    must(
      canBe(publiclyAccessible, false),
      "publiclyAccessible",
      publiclyAccessible,
      "false",
      "Set it: AWS DMS's own choice is true.",
    ),
};

export const replicationUpgraded: ResourceRule = {
  id: "dms-auto-upgrade",
  title: "Replication instances get the minor versions that mend them",
  severity: "mandatory",
  controls: { pci: ["6.3.3"], securityHub: ["DMS.6"], checkov: ["CKV_AWS_222"] },
  types: [INSTANCE],
  check: ({ properties: { autoMinorVersionUpgrade } }) =>
    must(
      canBe(autoMinorVersionUpgrade, true),
      "autoMinorVersionUpgrade",
      autoMinorVersionUpgrade,
      "true",
      "Set it, and let Pulumi ignore changes of engineVersion.",
    ),
};

export const replicationSupported: ResourceRule = {
  id: "dms-supported-version",
  title: "Replication instances run a version that AWS still supports",
  severity: "mandatory",
  controls: { pci: ["6.3.3"], other: ["AWS DMS release notes"] },
  types: [INSTANCE],
  check: ({ properties: { engineVersion } }, { today }) => {
    const alive = REPLICATION_ENGINES.filter(({ until }) => until >= today);
    const listed = alive.map(({ prefix, until }) => `${prefix} until ${until}`).join(", ");
    return must(
      canBe(engineVersion, ...alive.map(({ prefix }) => prefix)),
      "engineVersion",
      engineVersion,
      listed || "none of the known ones",
      "Set payments:replicationEngineVersion, and add it to the rule's list.",
    );
  },
};

export const replicationInZones: ResourceRule = {
  id: "dms-multi-az",
  title: "Replication survives the loss of a zone",
  severity: "mandatory-in-production",
  controls: { other: ["AWS DMS user guide, Multi-AZ"] },
  types: [INSTANCE],
  check: ({ properties: { multiAz } }) =>
    must(canBe(multiAz, true), "multiAz", multiAz, "true", "Set payments:replicationMultiAz true."),
};

/** Parts of a task whose log says how it fares. */
const LOGGED = ["SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY"];

/** Says enough, and no rows: finer levels would log card data. */
const LOG_LEVEL = /^LOGGER_SEVERITY_(DEFAULT|INFO)$/;

export const replicationLogged: ResourceRule = {
  id: "dms-task-logged-and-validated",
  title: "Replication tasks log how they fare, never rows, and compare what they have carried",
  severity: "mandatory",
  controls: { pci: ["10.4.2"], securityHub: ["DMS.7", "DMS.8"] },
  types: [TASK],
  check: ({ properties: { replicationTaskSettings } }) => {
    const settings = parsed(replicationTaskSettings);
    const logging = at(settings, "Logging", "EnableLogging");
    const validation = at(settings, "ValidationSettings", "EnableValidation");
    return [
      ...must(canBe(logging, true), "Logging.EnableLogging", logging, "true", "Set it."),
      ...(settings === UNKNOWN ? [] : LOGGED.flatMap((part) => logMistakes(settings, part))),
      ...must(
        canBe(validation, true),
        "ValidationSettings.EnableValidation",
        validation,
        "true",
        "Set it.",
      ),
    ];
  },
};

function logMistakes(settings: Value, part: string): string[] {
  const components = items(at(settings, "Logging", "LogComponents"));
  const level = at(
    components.find((one) => at(one, "Id") === part),
    "Severity",
  );
  return must(
    canMatch(level, LOG_LEVEL),
    `Logging of ${part}`,
    level,
    "LOGGER_SEVERITY_DEFAULT",
    "Set it: less says nothing, more logs rows.",
  );
}

export const replicationNoLoop: StackRule = {
  id: "dms-no-loop",
  title:
    "Of two tasks in opposite directions none starts by itself, unless they know their own changes",
  severity: "mandatory",
  controls: { other: ["AWS DMS user guide, bidirectional replication"] },
  types: [TASK],
  checkStack: (resources) => {
    const tasks = ofTypes(resources, TASK);
    return tasks
      .filter((task) => task.properties.startReplicationTask === true && !preventsLoops(task))
      .filter((task) => tasks.some((other) => other !== task && isReverse(task, other, resources)))
      .map((resource) => ({
        resource,
        message:
          "startReplicationTask: got true beside a task in the other direction, allowed: false, or LoopbackPreventionSettings in both. Leave the start to the switchover.",
      }));
  },
};

function preventsLoops({ properties: { replicationTaskSettings } }: Resource): boolean {
  const settings = parsed(replicationTaskSettings);
  return !isMissing(at(settings, "LoopbackPreventionSettings"));
}

/** Whether one reads from a color that the other writes to, both ways, as far as their names tell. */
function isReverse(task: Resource, other: Resource, resources: readonly Resource[]): boolean {
  const [source, target] = endsOf(task, resources);
  const [otherSource, otherTarget] = endsOf(other, resources);
  const sameSide = (one: Resource | undefined, two: Resource | undefined) =>
    one !== undefined && two !== undefined && sideOf(one) === sideOf(two);
  return sameSide(source, otherTarget) && sameSide(target, otherSource);
}

function endsOf(task: Resource, resources: readonly Resource[]): (Resource | undefined)[] {
  const endpoints = ofTypes(resources, ENDPOINT);
  return ["sourceEndpointArn", "targetEndpointArn"].map((property) =>
    endpoints.find((endpoint) => namesResource(task, property, endpoint) === true),
  );
}

/** `blue` of `blue-source-prod`. */
function sideOf({ name }: Resource): string {
  return name.split("-")[0] ?? "";
}
