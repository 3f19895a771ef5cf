import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { ApplicationCluster } from "../components/compute/applicationCluster";
import { ApplicationImage } from "../components/compute/applicationImage";
import { ColorService } from "../components/compute/colorService";
import type { LoadBalancer } from "../components/edge/loadBalancer";
import { type ConsumerArgs, CredentialRefresh } from "../components/refresh/credentialRefresh";
import { type Color, otherColor } from "../lambdas/cutover/contract";
import type { ServiceSurroundings } from "./edge";
import type { Data } from "./layers";

/** Both colors of the application. */
export interface Colors {
  cluster: ApplicationCluster;
  images: Images;
  services: { readonly [color in Color]: ColorService };
}

type Images = { readonly [color in Color]: pulumi.Input<string> };

/** The application, once in each color, in one ECS cluster. */
export function createColors(
  data: Data,
  balancer: LoadBalancer,
  around: ServiceSurroundings,
): Colors {
  const { settings, foundation, parent } = around;
  const { environment, tags, service } = settings;
  const cluster = new ApplicationCluster(
    resourceName("application-cluster", environment),
    { environment, tags, computeKeyArn: foundation.keyArns.compute, capacity: service.capacity },
    { parent },
  );
  const images = createImages(around);
  const create = (color: Color) =>
    createColor(color, images[color], cluster, data, balancer, around);
  return { cluster, images, services: { blue: create("blue"), green: create("green") } };
}

/** The images that the settings name; where they name none, the one that is built from here. */
function createImages({ settings, foundation, parent }: ServiceSurroundings): Images {
  const { environment, tags, service, deletionProtection } = settings;
  const { blue, green } = service.images;
  if (blue !== "" && green !== "") return { blue, green };
  const { uri } = new ApplicationImage(
    resourceName("application-image", environment),
    { environment, tags, computeKeyArn: foundation.keyArns.compute, deletionProtection },
    { parent },
  );
  return { blue: blue || uri, green: green || uri };
}

function createColor(
  color: Color,
  image: pulumi.Input<string>,
  cluster: ApplicationCluster,
  data: Data,
  balancer: LoadBalancer,
  { settings, foundation, accountId, parent }: ServiceSurroundings,
): ColorService {
  const { environment, tags, service, region, logRetentionDays } = settings;
  const { arn, dimension } = balancer.targetGroups[color];
  return new ColorService(
    resourceName("application", environment, color),
    {
      environment,
      tags,
      color,
      clusterArn: cluster.arn,
      image,
      port: service.port,
      cpu: service.cpu,
      memory: service.memory,
      taskCount: service.tasksPerColor,
      scaling: {
        maxTasks: service.maxTasksPerColor,
        requestsPerTaskPerSecond: service.requestsPerTaskPerSecond,
        loadBalancer: balancer.dimension,
        targetGroup: dimension,
      },
      capacity: service.capacity,
      subnetIds: foundation.privateSubnetIds,
      securityGroupId: foundation.securityGroupIds.application,
      targetGroupArn: arn,
      targetGroupUser: balancer.weightsRule,
      writerPointer: data.writerPointer,
      databaseSecretArns: databaseSecretArns(data),
      ...(service.migrationCommand.length > 0 && {
        migrations: {
          command: service.migrationCommand,
          databaseSecretArns: [
            data.clusters.blue.secretArns.migration,
            data.clusters.green.secretArns.migration,
          ],
        },
      }),
      secretsKeyArn: foundation.keyArns.secrets,
      accountId,
      region,
      logsKeyArn: foundation.keyArns.logs,
      logRetentionDays,
    },
    { parent },
  );
}

/** Of the application's user in either cluster. */
function databaseSecretArns({ clusters }: Data) {
  return [clusters.blue.secretArns.application, clusters.green.secretArns.application];
}

/** Brings rotated credentials to all that goes on using those with which it began. */
export function createRefresh(
  { cluster, services }: Colors,
  data: Data,
  { settings, foundation, parent }: ServiceSurroundings,
): CredentialRefresh {
  const { environment, tags, region, logRetentionDays } = settings;
  const colors = Object.entries(services).map(
    ([color, { serviceArn }]): ConsumerArgs => ({
      kind: "service",
      name: `the ${color} service`,
      clusterArn: cluster.arn,
      serviceArn,
      secretArns: databaseSecretArns(data),
    }),
  );
  return new CredentialRefresh(
    resourceName("credential-refresh", environment),
    {
      environment,
      tags,
      consumers: [...colors, taskConsumer("blue", data), taskConsumer("green", data)],
      stateTable: data.stateTable,
      topicArn: foundation.alertsTopicArn,
      keyArns: foundation.keyArns,
      region,
      logRetentionDays,
    },
    { parent },
  );
}

function taskConsumer(source: Color, { clusters, replication }: Data): ConsumerArgs {
  const target = otherColor(source);
  return {
    kind: "replicationTask",
    name: `replication from ${source} to ${target}`,
    taskArn: replication.tasks[source].arn,
    secretArns: [
      clusters[source].secretArns.replicationSource,
      clusters[target].secretArns.replicationTarget,
    ],
  };
}
