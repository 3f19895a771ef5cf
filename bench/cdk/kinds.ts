import { CfnCustomResource, type CfnResource, CfnStack, type CfnTag } from "aws-cdk-lib";
import * as autoscaling from "aws-cdk-lib/aws-applicationautoscaling";
import * as backup from "aws-cdk-lib/aws-backup";
import * as cloudtrail from "aws-cdk-lib/aws-cloudtrail";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as dms from "aws-cdk-lib/aws-dms";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as ecs from "aws-cdk-lib/aws-ecs";
import * as elb from "aws-cdk-lib/aws-elasticloadbalancingv2";
import * as events from "aws-cdk-lib/aws-events";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import * as rds from "aws-cdk-lib/aws-rds";
import * as route53 from "aws-cdk-lib/aws-route53";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager";
import * as sns from "aws-cdk-lib/aws-sns";
import * as ssm from "aws-cdk-lib/aws-ssm";
import * as wafv2 from "aws-cdk-lib/aws-wafv2";
import type { Construct } from "constructs";
import { vpc } from "./vpc";

/** What a kind of resource may know of those made before it, in this stack and the one below. */
export interface Made {
  ref(type: string, index?: number): string;
  arn(type: string, index?: number): string;
}

/** Makes the nth resource of its kind; several where one of ours is worth several. */
export type Make = (
  scope: Construct,
  id: string,
  made: Made,
  index: number,
) => CfnResource | CfnResource[];

const KEY = "aws:kms/key:Key";
const VPC = "awsx:ec2:Vpc";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const ACL = "aws:ec2/networkAcl:NetworkAcl";
const SUBNETS = "aws:rds/subnetGroup:SubnetGroup";
const PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const DATABASE = "aws:rds/cluster:Cluster";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const ROLE = "aws:iam/role:Role";
const TOPIC = "aws:sns/topic:Topic";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const CLUSTER = "aws:ecs/cluster:Cluster";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const FUNCTION = "aws:lambda/function:Function";
const VAULT = "aws:backup/vault:Vault";
const PLAN = "aws:backup/plan:Plan";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const REPLICATOR = "aws:dms/replicationInstance:ReplicationInstance";
const ENDPOINT = "aws:dms/endpoint:Endpoint";
const BUCKET = "aws:s3/bucket:Bucket";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const LOG_SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const LOG_DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
const SCALING = "aws:appautoscaling/target:Target";
const CERTIFICATE = "aws:dms/certificate:Certificate";

const ACCOUNT = "111122223333";
const REGION = "us-east-1";
const tags: CfnTag[] = [
  { key: "Environment", value: "prod" },
  { key: "Project", value: "payments" },
  { key: "CostCenter", value: "payments-platform" },
];

const policy = (Action: string[], Resource: string | undefined, Principal?: object) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "One",
      Effect: "Allow",
      Action,
      ...(Resource && { Resource }),
      ...(Principal && { Principal }),
    },
  ],
});

/**
 * What is no resource of its own in CloudFormation: it names resources and resolves references
 * itself, and what belongs to a backup vault or to a bucket is a property of it.
 */
export const LEFT_OUT = [
  "pulumi:providers:aws",
  "pulumi:pulumi:StackReference",
  "random:index/randomId:RandomId",
  "aws:backup/vaultPolicy:VaultPolicy",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  "aws:backup/vaultNotifications:VaultNotifications",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
];

/**
 * The mapping: each kind of resource of our program, and the CDK class that makes the same, with
 * as many properties and references. In the order in which they refer to each other.
 */
export const KINDS: { [type: string]: Make } = {
  [KEY]: (scope, id) =>
    new kms.CfnKey(scope, id, {
      description: id,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      pendingWindowInDays: 30,
      keyPolicy: policy(["kms:*"], "*", { AWS: `arn:aws:iam::${ACCOUNT}:root` }),
      tags,
    }),
  "aws:kms/alias:Alias": (scope, id, made, index) =>
    new kms.CfnAlias(scope, id, {
      aliasName: `alias/payments/prod/${index}`,
      targetKeyId: made.ref(KEY, index),
    }),
  // One remote component of ours hides these; awsx makes them in its provider.
  [VPC]: (scope, id) => vpc(scope, id, tags),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (scope, id, made) =>
    securityGroup(scope, id, made),
  [GROUP]: (scope, id, made) => securityGroup(scope, id, made),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (scope, id, made, index) =>
    new ec2.CfnSecurityGroupIngress(scope, id, {
      groupId: made.ref(GROUP, index),
      sourceSecurityGroupId: made.ref(GROUP, index + 1),
      ipProtocol: "tcp",
      fromPort: 8443,
      toPort: 8443,
      description: id,
    }),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (scope, id, made, index) =>
    new ec2.CfnSecurityGroupEgress(scope, id, {
      groupId: made.ref(GROUP, index),
      destinationSecurityGroupId: made.ref(GROUP, index + 1),
      ipProtocol: "tcp",
      fromPort: 8443,
      toPort: 8443,
      description: id,
    }),
  "aws:cloudformation/stack:Stack": (scope, id, made) =>
    new CfnStack(scope, id, {
      templateUrl: "https://s3.amazonaws.com/payments-templates/endpoints.json",
      parameters: { VpcId: made.ref(VPC) },
      timeoutInMinutes: 30,
      tags,
    }),
  [LOGS]: (scope, id, made) =>
    new logs.CfnLogGroup(scope, id, { kmsKeyId: made.arn(KEY), retentionInDays: 400, tags }),
  [ROLE]: (scope, id) =>
    new iam.CfnRole(scope, id, {
      assumeRolePolicyDocument: policy(["sts:AssumeRole"], undefined, {
        Service: "ecs-tasks.amazonaws.com",
      }),
      tags,
    }),
  "aws:iam/rolePolicy:RolePolicy": (scope, id, made, index) =>
    new iam.CfnRolePolicy(scope, id, {
      policyName: id,
      roleName: made.ref(ROLE, index),
      policyDocument: policy(["logs:CreateLogStream", "logs:PutLogEvents"], made.arn(LOGS, index)),
    }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (scope, id, made, index) =>
    new iam.CfnManagedPolicy(scope, id, {
      roles: [made.ref(ROLE, index)],
      policyDocument: policy(["logs:PutLogEvents"], "*"),
    }),
  [SUBNETS]: (scope, id, made) =>
    new rds.CfnDBSubnetGroup(scope, id, {
      dbSubnetGroupDescription: id,
      subnetIds: subnets(made),
      tags,
    }),
  [PARAMETERS]: (scope, id) =>
    new rds.CfnDBClusterParameterGroup(scope, id, {
      family: "aurora-mysql8.0",
      description: id,
      parameters: {
        require_secure_transport: "ON",
        binlog_format: "ROW",
        server_audit_logging: "1",
      },
      tags,
    }),
  [DATABASE]: (scope, id, made, index) =>
    new rds.CfnDBCluster(scope, id, {
      engine: "aurora-mysql",
      engineVersion: "8.0.mysql_aurora.3.10.4",
      databaseName: "payments",
      port: 3306,
      dbSubnetGroupName: made.ref(SUBNETS, index),
      vpcSecurityGroupIds: [made.ref(GROUP, 2)],
      dbClusterParameterGroupName: made.ref(PARAMETERS, index),
      storageEncrypted: true,
      kmsKeyId: made.arn(KEY),
      masterUsername: "payments_master",
      manageMasterUserPassword: true,
      masterUserSecret: { kmsKeyId: made.arn(KEY, 1) },
      enableIamDatabaseAuthentication: true,
      enableHttpEndpoint: true,
      enableCloudwatchLogsExports: ["audit", "error", "slowquery"],
      backupRetentionPeriod: 7,
      preferredBackupWindow: "04:00-05:00",
      preferredMaintenanceWindow: "sun:06:00-sun:07:00",
      copyTagsToSnapshot: true,
      deletionProtection: true,
      tags,
    }),
  "aws:rds/clusterInstance:ClusterInstance": (scope, id, made, index) =>
    new rds.CfnDBInstance(scope, id, {
      dbClusterIdentifier: made.ref(DATABASE, index),
      engine: "aurora-mysql",
      dbInstanceClass: "db.r6g.large",
      publiclyAccessible: false,
      promotionTier: index,
      autoMinorVersionUpgrade: false,
      caCertificateIdentifier: "rds-ca-rsa2048-g1",
      copyTagsToSnapshot: true,
      monitoringInterval: 60,
      monitoringRoleArn: made.arn(ROLE, index),
      enablePerformanceInsights: true,
      performanceInsightsKmsKeyId: made.arn(KEY),
      performanceInsightsRetentionPeriod: 7,
      tags,
    }),
  "aws:ec2/flowLog:FlowLog": (scope, id, made) =>
    new ec2.CfnFlowLog(scope, id, {
      resourceId: made.ref(VPC),
      resourceType: "VPC",
      trafficType: "ALL",
      maxAggregationInterval: 60,
      logDestinationType: "cloud-watch-logs",
      logDestination: made.arn(LOGS),
      deliverLogsPermissionArn: made.arn(ROLE),
      tags,
    }),
  [ACL]: (scope, id, made) => new ec2.CfnNetworkAcl(scope, id, { vpcId: made.ref(VPC), tags }),
  "aws:ec2/networkAclRule:NetworkAclRule": (scope, id, made, index) =>
    new ec2.CfnNetworkAclEntry(scope, id, {
      networkAclId: made.ref(ACL),
      ruleNumber: 100,
      egress: index % 2 === 1,
      protocol: 6,
      ruleAction: "allow",
      cidrBlock: "10.20.0.0/16",
      portRange: { from: 3306, to: 3306 },
    }),
  "aws:dynamodb/table:Table": (scope, id, made) =>
    new dynamodb.CfnTable(scope, id, {
      billingMode: "PAY_PER_REQUEST",
      keySchema: [
        { attributeName: "pk", keyType: "HASH" },
        { attributeName: "sk", keyType: "RANGE" },
      ],
      attributeDefinitions: [
        { attributeName: "pk", attributeType: "S" },
        { attributeName: "sk", attributeType: "S" },
      ],
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      sseSpecification: { sseEnabled: true, sseType: "KMS", kmsMasterKeyId: made.arn(KEY) },
      deletionProtectionEnabled: true,
      tags,
    }),
  "aws:ssm/parameter:Parameter": (scope, id, made) =>
    new ssm.CfnParameter(scope, id, {
      name: "/payments/prod/database/writer",
      description: id,
      type: "String",
      value: made.ref(DATABASE),
    }),
  [TOPIC]: (scope, id, made) =>
    new sns.CfnTopic(scope, id, { kmsMasterKeyId: made.arn(KEY, 3), tags }),
  [VAULT]: (scope, id, made, index) =>
    new backup.CfnBackupVault(scope, id, {
      backupVaultName: `vault-${index}`,
      encryptionKeyArn: made.arn(KEY),
      accessPolicy: policy(["backup:DeleteRecoveryPoint"], "*"),
      lockConfiguration: { minRetentionDays: 7, maxRetentionDays: 35 },
      notifications: { backupVaultEvents: ["COPY_JOB_FAILED"], snsTopicArn: made.ref(TOPIC) },
    }),
  [PLAN]: (scope, id, made) =>
    new backup.CfnBackupPlan(scope, id, {
      backupPlan: {
        backupPlanName: "payments",
        backupPlanRule: ["continuous", "daily"].map((ruleName) => ({
          ruleName,
          targetBackupVault: made.ref(VAULT),
          scheduleExpression: "cron(0 0 * * ? *)",
          lifecycle: { deleteAfterDays: 7 },
        })),
      },
    }),
  "aws:backup/selection:Selection": (scope, id, made) =>
    new backup.CfnBackupSelection(scope, id, {
      backupPlanId: made.ref(PLAN),
      backupSelection: {
        selectionName: "clusters",
        iamRoleArn: made.arn(ROLE),
        resources: [made.ref(DATABASE)],
      },
    }),
  "aws:secretsmanager/secretRotation:SecretRotation": (scope, id, made, index) =>
    new secretsmanager.CfnRotationSchedule(scope, id, {
      secretId: made.ref(DATABASE, index),
      rotationRules: { automaticallyAfterDays: 30 },
      rotateImmediatelyOnUpdate: false,
    }),
  "aws:rds/eventSubscription:EventSubscription": (scope, id, made) =>
    new rds.CfnEventSubscription(scope, id, {
      snsTopicArn: made.ref(TOPIC),
      sourceType: "db-cluster",
      eventCategories: ["failover", "failure", "maintenance"],
      tags,
    }),
  "aws:sns/topicPolicy:TopicPolicy": (scope, id, made) =>
    new sns.CfnTopicPolicy(scope, id, {
      topics: [made.ref(TOPIC)],
      policyDocument: policy(["sns:Publish"], made.ref(TOPIC), {
        Service: "cloudwatch.amazonaws.com",
      }),
    }),
  [BALANCER]: (scope, id, made) =>
    new elb.CfnLoadBalancer(scope, id, {
      type: "application",
      scheme: "internet-facing",
      subnets: subnets(made),
      securityGroups: [made.ref(GROUP)],
      loadBalancerAttributes: [
        { key: "routing.http.drop_invalid_header_fields.enabled", value: "true" },
        { key: "routing.http.desync_mitigation_mode", value: "strictest" },
        { key: "idle_timeout.timeout_seconds", value: "60" },
        { key: "deletion_protection.enabled", value: "true" },
      ],
      tags,
    }),
  [TARGETS]: (scope, id, made) =>
    new elb.CfnTargetGroup(scope, id, {
      vpcId: made.ref(VPC),
      targetType: "ip",
      protocol: "HTTPS",
      port: 8443,
      healthCheckProtocol: "HTTPS",
      healthCheckPath: "/healthz/ready",
      healthCheckIntervalSeconds: 10,
      healthCheckTimeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
      matcher: { httpCode: "200" },
      targetGroupAttributes: [
        { key: "deregistration_delay.timeout_seconds", value: "30" },
        { key: "load_balancing.algorithm.type", value: "least_outstanding_requests" },
      ],
      tags,
    }),
  [LISTENER]: (scope, id, made) =>
    new elb.CfnListener(scope, id, {
      loadBalancerArn: made.ref(BALANCER),
      protocol: "HTTPS",
      port: 443,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificates: [{ certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/1` }],
      defaultActions: [{ type: "fixed-response", fixedResponseConfig: { statusCode: "503" } }],
    }),
  "aws:lb/listenerRule:ListenerRule": (scope, id, made) =>
    new elb.CfnListenerRule(scope, id, {
      listenerArn: made.ref(LISTENER),
      priority: 100,
      conditions: [{ field: "path-pattern", pathPatternConfig: { values: ["/*"] } }],
      actions: [
        {
          type: "forward",
          order: 1,
          forwardConfig: {
            targetGroups: [0, 1].map((index) => ({
              targetGroupArn: made.ref(TARGETS, index),
              weight: index * 100,
            })),
            targetGroupStickinessConfig: { enabled: false, durationSeconds: 1 },
          },
        },
      ],
    }),
  [CLUSTER]: (scope, id, made) =>
    new ecs.CfnCluster(scope, id, {
      clusterSettings: [{ name: "containerInsights", value: "enhanced" }],
      configuration: {
        managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: made.arn(KEY, 4) },
      },
      tags,
    }),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (scope, id, made) =>
    new ecs.CfnClusterCapacityProviderAssociations(scope, id, {
      cluster: made.ref(CLUSTER),
      capacityProviders: ["FARGATE"],
      defaultCapacityProviderStrategy: [],
    }),
  [TASK]: (scope, id, made, index) =>
    new ecs.CfnTaskDefinition(scope, id, {
      family: id,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "1024",
      memory: "2048",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      executionRoleArn: made.arn(ROLE, index),
      taskRoleArn: made.arn(ROLE, index + 1),
      containerDefinitions: [
        {
          name: "payments",
          image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/payments@sha256:${"1".repeat(64)}`,
          essential: true,
          user: "10001:10001",
          readonlyRootFilesystem: true,
          privileged: false,
          linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
          portMappings: [{ containerPort: 8443, hostPort: 8443, protocol: "tcp" }],
          environment: [{ name: "PAYMENTS_COLOR", value: id }],
          stopTimeout: 60,
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": made.ref(LOGS, index), "awslogs-region": REGION },
          },
        },
      ],
      tags,
    }),
  "aws:ecs/service:Service": (scope, id, made, index) =>
    new ecs.CfnService(scope, id, {
      cluster: made.ref(CLUSTER),
      taskDefinition: made.ref(TASK, index),
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      desiredCount: 3,
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      healthCheckGracePeriodSeconds: 60,
      enableExecuteCommand: false,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: subnets(made),
          securityGroups: [made.ref(GROUP, 1)],
          assignPublicIp: "DISABLED",
        },
      },
      loadBalancers: [
        {
          targetGroupArn: made.ref(TARGETS, index),
          containerName: "payments",
          containerPort: 8443,
        },
      ],
      tags,
    }),
  [FUNCTION]: (scope, id, made) =>
    new lambda.CfnFunction(scope, id, {
      description: id,
      // Ours is serialized from the program's own code meanwhile; here it costs nothing.
      code: { zipFile: "exports.handler = async () => {};" },
      handler: "index.handler",
      role: made.arn(ROLE),
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: 60,
      memorySize: 256,
      environment: { variables: { PAYMENTS_TOPIC_ARN: made.ref(TOPIC) } },
      kmsKeyArn: made.arn(KEY, 4),
      loggingConfig: { logFormat: "JSON", logGroup: made.ref(LOGS) },
      tags,
    }),
  [RULE]: (scope, id) =>
    new events.CfnRule(scope, id, { description: id, scheduleExpression: "rate(1 minute)" }),
  "aws:cloudwatch/eventTarget:EventTarget": (scope, id, made) =>
    // A target is a part of its rule there, so a rule of its own stands in for it.
    new events.CfnRule(scope, id, {
      scheduleExpression: "rate(1 minute)",
      targets: [{ id: "function", arn: made.arn(FUNCTION) }],
    }),
  "aws:lambda/permission:Permission": (scope, id, made) =>
    new lambda.CfnPermission(scope, id, {
      action: "lambda:InvokeFunction",
      functionName: made.ref(FUNCTION),
      principal: "events.amazonaws.com",
      sourceArn: made.arn(RULE),
    }),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (scope, id, made) =>
    new lambda.CfnEventInvokeConfig(scope, id, {
      functionName: made.ref(FUNCTION),
      qualifier: "$LATEST",
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    }),
  // There, calling a function is a custom resource that the function serves.
  "aws:lambda/invocation:Invocation": (scope, id, made) =>
    new CfnCustomResource(scope, id, { serviceToken: made.arn(FUNCTION) }),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": (scope, id, made) =>
    new dms.CfnReplicationSubnetGroup(scope, id, {
      replicationSubnetGroupIdentifier: id.toLowerCase(),
      replicationSubnetGroupDescription: id,
      subnetIds: subnets(made),
      tags,
    }),
  [REPLICATOR]: (scope, id, made) =>
    new dms.CfnReplicationInstance(scope, id, {
      replicationInstanceClass: "dms.r6i.large",
      engineVersion: "3.6.1",
      multiAz: true,
      allocatedStorage: 100,
      publiclyAccessible: false,
      vpcSecurityGroupIds: [made.ref(GROUP)],
      kmsKeyId: made.arn(KEY),
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: false,
      preferredMaintenanceWindow: "sun:03:00-sun:04:00",
      tags,
    }),
  [CERTIFICATE]: (scope, id) =>
    new dms.CfnCertificate(scope, id, {
      certificateIdentifier: id,
      // Ours is three real ones.
      certificatePem: "-----BEGIN CERTIFICATE-----",
    }),
  [ENDPOINT]: (scope, id, made, index) =>
    new dms.CfnEndpoint(scope, id, {
      endpointType: index % 2 === 0 ? "source" : "target",
      engineName: "aurora",
      mySqlSettings: {
        eventsPollInterval: 1,
        secretsManagerSecretId: id,
        secretsManagerAccessRoleArn: made.arn(ROLE),
      },
      sslMode: "verify-full",
      certificateArn: made.ref(CERTIFICATE),
      kmsKeyId: made.arn(KEY),
      tags,
    }),
  "aws:dms/replicationTask:ReplicationTask": (scope, id, made, index) =>
    new dms.CfnReplicationTask(scope, id, {
      migrationType: index === 0 ? "full-load-and-cdc" : "cdc",
      replicationInstanceArn: made.ref(REPLICATOR),
      sourceEndpointArn: made.ref(ENDPOINT, 2 * index),
      targetEndpointArn: made.ref(ENDPOINT, 3 - 2 * index),
      tableMappings: JSON.stringify({ rules: [{ "rule-type": "selection", "rule-id": "1" }] }),
      replicationTaskSettings: JSON.stringify({ Logging: { EnableLogging: true } }),
      tags,
    }),
  "aws:dms/eventSubscription:EventSubscription": (scope, id, made) =>
    new dms.CfnEventSubscription(scope, id, {
      snsTopicArn: made.ref(TOPIC),
      sourceType: "replication-task",
      eventCategories: ["failure", "state change"],
      tags,
    }),
  [BUCKET]: (scope, id, made) =>
    new s3.CfnBucket(scope, id, {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          {
            bucketKeyEnabled: true,
            serverSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: made.arn(KEY),
            },
          },
        ],
      },
      objectLockEnabled: true,
      objectLockConfiguration: { objectLockEnabled: "Enabled" },
      ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      versioningConfiguration: { status: "Enabled" },
      lifecycleConfiguration: { rules: [{ status: "Enabled", expirationInDays: 400 }] },
      tags,
    }),
  "aws:s3/bucketPolicy:BucketPolicy": (scope, id, made) =>
    new s3.CfnBucketPolicy(scope, id, {
      bucket: made.ref(BUCKET),
      policyDocument: policy(["s3:PutObject"], made.arn(BUCKET), {
        Service: "cloudtrail.amazonaws.com",
      }),
    }),
  "aws:cloudtrail/trail:Trail": (scope, id, made) =>
    new cloudtrail.CfnTrail(scope, id, {
      isLogging: true,
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      s3BucketName: made.ref(BUCKET),
      kmsKeyId: made.arn(KEY),
      cloudWatchLogsLogGroupArn: made.arn(LOGS),
      cloudWatchLogsRoleArn: made.arn(ROLE),
      tags,
    }),
  [SCALING]: (scope, id) =>
    new autoscaling.CfnScalableTarget(scope, id, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/cluster/${id}`,
      minCapacity: 3,
      maxCapacity: 12,
    }),
  "aws:appautoscaling/policy:Policy": (scope, id, made, index) =>
    new autoscaling.CfnScalingPolicy(scope, id, {
      policyName: id,
      policyType: "TargetTrackingScaling",
      scalingTargetId: made.ref(SCALING, Math.floor(index / 2)),
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: 60,
        scaleInCooldown: 600,
        scaleOutCooldown: 60,
      },
    }),
  [WEB_ACL]: (scope, id) => {
    const visibilityConfig = {
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName: id,
    };
    const groups = ["Common", "KnownBadInputs", "SQLi", "AmazonIpReputation"];
    return new wafv2.CfnWebACL(scope, id, {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig,
      rules: groups.map((name, priority) => ({
        name,
        priority,
        overrideAction: { none: {} },
        visibilityConfig,
        statement: {
          managedRuleGroupStatement: { vendorName: "AWS", name: `AWSManagedRules${name}RuleSet` },
        },
      })),
      tags,
    });
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": (scope, id, made) =>
    new wafv2.CfnWebACLAssociation(scope, id, {
      resourceArn: made.ref(BALANCER),
      webAclArn: made.arn(WEB_ACL),
    }),
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (scope, id, made) =>
    new wafv2.CfnLoggingConfiguration(scope, id, {
      resourceArn: made.arn(WEB_ACL),
      logDestinationConfigs: [made.arn(LOGS)],
    }),
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": (scope, id) =>
    new logs.CfnResourcePolicy(scope, id, {
      policyName: id,
      policyDocument: JSON.stringify(policy(["logs:PutLogEvents"], "*")),
    }),
  [LOG_SOURCE]: (scope, id, made) =>
    new logs.CfnDeliverySource(scope, id, {
      name: id,
      logType: "ALB_ACCESS_LOGS",
      resourceArn: made.ref(BALANCER),
      tags,
    }),
  [LOG_DESTINATION]: (scope, id, made) =>
    new logs.CfnDeliveryDestination(scope, id, {
      name: id,
      destinationResourceArn: made.arn(LOGS),
      outputFormat: "json",
      tags,
    }),
  "aws:cloudwatch/logDelivery:LogDelivery": (scope, id, made, index) =>
    new logs.CfnDelivery(scope, id, {
      deliverySourceName: made.ref(LOG_SOURCE, index),
      deliveryDestinationArn: made.arn(LOG_DESTINATION, index),
      tags,
    }),
  "aws:route53/record:Record": (scope, id, _, index) =>
    new route53.CfnRecordSet(scope, id, {
      hostedZoneId: "Z0123456789ABCDEFGHIJ",
      name: "payments.example.com",
      type: "A",
      setIdentifier: id,
      weight: index === 0 ? 255 : 0,
      ttl: "60",
      resourceRecords: ["198.51.100.10"],
    }),
  "aws:cloudwatch/dashboard:Dashboard": (scope, id) =>
    new cloudwatch.CfnDashboard(scope, id, {
      dashboardName: id,
      // Ours is drawn from the program's own alarms and metrics.
      dashboardBody: JSON.stringify({ widgets: [] }),
    }),
  [ALARM]: (scope, id, made, index) =>
    new cloudwatch.CfnAlarm(scope, id, {
      alarmDescription: id,
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions: [{ name: "TargetGroup", value: made.ref(LOGS, index) }],
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: "missing",
      alarmActions: [made.ref(TOPIC)],
      okActions: [made.ref(TOPIC)],
      tags,
    }),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": (scope, id, made, index) =>
    new cloudwatch.CfnCompositeAlarm(scope, id, {
      alarmRule: `ALARM("${made.ref(ALARM, index)}")`,
      alarmActions: [made.ref(TOPIC)],
      okActions: [made.ref(TOPIC)],
      tags,
    }),
};

function securityGroup(scope: Construct, id: string, made: Made) {
  return new ec2.CfnSecurityGroup(scope, id, {
    vpcId: made.ref(VPC),
    groupDescription: id,
    tags,
  });
}

/** The VPC is followed by its subnets, the public ones first. */
function subnets(made: Made): string[] {
  return [1, 2, 3].map((zone) => made.ref(VPC, zone));
}
