import * as pulumi from "@pulumi/pulumi";
import type { Color, Plan } from "../lambdas/cutover/contract";
import type { FieldValues } from "./fields";
import type { Layer } from "./layers";
import { type Mistake, readFields } from "./readFields";

/** Where the program runs: what Pulumi tells about the stack, apart from its configuration. */
export interface StackIdentity {
  organization: string;
  project: string;
  stack: string;
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
  readonly backup: {
    readonly lock: "governance" | "none";
    /** Region that keeps a copy of the daily backups; undefined: none does. */
    readonly copyRegion: string | undefined;
  };
  readonly service: {
    readonly port: number;
    readonly healthCheckPath: string;
    readonly cpu: number;
    readonly memory: number;
    readonly tasksPerColor: number;
    readonly images: { readonly [color in Color]: string };
    /** Undefined: clients come over plain HTTP. */
    readonly certificateArn: string | undefined;
  };
  readonly listener: { readonly protocol: "HTTPS" | "HTTP"; readonly port: number };
  readonly live: Color;
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
  if (values.backupCopyRegion && values.backupCopyRegion === raw["aws:region"])
    mistakes.push({
      key: "payments:backupCopyRegion",
      message: `got ${values.backupCopyRegion}, allowed: any Region but aws:region. A copy beside the original is lost with it.`,
    });
  // Rules between keys are judged on the keys that are right by themselves.
  mistakes.push(...contradictions(values));
  if (mistakes.length > 0) throw new pulumi.RunError(describe(mistakes, identity));
  return deepFreeze(assemble(values as FieldValues, raw, identity));
}

/** Failures among the least number of payments that must not take a release back. */
const LEAST_TOLERATED_FAILURES = 2;

function contradictions(values: Partial<FieldValues>): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (key: string, message: string) => mistakes.push({ key: `payments:${key}`, message });
  const { layers, upstream } = values;
  if (layers !== undefined && upstream !== undefined) {
    if (layers[0] !== "foundation" && upstream === "")
      add(
        "upstream",
        `got nothing, but this stack owns only ${layers.join(" and ")}. Name the stack that owns the layers below.`,
      );
    if (layers[0] === "foundation" && upstream !== "")
      add(
        "upstream",
        `got ${upstream}, but this stack owns its lowest layer and reads from none. Empty it, or take foundation out of payments:layers.`,
      );
  }
  if (layers?.includes("service")) mistakes.push(...serviceContradictions(values));
  const { maxErrorsPerThousand: limit = 1, minimumPayments: payments = Infinity } = values;
  if (limit * payments < LEAST_TOLERATED_FAILURES * 1000)
    add(
      "minimumPayments",
      `got ${payments}, allowed: at least ${Math.ceil((LEAST_TOLERATED_FAILURES * 1000) / limit)} beside payments:maxErrorsPerThousand of ${limit}. With fewer, one or two failures, which every release has, take a good release back.`,
    );
  const { databaseMinCapacity: least = 0, databaseMaxCapacity: most = Infinity } = values;
  if (least > most)
    add(
      "databaseMinCapacity",
      `got ${least}, allowed: at most payments:databaseMaxCapacity, which is ${most}.`,
    );
  return mistakes;
}

/** Rules that hold only where the service layer is deployed. */
function serviceContradictions(values: Partial<FieldValues>): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (key: string, message: string) => mistakes.push({ key: `payments:${key}`, message });
  for (const key of ["blueImage", "greenImage"] as const) {
    const image = values[key];
    if (image === "")
      add(key, "got nothing, allowed: an image. The service layer runs one in each color.");
    else if (image !== undefined && !image.includes("@sha256:") && values.allowImageTags === false)
      add(
        key,
        `got ${image}, allowed: an image pinned by digest (repository@sha256:...). A tag can be moved to another image; for development, payments:allowImageTags: true relaxes this.`,
      );
  }
  if (values.certificateArn === "" && values.allowPlainHttp === false)
    add(
      "certificateArn",
      "got nothing, allowed: the ARN of an ACM certificate. Clients come over HTTPS; for development, payments:allowPlainHttp: true relaxes this.",
    );
  if (values.certificateArn && values.allowPlainHttp)
    add(
      "allowPlainHttp",
      "got true beside a certificate. Set it to false, or empty payments:certificateArn.",
    );
  return mistakes;
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
    backup: { lock: values.backupLock, copyRegion: values.backupCopyRegion || undefined },
    service: {
      port: values.applicationPort,
      healthCheckPath: values.healthCheckPath,
      cpu: values.taskCpu,
      memory: values.taskMemory,
      tasksPerColor: values.tasksPerColor,
      images: { blue: values.blueImage, green: values.greenImage },
      certificateArn: values.certificateArn || undefined,
    },
    listener: plainHttp ? { protocol: "HTTP", port: 80 } : { protocol: "HTTPS", port: 443 },
    live: values.live,
    plan: {
      steps: values.cutoverSteps,
      limits: {
        maxErrorsPerThousand: values.maxErrorsPerThousand,
        minimumPayments: values.minimumPayments,
        longestHoldMinutes: values.longestHoldMinutes,
      },
    },
    tickSeconds: values.tickSeconds,
    deletionProtection: values.deletionProtection,
    logRetentionDays: values.logRetentionDays,
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
