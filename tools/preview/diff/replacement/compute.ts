import type { ReplacementTable } from "./table";

/** Sources: the provider's schemas of aws_ecr_*, aws_ecs_*, aws_appautoscaling_* and aws_lambda_*. */
export const COMPUTE: ReplacementTable = {
  "aws:ecr/repository:Repository": {
    replaced: "encryptionConfigurations name",
    inPlace: "forceDelete imageScanningConfiguration imageTagMutability",
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    replaced: "policy repository",
    inPlace: "",
  },
  "aws:ecs/cluster:Cluster": {
    replaced: "name",
    inPlace: "configuration serviceConnectDefaults settings",
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    replaced: "clusterName",
    inPlace: "capacityProviders defaultCapacityProviderStrategies",
  },
  "aws:ecs/service:Service": {
    replaced: "cluster iamRole launchType name schedulingStrategy",
    inPlace: `
      alarms availabilityZoneRebalancing deploymentCircuitBreaker deploymentMaximumPercent
      deploymentMinimumHealthyPercent desiredCount enableEcsManagedTags enableExecuteCommand
      forceNewDeployment healthCheckGracePeriodSeconds loadBalancers networkConfiguration
      platformVersion propagateTags taskDefinition triggers waitForSteadyState`,
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    replaced: `
      containerDefinitions cpu ephemeralStorage executionRoleArn family ipcMode memory
      networkMode pidMode placementConstraints proxyConfiguration requiresCompatibilities
      runtimePlatform taskRoleArn volumes`,
    inPlace: "skipDestroy trackLatest",
  },
  "aws:appautoscaling/policy:Policy": {
    replaced: "name resourceId scalableDimension serviceNamespace",
    inPlace: "stepScalingPolicyConfiguration targetTrackingScalingPolicyConfiguration",
  },
  "aws:appautoscaling/target:Target": {
    replaced: "resourceId scalableDimension serviceNamespace",
    inPlace: "maxCapacity minCapacity suspendedState",
  },
  "aws:lambda/function:Function": {
    replaced: "name packageType",
    inPlace: `
      architectures code deadLetterConfig description environment ephemeralStorage handler
      kmsKeyArn layers loggingConfig memorySize reservedConcurrentExecutions role runtime
      timeout tracingConfig vpcConfig`,
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    replaced: "functionName qualifier",
    inPlace: "destinationConfig maximumEventAgeInSeconds maximumRetryAttempts",
  },
  "aws:lambda/invocation:Invocation": {
    replaced: "functionName input qualifier triggers",
    inPlace: "",
  },
  "aws:lambda/permission:Permission": {
    replaced: `
      action eventSourceToken function principal principalOrgId qualifier sourceAccount
      sourceArn statementId statementIdPrefix`,
    inPlace: "",
  },
};
