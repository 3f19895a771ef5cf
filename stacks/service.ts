import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { ApplicationCluster } from "../components/compute/applicationCluster";
import { ColorService } from "../components/compute/colorService";
import { CutoverController } from "../components/cutover/controller";
import { LoadBalancer } from "../components/edge/loadBalancer";
import { alarmNames } from "../components/observability/alarmNames";
import { ColorAlarms } from "../components/observability/colorAlarms";
import { type ConsumerArgs, CredentialRefresh } from "../components/refresh/credentialRefresh";
import { COLORS, otherColor } from "../lambdas/cutover/contract";
import type { Data, Foundation, Service } from "./layers";
import type { Settings } from "./settings";

/** The layer that every release touches: load balancer, colors, controller and its alarms. */
export function createService(
  settings: Settings,
  foundation: Foundation,
  data: Data,
  accountId: pulumi.Input<string>,
  parent: pulumi.Resource,
): Service {
  const balancer = createLoadBalancer(settings, foundation, parent);
  const consumers = createColors(settings, foundation, data, accountId, balancer, parent);
  const controller = createController(settings, foundation, data, accountId, balancer, parent);
  createAlarms(settings, balancer, controller, parent);
  createRefresh(consumers, settings, foundation, data, parent);
  return {
    albDnsName: balancer.dnsName,
    cutoverFunctionName: controller.functionName,
    cutoverTopicArn: controller.topicArn,
  };
}

function createLoadBalancer(settings: Settings, foundation: Foundation, parent: pulumi.Resource) {
  const { environment, tags, service, listener, live, deletionProtection } = settings;
  return new LoadBalancer(
    resourceName("load-balancer", environment),
    {
      environment,
      tags,
      vpcId: foundation.vpcId,
      subnetIds: foundation.publicSubnetIds,
      securityGroupId: foundation.securityGroupIds.loadBalancer,
      listener,
      certificateArn: service.certificateArn,
      applicationPort: service.port,
      healthCheckPath: service.healthCheckPath,
      live,
      deletionProtection,
    },
    { parent },
  );
}

function createColors(
  settings: Settings,
  foundation: Foundation,
  data: Data,
  accountId: pulumi.Input<string>,
  balancer: LoadBalancer,
  parent: pulumi.Resource,
): ConsumerArgs[] {
  const { environment, tags, service, region, logRetentionDays } = settings;
  const { blue, green } = data.clusters;
  const databaseSecretArns = [blue.secretArns.application, green.secretArns.application];
  const cluster = new ApplicationCluster(
    resourceName("application-cluster", environment),
    { environment, tags, computeKeyArn: foundation.keyArns.compute },
    { parent },
  );
  return COLORS.map((color) => {
    const { serviceArn } = new ColorService(
      resourceName("application", environment, color),
      {
        environment,
        tags,
        color,
        clusterArn: cluster.arn,
        image: service.images[color],
        port: service.port,
        cpu: service.cpu,
        memory: service.memory,
        taskCount: service.tasksPerColor,
        subnetIds: foundation.privateSubnetIds,
        securityGroupId: foundation.securityGroupIds.application,
        targetGroupArn: balancer.targetGroups[color].arn,
        targetGroupUser: balancer.weightsRule,
        writerPointer: data.writerPointer,
        databaseSecretArns,
        secretsKeyArn: foundation.keyArns.secrets,
        accountId,
        region,
        logsKeyArn: foundation.keyArns.logs,
        logRetentionDays,
      },
      { parent },
    );
    return {
      kind: "service",
      name: `the ${color} service`,
      clusterArn: cluster.arn,
      serviceArn,
      secretArns: databaseSecretArns,
    };
  });
}

function createController(
  settings: Settings,
  foundation: Foundation,
  data: Data,
  accountId: pulumi.Input<string>,
  balancer: LoadBalancer,
  parent: pulumi.Resource,
) {
  const { environment, tags, live, plan, tickSeconds, region, logRetentionDays } = settings;
  const { blue, green } = balancer.targetGroups;
  return new CutoverController(
    resourceName("cutover", environment),
    {
      environment,
      tags,
      live,
      plan,
      tickSeconds,
      weightsRuleArn: balancer.weightsRuleArn,
      loadBalancer: balancer.dimension,
      targetGroupArns: { blue: blue.arn, green: green.arn },
      alarmNames: {
        blue: alarmNames(environment, "blue"),
        green: alarmNames(environment, "green"),
      },
      stateTable: data.stateTable,
      keyArns: foundation.keyArns,
      accountId,
      region,
      logRetentionDays,
    },
    { parent },
  );
}

function createAlarms(
  settings: Settings,
  balancer: LoadBalancer,
  controller: CutoverController,
  parent: pulumi.Resource,
) {
  const { environment, tags, plan } = settings;
  for (const color of COLORS)
    new ColorAlarms(
      resourceName("alarms", environment, color),
      {
        environment,
        tags,
        color,
        loadBalancer: balancer.dimension,
        targetGroup: balancer.targetGroups[color].dimension,
        limits: plan.limits,
        actions: [controller.topicArn, controller.functionArn],
      },
      { parent },
    );
}

/** Everything that goes on using the credentials with which it began, each by itself. */
function createRefresh(
  services: ConsumerArgs[],
  settings: Settings,
  foundation: Foundation,
  data: Data,
  parent: pulumi.Resource,
) {
  const { environment, tags, region, logRetentionDays } = settings;
  const { clusters, replication } = data;
  const tasks = COLORS.map((source): ConsumerArgs => {
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
  });
  new CredentialRefresh(
    resourceName("credential-refresh", environment),
    {
      environment,
      tags,
      consumers: [...services, ...tasks],
      stateTable: data.stateTable,
      topicArn: foundation.alertsTopicArn,
      keyArns: foundation.keyArns,
      region,
      logRetentionDays,
    },
    { parent },
  );
}
