/**
 * Types that hold what no deployment brings back, and what is lost with a resource, as the end of
 * "..., and with it goes".
 */
export const STATEFUL: { [type: string]: string } = {
  "awsx:ec2:Vpc": "every subnet in it, from which AWS moves no database to another network",
  "aws:rds/cluster:Cluster": "every row in it",
  "aws:rds/clusterInstance:ClusterInstance":
    "the connections to it, and its cluster where it is the last",
  "aws:kms/key:Key": "everything that is encrypted with it",
  "aws:secretsmanager/secret:Secret": "its value, and who reads it by its ARN reads nothing",
  "AWS::SecretsManager::Secret": "its value, and who reads it by its ARN reads nothing",
  "random:index/randomPassword:RandomPassword": "the password that is in use",
  "aws:dynamodb/table:Table": "the controller's state and its audit trail",
  "aws:s3/bucket:Bucket": "every object in it",
  "aws:ecr/repository:Repository": "every image in it, those that tasks run among them",
  "aws:backup/vault:Vault": "every backup in it",
  "aws:dms/replicationInstance:ReplicationInstance": "replication, until its tasks run again",
  "aws:dms/replicationTask:ReplicationTask":
    "its place in the log: the way back is not replicated until it runs again",
  "aws:cloudwatch/logGroup:LogGroup": "the log that is in it",
  "AWS::Logs::LogGroup": "the log that is in it",
};
