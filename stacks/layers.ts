import type * as pulumi from "@pulumi/pulumi";
import type { KeyArns } from "../components/keys/keys";
import type { SecurityGroupIds } from "../components/network/flows";
import type { Color } from "../lambdas/cutover/contract";

/** The layers, lowest first. A layer reads only those below it. */
export const LAYERS = ["foundation", "data", "service"] as const;
export type Layer = (typeof LAYERS)[number];

/**
 * Version of the shapes below, exported with them. Raised when a reader of the old shape would
 * misread the new one.
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

/** What the foundation layer gives to the others. */
export interface FoundationShape {
  vpcId: string;
  publicSubnetIds: string[];
  privateSubnetIds: string[];
  /** Subnets with no way to the internet, for databases. */
  isolatedSubnetIds: string[];
  securityGroupIds: SecurityGroupIds;
  keyArns: KeyArns;
  /** Where AWS services tell people of failures. */
  alertsTopicArn: string;
  /** Ports that the network admits: a service on any other would not be reached. */
  ports: { listener: number; application: number };
}

/** One color's database. */
export interface ClusterShape {
  arn: string;
  writerEndpoint: string;
  readerEndpoint: string;
  port: number;
}

/** What the data layer gives to the service layer. */
export interface DataShape {
  clusters: { [color in Color]: ClusterShape };
  /** The controller's memory, which must outlive every release. */
  stateTable: { name: string; arn: string };
  /** The parameter that names the one database which takes writes. */
  writerPointer: { name: string; arn: string };
}

/** What the service layer gives to people and tools. */
export interface ServiceShape {
  albDnsName: string;
  cutoverFunctionName: string;
  cutoverTopicArn: string;
}

export type Foundation = Outputs<FoundationShape>;
export type Data = Outputs<DataShape>;
export type Service = Outputs<ServiceShape>;
