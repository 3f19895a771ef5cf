import * as pulumi from "@pulumi/pulumi";
import type { Color, Plan } from "../lambdas/cutover/contract";
import { contradictions } from "./contradictions";
import type { FieldValues } from "./fields";
import type { Layer } from "./layers";
import { type Mistake, readFields } from "./readFields";

/** Where the program runs: what Pulumi tells about the stack, apart from its configuration. */
export interface StackIdentity {
  organization: string;
  project: string;
  stack: string;
}

/** An on-premises MySQL database, and the way to it. */
export interface Legacy {
  readonly host: string;
  readonly port: number;
  /** Network of the server. */
  readonly cidr: string;
  /** Schema that holds the payments there. */
  readonly database: string;
  /** Secret with username, password, host and port as JSON. */
  readonly secretArn: string;
  /** Of the authority that signed the server's certificate. */
  readonly caCertificatePem: string;
}

/** Everything that can be set, checked and frozen. The one source of configuration. */
export interface Settings {
  readonly environment: string;
  readonly region: string;
  /** The only account that may be touched; undefined: any. */
  readonly accountId: string | undefined;
  /** Named AWS profile of the person who runs Pulumi; undefined: the default credentials. */
  readonly profile: string | undefined;
  readonly tags: { readonly [name in "Environment" | "Project" | "CostCenter"]: string };
  readonly layers: readonly Layer[];
  /** Full name of the stack that owns the other layers; undefined: this one owns all. */
  readonly upstream: string | undefined;
  readonly network: {
    readonly cidr: string;
    readonly availabilityZones: number;
    readonly natGateways: "single" | "one-per-zone";
    readonly interfaceEndpoints: "used" | "none";
  };
  readonly database: {
    readonly engineVersion: string;
    readonly instanceClass: string;
    readonly instancesPerCluster: number;
    /** Aurora capacity units; only for db.serverless. */
    readonly minCapacity: number;
    readonly maxCapacity: number;
  };
  readonly replication: {
    readonly engineVersion: string;
    readonly instanceClass: string;
    readonly multiAz: boolean;
    readonly accountRoles: "create" | "existing";
  };
  /** On-premises database that feeds the one which takes writes; undefined: there is none. */
  readonly legacy: Legacy | undefined;
  readonly backup: {
    readonly retentionDays: number;
    readonly lock: "governance" | "none";
    /** Region that keeps a copy of the daily backups; undefined: none does. */
    readonly copyRegion: string | undefined;
  };
  readonly service: {
    readonly port: number;
    readonly healthCheckPath: string;
    readonly cpu: number;
    readonly memory: number;
    readonly capacity: "on-demand" | "spot";
    readonly tasksPerColor: number;
    readonly maxTasksPerColor: number;
    readonly requestsPerTaskPerSecond: number;
    readonly images: { readonly [color in Color]: string };
    /** What runs in the image to change a cluster's tables; empty: it has no such thing. */
    readonly migrationCommand: readonly string[];
  };
  readonly edge: {
    /** Undefined: clients come to the load balancer's own name. */
    readonly domainName: string | undefined;
    /** Undefined: somebody else makes the names. */
    readonly hostedZoneId: string | undefined;
    /** Undefined: one is made in the hosted zone, or clients come over plain HTTP. */
    readonly certificateArn: string | undefined;
    /** IPv4 addresses of the on-premises endpoint; empty: there is none. */
    readonly legacyAddresses: readonly string[];
    readonly testCidrs: readonly string[];
    readonly webFirewall: "block" | "count";
    readonly requestsPerFiveMinutesPerIp: number;
    readonly partnerCidrs: readonly string[];
  };
  readonly observability: {
    /** Undefined: no alarm tells of too few payments. */
    readonly expectedPaymentsPerHour: number | undefined;
    readonly auditTrail: "create" | "none";
  };
  readonly listener: { readonly protocol: "HTTPS" | "HTTP"; readonly port: number };
  readonly live: Color;
  /** Whether a change of `live` starts a cutover, and whether the deployment waits for its end. */
  readonly releaseGate: "attached" | "detached" | "none";
  readonly plan: Plan;
  readonly tickSeconds: number;
  readonly deletionProtection: boolean;
  readonly logRetentionDays: number;
}

/** Reads the stack's configuration. Throws one error that holds every mistake. */
export function readSettings(): Settings {
  const identity = {
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
  };
  return parseSettings(pulumi.runtime.allConfig(), identity);
}

/** Makes settings of raw configuration (`namespace:key` to text). Pure but for the error it throws. */
export function parseSettings(raw: { [key: string]: string }, identity: StackIdentity): Settings {
  const { values, mistakes } = readFields(raw, identity.project);
  if (raw["aws:region"] === undefined)
    mistakes.push({
      key: "aws:region",
      message:
        "got nothing, allowed: a region such as us-east-1. Set it with `pulumi config set aws:region us-east-1`.",
    });
  // Rules between keys are judged on the keys that are right by themselves.
  mistakes.push(...contradictions(values, raw["aws:region"]));
  if (mistakes.length > 0) throw new pulumi.RunError(describe(mistakes, identity));
  return deepFreeze(assemble(values as FieldValues, raw, identity));
}

function assemble(
  values: FieldValues,
  raw: { [key: string]: string },
  identity: StackIdentity,
): Settings {
  const { environment } = values;
  const plainHttp = values.allowPlainHttp;
  return {
    environment,
    region: raw["aws:region"] ?? "",
    accountId: values.accountId || undefined,
    profile: raw["aws:profile"],
    tags: { Environment: environment, Project: values.project, CostCenter: values.costCenter },
    layers: values.layers as Layer[],
    upstream: fullStackName(values.upstream, identity),
    network: {
      cidr: values.vpcCidr,
      availabilityZones: values.availabilityZones,
      natGateways: values.natGateways,
      interfaceEndpoints: values.interfaceEndpoints,
    },
    database: {
      engineVersion: values.databaseEngineVersion,
      instanceClass: values.databaseInstanceClass,
      instancesPerCluster: values.databaseInstancesPerCluster,
      minCapacity: values.databaseMinCapacity,
      maxCapacity: values.databaseMaxCapacity,
    },
    replication: {
      engineVersion: values.replicationEngineVersion,
      instanceClass: values.replicationInstanceClass,
      multiAz: values.replicationMultiAz,
      accountRoles: values.replicationAccountRoles,
    },
    legacy: assembleLegacy(values),
    backup: {
      retentionDays: values.backupRetentionDays,
      lock: values.backupLock,
      copyRegion: values.backupCopyRegion || undefined,
    },
    service: {
      port: values.applicationPort,
      healthCheckPath: values.healthCheckPath,
      cpu: values.taskCpu,
      memory: values.taskMemory,
      capacity: values.taskCapacity,
      tasksPerColor: values.tasksPerColor,
      maxTasksPerColor: values.maxTasksPerColor,
      requestsPerTaskPerSecond: values.requestsPerTaskPerSecond,
      images: { blue: values.blueImage, green: values.greenImage },
      migrationCommand: values.migrationCommand,
    },
    edge: assembleEdge(values),
    observability: {
      expectedPaymentsPerHour: values.expectedPaymentsPerHour || undefined,
      auditTrail: values.auditTrail,
    },
    listener: plainHttp ? { protocol: "HTTP", port: 80 } : { protocol: "HTTPS", port: 443 },
    live: values.live,
    releaseGate: values.releaseGate,
    plan: {
      steps: values.cutoverSteps,
      limits: {
        maxErrorsPerThousand: values.maxErrorsPerThousand,
        minimumPayments: values.minimumPayments,
        longestHoldMinutes: values.longestHoldMinutes,
        maxP99Milliseconds: values.maxP99Milliseconds,
        releasesPerFalseRollback: values.releasesPerFalseRollback,
        stepsPerFalsePromotion: values.stepsPerFalsePromotion,
      },
      ...(values.legacyAddresses.length > 0 && { migration: { steps: values.migrationSteps } }),
      ...(values.cutoverWithoutEvidence && { withoutEvidence: true as const }),
      ...(values.freezeWindows.length > 0 && {
        freeze: { timeZone: values.freezeTimeZone, windows: values.freezeWindows },
      }),
    },
    tickSeconds: values.tickSeconds,
    deletionProtection: values.deletionProtection,
    logRetentionDays: values.logRetentionDays,
  };
}

function assembleEdge(values: FieldValues): Settings["edge"] {
  return {
    domainName: values.domainName || undefined,
    hostedZoneId: values.hostedZoneId || undefined,
    certificateArn: values.certificateArn || undefined,
    legacyAddresses: values.legacyAddresses.map((cidr) => cidr.slice(0, cidr.indexOf("/"))),
    testCidrs: values.testCidrs,
    webFirewall: values.webFirewall,
    requestsPerFiveMinutesPerIp: values.requestsPerFiveMinutesPerIp,
    partnerCidrs: values.partnerCidrs,
  };
}

function assembleLegacy(values: FieldValues): Legacy | undefined {
  if (values.legacyHost === "") return undefined;
  return {
    host: values.legacyHost,
    port: values.legacyPort,
    cidr: values.legacyCidr,
    database: values.legacyDatabase,
    secretArn: values.legacySecretArn,
    caCertificatePem: values.legacyCaCertificate,
  };
}

/** Stack references need the full name; people write the short one. */
function fullStackName(upstream: string, { organization, project }: StackIdentity) {
  if (upstream === "") return undefined;
  return upstream.includes("/") ? upstream : `${organization}/${project}/${upstream}`;
}

function describe(mistakes: Mistake[], { stack }: StackIdentity): string {
  const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
  const lines = mistakes.map(({ key, message }) => `  ${key}: ${message}`);
  return [`${count} in the configuration of stack ${stack} (Pulumi.${stack}.yaml):`, ...lines].join(
    "\n",
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
