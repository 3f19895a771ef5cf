/** Hours that AWS counts a month as. */
export const HOURS_PER_MONTH = 730;

/** Where the prices are from and from when, as shown beside every sum. */
export const PRICES = {
  asOf: "2025 to June 2026",
  source: "AWS's on-demand list prices in us-east-1",
  /** What changes with use, or is small beside the rest. */
  notCounted:
    "traffic, load balancer capacity units, storage and I/O, backups, logs, metrics, requests and public IPv4 addresses",
} as const;

/** USD an hour: AWS's pricing pages of Amazon VPC, Elastic Load Balancing, Aurora and AWS Fargate. */
export const HOURLY = {
  natGateway: 0.045,
  loadBalancer: 0.0225,
  /** For each zone. */
  interfaceEndpoint: 0.01,
  auroraCapacityUnit: 0.12,
} as const;

/** USD a month: AWS's pricing pages of AWS KMS, Secrets Manager, AWS WAF and CloudWatch. */
export const MONTHLY = {
  key: 1,
  secret: 0.4,
  webAcl: 5,
  webAclRule: 1,
  metricAlarm: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
} as const;

interface TaskPrice {
  /** USD an hour. */
  cpu: number;
  /** USD an hour. */
  gigabyte: number;
}

/** For each vCPU and GB of a Fargate task on Linux: AWS Fargate's pricing page. */
export const FARGATE: { [architecture: string]: TaskPrice } = {
  ARM64: { cpu: 0.03238, gigabyte: 0.00356 },
  X86_64: { cpu: 0.04048, gigabyte: 0.004445 },
};

/** Part of the price that is paid for each capacity. That of Spot moves: about a third. */
export const FARGATE_SHARE: { [capacity: string]: number } = { FARGATE: 1, FARGATE_SPOT: 0.32 };

/** USD an hour of an Aurora Standard instance of size `large`: Amazon Aurora's pricing page. */
export const AURORA_LARGE: { [family: string]: number } = {
  "db.t4g": 0.146,
  "db.r6g": 0.26,
};

/** USD an hour of a replication instance in one zone, of size `large`: AWS DMS's pricing page. */
export const REPLICATION_LARGE: { [family: string]: number } = {
  "dms.t3": 0.146,
  "dms.r6i": 0.21,
};

/** Within a family the price follows the size. */
const LARGES: { [size: string]: number } = {
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
};

/** USD an hour of a class such as `db.r6g.xlarge`; undefined where no table has it. */
export function hourlyOf(table: { [family: string]: number }, instanceClass: string) {
  const [, family = "", size = ""] = /^(.+)\.([^.]+)$/.exec(instanceClass) ?? [];
  const [large, larges] = [table[family], LARGES[size]];
  return large === undefined || larges === undefined ? undefined : large * larges;
}
