import * as z from "zod";
import {
  DEFAULT_LIMITS,
  migrationMistakes,
  planMistakes,
  WEEKDAYS,
} from "../lambdas/cutover/contract";
import { parseCidr } from "./cidr";
import { array, choice, type Field, flag, integer, text } from "./fieldKinds";
import { LAYERS } from "./layers";

const OPTIONAL = "leave it empty if there is none";

/** What all steps have, whatever they move. */
const STEP = { bakeMinutes: z.number(), approval: z.string().exactOptional() };

/** An on-premises MySQL database that feeds the one which takes writes: all of these, or none. */
const LEGACY_FIELDS = {
  legacyHost: text(
    z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$/i),
    "a host name or an IPv4 address",
    `Use the name in the server's certificate; ${OPTIONAL}.`,
    "",
  ),
  legacyPort: integer(1, 65535, "Where the server listens.", 3306),
  legacyCidr: text(
    z.string().refine((cidr) => cidr === "" || parseCidr(cidr) !== undefined),
    "an IPv4 network with no bits set behind its mask, such as 192.168.10.0/24",
    `Name the network of the server, as narrow as it is; ${OPTIONAL}.`,
    "",
  ),
  legacyDatabase: text(
    z.string().regex(/^\w{1,64}$/),
    "1 to 64 letters, digits and underscores",
    "Name the schema that holds the payments there.",
    "payments",
  ),
  legacySecretArn: text(
    z.string().regex(/^(arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+)?$/),
    "the ARN of a secret that holds username, password, host and port as JSON",
    `Make it in Secrets Manager, in this region; ${OPTIONAL}.`,
    "",
  ),
  legacyCaCertificate: text(
    z
      .string()
      .regex(/^(\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)*$/),
    "certificates in PEM form",
    `Give the certificate of the authority that signed the server's; ${OPTIONAL}.`,
    "",
  ),
};

/** Every key under `payments:`, by its name. The one list of them. */
export const FIELDS = {
  environment: text(
    z.string().regex(/^[a-z][a-z0-9]{1,9}$/),
    "2 to 10 lower-case letters and digits, beginning with a letter",
    "Choose a short name: it is a part of names that AWS limits to 32 characters.",
  ),
  project: text(
    tagValue(),
    "1 to 128 letters, digits, spaces and _.:/=+-@",
    "It becomes a tag on every resource.",
    "payments",
  ),
  costCenter: text(
    tagValue(),
    "1 to 128 letters, digits, spaces and _.:/=+-@",
    "It becomes a tag on every resource.",
  ),
  accountId: text(
    z.string().regex(/^(\d{12})?$/),
    "an AWS account of 12 digits, in quotes",
    `Put it in quotes, so that YAML keeps leading zeros; ${OPTIONAL}.`,
    "",
  ),
  layers: array(
    z.array(z.enum(LAYERS)).min(1).refine(isRun),
    `one or more neighbors of ${LAYERS.join(", ")}, in this order`,
    "Name the layers that this stack owns.",
    [...LAYERS],
  ),
  upstream: text(
    z.string().regex(/^([\w.-]+(\/[\w.-]+\/[\w.-]+)?)?$/),
    "a stack as name or organization/project/name",
    `Name the stack that owns the layers which this one does not; ${OPTIONAL}.`,
    "",
  ),
  vpcCidr: text(
    z.string().refine(isVpcRange),
    "an IPv4 network of /16 or /17 with no bits set behind its mask, such as 10.20.0.0/16",
    "Choose a range that no other connected network uses.",
    "10.20.0.0/16",
  ),
  availabilityZones: integer(2, 3, "Use 3: a majority is left when one is lost.", 3),
  natGateways: choice(
    ["one-per-zone", "single"],
    "Use one-per-zone wherever the loss of a zone must not take the others offline.",
    "one-per-zone",
  ),
  interfaceEndpoints: choice(
    ["used", "none"],
    "Use none only where calls to AWS may go through NAT.",
    "used",
  ),
  databaseEngineVersion: text(
    // Ends of support, from AWS's release calendar: 3.10 (long-term) 2028-04-30, 3.12 2027-02-17.
    z.string().regex(/^8\.0\.mysql_aurora\.3\.(10|12)\.\d+$/),
    "a version of the supported lines 8.0.mysql_aurora.3.10.* (long-term support) and 8.0.mysql_aurora.3.12.*",
    "Use the 3.10 line unless you need what only 3.12 has.",
    "8.0.mysql_aurora.3.10.4",
  ),
  databaseInstanceClass: text(
    // The RDS Data API, through which databases are prepared and switched, leaves the t classes out.
    z.string().regex(/^db\.(serverless|(?!t\d)[a-z0-9]+\.[a-z0-9]+)$/),
    "db.serverless or an instance class such as db.r6g.large, but none of the db.t classes",
    "Pick a class that Aurora MySQL offers in your region, with the RDS Data API.",
    "db.r6g.large",
  ),
  databaseInstancesPerCluster: integer(1, 15, "Use 3 for one in each zone.", 3),
  databaseMinCapacity: integer(0, 256, "Aurora capacity units of a db.serverless instance.", 1),
  databaseMaxCapacity: integer(1, 256, "Aurora capacity units of a db.serverless instance.", 16),
  replicationEngineVersion: text(
    // AWS's release notes: 3.5.3 and 3.6.0 take no new instances any more; 3.6.1 ends 2027-06-30.
    z.string().regex(/^(3\.5\.4|3\.6\.[1-9]\d*)$/),
    "3.5.4 or 3.6.1 and newer patches of 3.6",
    "Compare with `aws dms describe-orderable-replication-instances`.",
    "3.6.1",
  ),
  replicationInstanceClass: text(
    z.string().regex(/^dms\.[a-z0-9]+\.[a-z0-9]+$/),
    "an instance class of AWS DMS such as dms.r6i.large",
    "Memory helps replication most: prefer the r classes.",
    "dms.r6i.large",
  ),
  replicationMultiAz: flag("Keep it true wherever replication must survive a zone.", true),
  replicationAccountRoles: choice(
    ["create", "existing"],
    "Use existing where the account has dms-vpc-role and dms-cloudwatch-logs-role already.",
    "create",
  ),
  ...LEGACY_FIELDS,
  backupRetentionDays: integer(
    7,
    35,
    "35 is the most that Aurora keeps; fewer than 7 is not enough to find out about a loss.",
    7,
  ),
  backupLock: choice(
    ["governance", "none"],
    "Use none only where backups may be shortened or deleted.",
    "governance",
  ),
  backupCopyRegion: text(
    z.string().regex(/^([a-z]{2}(-[a-z]+)+-\d)?$/),
    "an AWS Region such as us-west-2",
    `Name the Region that keeps a copy of the daily backups; ${OPTIONAL}.`,
    "",
  ),
  blueImage: image(),
  greenImage: image(),
  allowImageTags: flag("Keep it false outside development."),
  migrationCommand: array(
    z.array(z.string().min(1)),
    "a list of words such as [node, migrate.js]",
    "Name what runs in the image to change the tables of a cluster; leave it empty if it has none.",
    [],
  ),
  applicationPort: integer(1024, 65535, "Use a port above 1023: the container has no root.", 8443),
  healthCheckPath: text(
    z.string().regex(/^\/[\w\-./~%]*$/),
    "an absolute path such as /healthz/ready",
    "Name the path that answers 200 when a task can take payments.",
    "/healthz/ready",
  ),
  taskCpu: integer(256, 16384, "CPU units that Fargate offers: 256, 512, 1024, 2048, ...", 1024),
  taskMemory: integer(512, 122880, "MiB that Fargate offers for the CPU units.", 2048),
  taskCapacity: choice(
    ["on-demand", "spot"],
    "Use spot only where AWS may take a task away at any time.",
    "on-demand",
  ),
  tasksPerColor: integer(1, 100, "Use 3 for one in each zone.", 3),
  maxTasksPerColor: integer(1, 1000, "Twice what the peak needs, for the loss of a zone.", 12),
  requestsPerTaskPerSecond: integer(1, 10_000, "What a load test shows that one task serves.", 50),
  domainName: text(
    z
      .string()
      .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+)?$/),
    "a name such as pay.example.com, in lower case",
    `Name where clients come; ${OPTIONAL}.`,
    "",
  ),
  hostedZoneId: text(
    z.string().regex(/^(Z[A-Z0-9]{1,31})?$/),
    "the ID of a public hosted zone of Route 53, such as Z0123456789ABC",
    `Copy it from Route 53; ${OPTIONAL}: then the names are made elsewhere.`,
    "",
  ),
  legacyAddresses: networks(
    32,
    100,
    "the IPv4 addresses at which clients come on-premises, each as a.b.c.d/32",
    "They share the domain with AWS, by weights, until the migration is over.",
  ),
  testCidrs: networks(
    0,
    4,
    "IPv4 networks, at most 4, such as 203.0.113.0/24",
    "Name who may use the colors' own names: what is posted there is a real payment.",
  ),
  certificateArn: text(
    z.string().regex(/^(arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+)?$/),
    "the ARN of an ACM certificate",
    `Copy it from ACM, in the region of the load balancer; ${OPTIONAL}.`,
    "",
  ),
  webFirewall: choice(["block", "count"], "Use count only where no attack matters.", "block"),
  requestsPerFiveMinutesPerIp: integer(
    10,
    2_000_000_000,
    "More than any single client sends.",
    3000,
  ),
  partnerCidrs: networks(
    0,
    1000,
    "IPv4 networks such as 198.51.100.0/24",
    "Name partners who send many payments from few addresses: the rate does not bind them.",
  ),
  allowPlainHttp: flag("Keep it false outside development."),
  live: choice(["blue", "green"], "Name the color that should carry the payments.", "blue"),
  releaseGate: choice(
    ["attached", "detached", "none"],
    "Use detached where a cutover takes too long for a deployment to wait, none where people start it.",
    "attached",
  ),
  cutoverSteps: steps(),
  migrationSteps: migrationSteps(),
  freezeTimeZone: text(
    z.string().min(1),
    "a name of the time zone database, such as Europe/Berlin",
    "It is the one in which payments:freezeWindows are told.",
    "UTC",
  ),
  freezeWindows: array(
    z.array(z.strictObject({ days: z.array(z.enum(WEEKDAYS)), from: z.string(), to: z.string() })),
    'a list of { days: [fri], from: "18:00", to: "08:00" }',
    "Name when no payments may be moved on; leave it empty if they may at any time.",
    [],
  ),
  maxErrorsPerThousand: integer(1, 999, "10 is one percent.", 10),
  minimumPayments: integer(
    1,
    1_000_000,
    "At 10 % of 50,000 an hour, 200 take about two and a half minutes.",
    200,
  ),
  maxP99Milliseconds: integer(
    1,
    60_000,
    "500 is what the users of a payment page bear.",
    DEFAULT_LIMITS.maxP99Milliseconds,
  ),
  releasesPerFalseRollback: integer(
    2,
    1_000_000,
    "A thousand is one good release in a thousand taken back; more makes a rollback come later.",
    DEFAULT_LIMITS.releasesPerFalseRollback,
  ),
  stepsPerFalsePromotion: integer(
    2,
    1_000_000,
    "More makes steps longer: 20 take about 360 payments without a failure at a limit of 10 per thousand.",
    DEFAULT_LIMITS.stepsPerFalsePromotion,
  ),
  cutoverWithoutEvidence: flag("Set it only where nobody pays."),
  expectedPaymentsPerHour: integer(
    0,
    1_000_000_000,
    "An alarm tells of less than half of it; 0 means that none does.",
    50_000,
  ),
  longestHoldMinutes: integer(1, 1440, "A step that learns nothing for so long is taken back.", 30),
  tickSeconds: integer(5, 60, "10 is what the bake times are made for.", 10),
  deletionProtection: flag("Keep it true wherever data matters.", true),
  logRetentionDays: retention(),
  auditTrail: choice(
    ["create", "none"],
    "Use none where an organization's trail records this account.",
    "create",
  ),
} as const;

export type FieldKey = keyof typeof FIELDS;
export type FieldValues = {
  -readonly [K in FieldKey]: (typeof FIELDS)[K] extends Field<infer T> ? T : never;
};

function image(): Field<string> {
  return text(
    z.string().regex(/^([\w.-]+(:\d+)?(\/[\w.-]+)+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?)?$/),
    "an image with its registry, as registry/repository@sha256:...",
    `Name the image that the color runs; ${OPTIONAL}.`,
    "",
  );
}

/**
 * @param prefix the one length of mask that is allowed; 0: any but /0
 * @param most how many there may be
 */
function networks(prefix: number, most: number, allowed: string, advice: string): Field<string[]> {
  const fits = (cidr: string) => {
    const range = parseCidr(cidr);
    if (range === undefined) return false;
    // The whole internet is no network that one means to name.
    return prefix === 0 ? range.prefix > 0 : range.prefix === prefix;
  };
  return array(
    z.array(z.string().refine(fits)).max(most),
    allowed,
    `${advice} Leave it empty if there are none.`,
    [],
  );
}

/** Steps that keep the rules of the plan. */
function keptBy<T>(step: z.ZodType<T>, mistakesOf: (steps: T[]) => string[]) {
  return z.array(step).check((context) => {
    for (const message of mistakesOf(context.value))
      context.issues.push({ code: "custom", message, input: context.value });
  });
}

function steps() {
  const counts = { maxErrorsPerThousand: 1, minimumPayments: 1, longestHoldMinutes: 1 };
  const limits = { ...DEFAULT_LIMITS, ...counts };
  return array(
    keptBy(
      z.strictObject({
        weightPercent: z.number(),
        ...STEP,
        switchover: z.literal(true).exactOptional(),
      }),
      (steps) => planMistakes({ steps, limits }),
    ),
    "a list of { weightPercent: 1 to 100, bakeMinutes: 0 to 1440 } with rising weights that end at 100; approval beside them asks a person, switchover: true in one of them, not the last, moves the database writer",
    "See Pulumi.yaml for a plan that works.",
    [
      { weightPercent: 10, bakeMinutes: 5 },
      { weightPercent: 50, bakeMinutes: 10 },
      { weightPercent: 90, bakeMinutes: 10 },
      { weightPercent: 100, bakeMinutes: 15 },
    ],
  );
}

function migrationSteps() {
  return array(
    keptBy(z.strictObject({ awsPercent: z.number(), ...STEP }), migrationMistakes),
    "a list of { awsPercent: 1 to 100, bakeMinutes: 0 to 1440 } with rising shares that end at 100; approval beside them asks a person",
    "See Pulumi.yaml for a plan that works.",
    [
      { awsPercent: 2, bakeMinutes: 60 },
      { awsPercent: 10, bakeMinutes: 60 },
      { awsPercent: 50, bakeMinutes: 60 },
      { awsPercent: 100, bakeMinutes: 60 },
    ],
  );
}

/** The retentions that CloudWatch Logs accepts, in days (API reference of PutRetentionPolicy). */
function retention(): Field<number> {
  const days = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
  ];
  const schema = z.number().refine((value) => days.includes(value));
  const advice = "CloudWatch Logs knows no other numbers; PCI DSS asks for at least 365.";
  return { type: "integer", schema, allowed: `one of ${days.join(", ")}`, advice, default: 400 };
}

function tagValue() {
  return z.string().regex(/^[\w .:/=+\-@]{1,128}$/);
}

/** Whether the layers are neighbors in the order of LAYERS. */
function isRun(layers: string[]): boolean {
  return LAYERS.join().includes(layers.join());
}

function isVpcRange(cidr: string): boolean {
  const range = parseCidr(cidr);
  return range !== undefined && (range.prefix === 16 || range.prefix === 17);
}
