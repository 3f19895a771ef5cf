import type * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { KEY_CLASSES } from "../components/keys/policies";
import { GROUPS } from "../components/network/flows";
import { DATABASE_USERS } from "../lambdas/bootstrap/contract";
import { COLORS } from "../lambdas/cutover/contract";

/** The layers, lowest first. A layer reads only those below it. */
export const LAYERS = ["foundation", "data", "service"] as const;
export type Layer = (typeof LAYERS)[number];

/**
 * Major version of the shapes below, exported with them. Raised when a reader of the old shape would
 * misread the new one; an output that is only added is missed by name where it is not there yet.
 */
export const SHAPE_VERSION = 1;

/** The same shape, each value as an output. */
export type Outputs<T> = {
  readonly [K in keyof T]: T[K] extends string | number | readonly string[]
    ? pulumi.Output<T[K]>
    : Outputs<T[K]>;
};

/** Where the program runs. */
export interface Caller {
  accountId: string;
  partition: string;
  region: string;
}

/**
 * What the foundation layer gives to the others. As schemas, because another stack's outputs come
 * without types: what is read of them is checked first.
 */
export const FOUNDATION_SHAPE = z.object({
  vpcId: z.string(),
  publicSubnetIds: z.array(z.string()),
  privateSubnetIds: z.array(z.string()),
  /** Subnets with no way to the internet, for databases. */
  isolatedSubnetIds: z.array(z.string()),
  securityGroupIds: z.record(z.enum(GROUPS), z.string()),
  keyArns: z.record(z.enum(KEY_CLASSES), z.string()),
  /** Where AWS services tell people of failures. */
  alertsTopicArn: z.string(),
  /** Ports that the network admits: a service on any other would not be reached. */
  ports: z.object({ listener: z.number(), application: z.number() }),
  /** `cidr:port` of the on-premises database that the network admits; empty where there is none. */
  legacyWay: z.string(),
});
export type FoundationShape = z.infer<typeof FOUNDATION_SHAPE>;

/** One color's database. */
const CLUSTER_SHAPE = z.object({
  arn: z.string(),
  writerEndpoint: z.string(),
  readerEndpoint: z.string(),
  port: z.number(),
  /** Secrets with the credentials of the database's users; never the credentials themselves. */
  secretArns: z.record(z.enum(DATABASE_USERS), z.string()),
});

/** One direction of replication, as AWS DMS and CloudWatch name it. */
const TASK_SHAPE = z.object({ arn: z.string(), id: z.string() });

/** What the data layer gives to the service layer. */
export const DATA_SHAPE = z.object({
  clusters: z.record(z.enum(COLORS), CLUSTER_SHAPE),
  replication: z.object({
    instanceId: z.string(),
    /** By the color that a task reads from. */
    tasks: z.record(z.enum(COLORS), TASK_SHAPE),
  }),
  alarms: z.object({
    /** Every alarm of the layer, for the dashboard. */
    arns: z.array(z.string()),
    /** Names of those that tell of replication lagging behind. */
    lagNames: z.array(z.string()),
  }),
  /** The controller's memory, which must outlive every release. */
  stateTable: z.object({ name: z.string(), arn: z.string() }),
  /** The parameter that names the one database which takes writes. */
  writerPointer: z.object({ name: z.string(), arn: z.string() }),
  /** The function that moves the writer. */
  switchoverFunction: z.object({ name: z.string(), arn: z.string() }),
});
export type DataShape = z.infer<typeof DATA_SHAPE>;

/** What the service layer gives to people and tools. */
export interface ServiceShape {
  albDnsName: string;
  /** Hosted zone of that name, for alias records. */
  albZoneId: string;
  cutoverFunctionName: string;
  cutoverTopicArn: string;
  dashboardName: string;
  refreshFunctionName: string;
}

export type Foundation = Outputs<FoundationShape>;
export type Data = Outputs<DataShape>;
export type Service = Outputs<ServiceShape>;
