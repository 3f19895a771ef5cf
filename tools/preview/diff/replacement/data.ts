import type { ReplacementTable } from "./table";

/** Sources: the provider's schemas of aws_rds_*, aws_dms_*, aws_dynamodb_table, aws_backup_* and aws_s3_bucket*. */
export const DATA: ReplacementTable = {
  "aws:rds/cluster:Cluster": {
    replaced: `
      availabilityZones clusterIdentifier clusterIdentifierPrefix clusterScalabilityType
      databaseName dbSubnetGroupName dbSystemId engine engineMode kmsKeyId masterUsername
      restoreToPointInTime snapshotIdentifier sourceRegion storageEncrypted`,
    inPlace: `
      allocatedStorage allowMajorVersionUpgrade applyImmediately backtrackWindow
      backupRetentionPeriod caCertificateIdentifier copyTagsToSnapshot databaseInsightsMode
      dbClusterParameterGroupName dbInstanceParameterGroupName deleteAutomatedBackups
      deletionProtection enableHttpEndpoint enabledCloudwatchLogsExports engineVersion
      finalSnapshotIdentifier iamDatabaseAuthenticationEnabled manageMasterUserPassword
      masterPassword masterUserSecretKmsKeyId monitoringInterval monitoringRoleArn networkType
      performanceInsightsEnabled performanceInsightsKmsKeyId
      performanceInsightsRetentionPeriod port preferredBackupWindow preferredMaintenanceWindow
      serverlessv2ScalingConfiguration skipFinalSnapshot vpcSecurityGroupIds`,
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    replaced: `
      availabilityZone clusterIdentifier customIamInstanceProfile dbSubnetGroupName engine
      identifier identifierPrefix`,
    inPlace: `
      applyImmediately autoMinorVersionUpgrade caCertIdentifier copyTagsToSnapshot
      dbParameterGroupName engineVersion forceDestroy instanceClass monitoringInterval
      monitoringRoleArn performanceInsightsEnabled performanceInsightsKmsKeyId
      performanceInsightsRetentionPeriod preferredBackupWindow preferredMaintenanceWindow
      promotionTier publiclyAccessible`,
  },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
    replaced: "description family name namePrefix",
    inPlace: "parameters",
  },
  "aws:rds/eventSubscription:EventSubscription": {
    replaced: "name namePrefix",
    inPlace: "enabled eventCategories snsTopic sourceIds sourceType",
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    replaced: "name namePrefix",
    inPlace: "description subnetIds",
  },
  "aws:dms/certificate:Certificate": {
    replaced: "certificateId certificatePem certificateWallet",
    inPlace: "",
  },
  "aws:dms/endpoint:Endpoint": {
    replaced: "endpointId kmsKeyArn",
    inPlace: `
      certificateArn endpointType engineName extraConnectionAttributes mysqlSettings password
      port secretsManagerAccessRoleArn secretsManagerArn serverName sslMode username`,
  },
  "aws:dms/eventSubscription:EventSubscription": {
    replaced: "name sourceIds",
    inPlace: "enabled eventCategories snsTopicArn",
  },
  "aws:dms/replicationInstance:ReplicationInstance": {
    replaced: `
      availabilityZone kmsKeyArn publiclyAccessible replicationInstanceId
      replicationSubnetGroupId`,
    inPlace: `
      allocatedStorage allowMajorVersionUpgrade applyImmediately autoMinorVersionUpgrade
      engineVersion multiAz networkType preferredMaintenanceWindow replicationInstanceClass
      vpcSecurityGroupIds`,
  },
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": {
    replaced: "replicationSubnetGroupId",
    inPlace: "replicationSubnetGroupDescription subnetIds",
  },
  "aws:dms/replicationTask:ReplicationTask": {
    replaced: "replicationTaskId sourceEndpointArn targetEndpointArn",
    inPlace: `
      cdcStartPosition cdcStartTime migrationType replicationTaskSettings startReplicationTask
      tableMappings`,
  },
  "aws:dynamodb/table:Table": {
    replaced: "hashKey importTable localSecondaryIndexes name rangeKey",
    inPlace: `
      attributes billingMode deletionProtectionEnabled globalSecondaryIndexes
      pointInTimeRecovery readCapacity serverSideEncryption streamEnabled streamViewType
      tableClass ttl writeCapacity`,
  },
  "aws:backup/plan:Plan": {
    replaced: "name",
    inPlace: "advancedBackupSettings rules",
  },
  "aws:backup/selection:Selection": {
    replaced: "conditions iamRoleArn name notResources planId resources selectionTags",
    inPlace: "",
  },
  "aws:backup/vault:Vault": {
    replaced: "kmsKeyArn name",
    inPlace: "forceDestroy",
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    replaced: "backupVaultName changeableForDays maxRetentionDays minRetentionDays",
    inPlace: "",
  },
  "aws:backup/vaultNotifications:VaultNotifications": {
    replaced: "backupVaultEvents backupVaultName snsTopicArn",
    inPlace: "",
  },
  "aws:backup/vaultPolicy:VaultPolicy": {
    replaced: "backupVaultName",
    inPlace: "policy",
  },
  "aws:s3/bucket:Bucket": {
    replaced: "bucket bucketPrefix objectLockEnabled",
    inPlace: "forceDestroy",
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    replaced: "bucket",
    inPlace: "rules",
  },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    replaced: "bucket",
    inPlace: "rule",
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    replaced: "bucket",
    inPlace: "rule",
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    replaced: "bucket",
    inPlace: "policy",
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    replaced: "bucket",
    inPlace: "blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets",
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    replaced: "bucket",
    inPlace: "rules",
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    replaced: "bucket",
    inPlace: "versioningConfiguration",
  },
};
