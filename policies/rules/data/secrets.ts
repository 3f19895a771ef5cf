import { areTemplatesKnown } from "../../cloudformation/adapter";
import { must } from "../../core/messages";
import { namesResource, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackFinding, StackRule } from "../../core/rule";
import {
  at,
  canBeWithin,
  isMissing,
  items,
  type Properties,
  UNKNOWN,
  type Value,
} from "../../core/values";

const SECRET = "aws:secretsmanager/secret:Secret";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const CLUSTER = "aws:rds/cluster:Cluster";

const MOST_DAYS = 30;

export const rotatedMonthly: ResourceRule = {
  id: "secret-rotation-30",
  title: "Rotations come every 30 days or sooner",
  severity: "mandatory",
  controls: {
    securityHub: ["SecretsManager.1", "SecretsManager.4"],
    checkov: ["CKV2_AWS_57", "CKV_AWS_304"],
  },
  types: [ROTATION],
  check: ({ properties: { rotationRules } }) => {
    const days = at(rotationRules, "automaticallyAfterDays");
    const expression = at(rotationRules, "scheduleExpression");
    if (isMissing(days) && expression !== undefined) return scheduleMistakes(expression);
    return must(
      canBeWithin(days, 1, MOST_DAYS),
      "rotationRules.automaticallyAfterDays",
      days,
      `1 to ${MOST_DAYS}`,
      "Shorten it.",
    );
  },
};

/** Other forms of schedules, such as cron's, can mean anything and are not read. */
function scheduleMistakes(expression: Value): string[] {
  const [, count = "", unit = ""] = /^rate\((\d+) (hour|day)s?\)$/.exec(String(expression)) ?? [];
  const days = Number(count) / (unit === "hour" ? 24 : 1);
  const known = expression === UNKNOWN || (count !== "" && days <= MOST_DAYS);
  return must(
    known,
    "rotationRules.scheduleExpression",
    expression,
    `rate(${MOST_DAYS} days) or sooner`,
    "Write it as a rate.",
  );
}

export const secretsRotated: StackRule = {
  id: "secret-rotated",
  title: "Every secret of a database's user is rotated",
  severity: "mandatory",
  controls: {
    securityHub: ["SecretsManager.1", "SecretsManager.4"],
    checkov: ["CKV2_AWS_57"],
  },
  types: [SECRET, CLUSTER],
  checkStack: (resources) => {
    if (!areTemplatesKnown(resources)) return [];
    const rotations = ofTypes(resources, ROTATION);
    const secrets = [
      ...ofTypes(resources, SECRET),
      ...ofTypes(resources, CLUSTER).flatMap(masterSecrets),
    ];
    return secrets.filter((secret) => !isRotated(secret, rotations)).map(notRotated);
  },
};

/** The secret that AWS makes for a cluster's master user, as if it were a resource of its own. */
function masterSecrets(cluster: Resource): Resource[] {
  return items(cluster.outputs.masterUserSecrets).map((secret) => {
    const outputs: Properties = { secretArn: at(secret, "secretArn") };
    return { ...cluster, properties: {}, outputs };
  });
}

function isRotated(secret: Resource, rotations: Resource[]): boolean {
  return rotations.some((rotation) => namesResource(rotation, "secretId", secret) !== false);
}

function notRotated(resource: Resource): StackFinding {
  const whose = resource.type === CLUSTER ? "the master user's secret" : "the secret";
  return {
    resource,
    message: `rotation: got none for ${whose}, allowed: one every ${MOST_DAYS} days. Add a SecretRotation.`,
  };
}
