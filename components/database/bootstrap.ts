import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseUser } from "../../lambdas/bootstrap/contract";
import { createHandler, statementTexts } from "../../lambdas/bootstrap/handler";
import { COLORS, type Color, otherColor } from "../../lambdas/cutover/contract";
import { type CommonArgs, policyDocument, resourceName } from "../common";
import {
  createFunction,
  createFunctionLogs,
  createFunctionRole,
} from "../functions/lambdaFunction";
import { preparationStatements, startStatements } from "./bootstrapPermissions";

/** A cluster that is to be prepared. */
export interface BootstrapCluster {
  arn: pulumi.Input<string>;
  masterSecretArn: pulumi.Input<string>;
  userSecretArns: { readonly [user in DatabaseUser]: pulumi.Input<string> };
  /** Changes when the secrets are made anew: the users then get their new passwords. */
  credentialsVersion: string;
  /** The cluster answers once these are there. */
  instances: readonly pulumi.Resource[];
}

export interface DatabaseBootstrapArgs extends CommonArgs {
  clusters: { [color in Color]: BootstrapCluster };
  keyArns: {
    secrets: pulumi.Input<string>;
    logs: pulumi.Input<string>;
    compute: pulumi.Input<string>;
  };
  region: string;
  logRetentionDays: number;
}

/** As long as a serverless cluster may take to wake up, a few times over. */
const TIMEOUT_SECONDS = 300;

/**
 * Makes the users of both databases, their grants, and what replication and switchover need: once for
 * each cluster, and again when the program's statements change. Each run brings a cluster from
 * wherever it is to where it should be.
 *
 * It runs outside the VPC, through the RDS Data API, as the master user, whose password AWS keeps.
 */
export class DatabaseBootstrap extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly roleName: pulumi.Output<string>;
  public readonly clusters: { readonly [color in Color]: BootstrapCluster };

  constructor(name: string, args: DatabaseBootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:database:DatabaseBootstrap", name, {}, opts);
    const logGroup = createFunctionLogs(
      "db-bootstrap",
      { ...args, logsKeyArn: args.keyArns.logs },
      this,
    );
    const { role, policy } = createRole(logGroup, args, this);
    const bootstrap = createFunction(
      "db-bootstrap",
      {
        ...args,
        description: `Prepares the databases of ${args.environment}`,
        callbackFactory: () => createHandler(),
        role,
        logGroup,
        timeoutSeconds: TIMEOUT_SECONDS,
        computeKeyArn: args.keyArns.compute,
      },
      this,
    );
    for (const color of COLORS) prepare(color, bootstrap, policy, args, this);
    this.functionName = bootstrap.name;
    this.roleName = role.name;
    this.clusters = args.clusters;
    this.registerOutputs({ functionName: this.functionName });
  }
}

function createRole(
  logGroup: aws.cloudwatch.LogGroup,
  args: DatabaseBootstrapArgs,
  parent: pulumi.Resource,
) {
  const clusters = COLORS.map((color) => args.clusters[color]);
  const resources = pulumi.output({
    clusterArns: clusters.map(({ arn }) => arn),
    secretArns: clusters.flatMap(({ masterSecretArn, userSecretArns }) => [
      masterSecretArn,
      ...Object.values(userSecretArns),
    ]),
    secretsKeyArn: args.keyArns.secrets,
    logGroupArn: logGroup.arn,
    region: args.region,
  });
  const statements = resources.apply(preparationStatements);
  return createFunctionRole("db-bootstrap", { ...args, statements }, parent);
}

function prepare(
  color: Color,
  bootstrap: aws.lambda.Function,
  policy: aws.iam.RolePolicy,
  args: DatabaseBootstrapArgs,
  parent: pulumi.Resource,
) {
  const cluster = args.clusters[color];
  new aws.lambda.Invocation(
    resourceName("db-bootstrap", args.environment, color),
    {
      functionName: bootstrap.name,
      input: pulumi.jsonStringify({ verb: "prepare", ...accessTo(cluster) }),
      triggers: {
        statements: createHash("sha256").update(JSON.stringify(statementTexts())).digest("hex"),
        credentials: cluster.credentialsVersion,
      },
    },
    { parent, dependsOn: [...cluster.instances, policy] },
  );
}

/** `ClusterAccess` of the contract. */
function accessTo({ arn, masterSecretArn, userSecretArns }: BootstrapCluster) {
  return { clusterArn: arn, masterSecretArn, userSecretArns };
}

export interface ReplicationStartArgs extends CommonArgs {
  bootstrap: DatabaseBootstrap;
  /** The color whose database takes writes at first. */
  firstWriter: Color;
  /** By the color that a task reads from. */
  taskArns: { [source in Color]: pulumi.Input<string> };
  /** The task that feeds it from an on-premises database. @default there is none */
  legacyTaskArn?: pulumi.Input<string>;
  /** What has to be in place before accounts are locked and rows move. */
  after: pulumi.Resource[];
}

/**
 * Settles once which database takes writes, and starts replication from there. Where a task has run
 * before, it changes nothing: from then on the controller decides.
 */
export class ReplicationStart extends pulumi.ComponentResource {
  constructor(name: string, args: ReplicationStartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:database:ReplicationStart", name, {}, opts);
    const { environment, bootstrap, firstWriter, legacyTaskArn } = args;
    const taskArn = args.taskArns[firstWriter];
    const started = pulumi.all([taskArn, ...(legacyTaskArn === undefined ? [] : [legacyTaskArn])]);
    const policy = new aws.iam.RolePolicy(
      resourceName("replication-start-policy", environment),
      {
        role: bootstrap.roleName,
        policy: started.apply((arns) => policyDocument(startStatements(arns))),
      },
      { parent: this },
    );
    new aws.lambda.Invocation(
      resourceName("replication-first-start", environment),
      {
        functionName: bootstrap.functionName,
        input: pulumi.jsonStringify({
          verb: "start",
          taskArn,
          reverseTaskArn: args.taskArns[otherColor(firstWriter)],
          ...(legacyTaskArn !== undefined && { legacyTaskArn }),
          source: accessTo(bootstrap.clusters[firstWriter]),
          target: accessTo(bootstrap.clusters[otherColor(firstWriter)]),
        }),
      },
      // Once: who is live later is not who was first.
      { parent: this, dependsOn: [bootstrap, policy, ...args.after], ignoreChanges: ["input"] },
    );
    this.registerOutputs({});
  }
}
