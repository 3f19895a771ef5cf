import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import type { CutoverController } from "../components/cutover/controller";
import type { LoadBalancer } from "../components/edge/loadBalancer";
import { Parameters } from "../components/parameters/parameters";
import { COLORS, type Color } from "../lambdas/cutover/contract";
import type { Colors } from "./colors";
import type { ServiceSurroundings } from "./edge";
import type { Data, Foundation } from "./layers";

/** What is told of an environment. */
interface Known {
  balancer: LoadBalancer;
  colors: Colors;
  controller: CutoverController;
  data: Data;
}

/**
 * What an application or an operator needs, by name: `/payments/<environment>/<color>/...` for a color,
 * `/payments/<environment>/cutover/...` for the controller. Beside them stands the writer pointer,
 * `/payments/<environment>/database/writer`, which is the controller's and not encrypted: it changes
 * in the middle of a switchover, where nothing more may fail than has to.
 */
export function createParameters(known: Known, around: ServiceSurroundings): void {
  for (const color of COLORS)
    create(color, `${color}-parameter`, ofColor(color, known, around.foundation), around);
  create("cutover", "cutover-parameter", ofCutover(known, around), around);
}

function create(
  part: string,
  kind: string,
  values: { [name: string]: pulumi.Input<string> },
  { settings, foundation, parent }: ServiceSurroundings,
): void {
  const { environment, tags } = settings;
  new Parameters(
    resourceName(`${kind}s`, environment),
    {
      environment,
      tags,
      path: `/payments/${environment}/${part}`,
      kind,
      values,
      secretsKeyArn: foundation.keyArns.secrets,
    },
    { parent },
  );
}

function ofColor(
  color: Color,
  { balancer, colors, data }: Known,
  { privateSubnetIds, securityGroupIds }: Foundation,
): { [name: string]: pulumi.Input<string> } {
  const { writerEndpoint, readerEndpoint, port, secretArns } = data.clusters[color];
  const { serviceArn, migrationTaskArn } = colors.services[color];
  return {
    "database/writer-endpoint": writerEndpoint,
    "database/reader-endpoint": readerEndpoint,
    "database/port": pulumi.output(port).apply(String),
    "database/application-secret-arn": secretArns.application,
    "database/migration-secret-arn": secretArns.migration,
    // Of the task that reads this color's database.
    "replication/task-arn": data.replication.tasks[color].arn,
    "service/arn": serviceArn,
    "service/cluster-arn": colors.cluster.arn,
    "service/image": colors.images[color],
    "service/target-group-arn": balancer.targetGroups[color].arn,
    // What a one-off task is run with, apart from what it is.
    "service/subnet-ids": privateSubnetIds.apply((ids) => ids.join(",")),
    "service/security-group-id": securityGroupIds.application,
    ...(migrationTaskArn && { "service/migration-task-arn": migrationTaskArn }),
    ...(balancer.urls && { "service/url": balancer.urls[color] }),
  };
}

function ofCutover(
  { controller, data }: Known,
  { settings }: ServiceSurroundings,
): { [name: string]: pulumi.Input<string> } {
  return {
    "function-name": controller.functionName,
    "topic-arn": controller.topicArn,
    "table-name": data.stateTable.name,
    // A cutover keeps the plan that it started with; this is the one of the next.
    plan: JSON.stringify(settings.plan),
  };
}
