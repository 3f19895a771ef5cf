import type { ReplacementTable } from "./table";

/** Source: AWS CloudFormation's resource reference, "Update requires: Replacement" of each property. */
export const TEMPLATES: ReplacementTable = {
  "AWS::EC2::VPCEndpoint": {
    replaced: "ServiceName VpcEndpointType VpcId",
    inPlace: `
      DnsOptions IpAddressType PolicyDocument PrivateDnsEnabled RouteTableIds SecurityGroupIds
      SubnetIds`,
  },
  "AWS::Logs::LogGroup": {
    replaced: "LogGroupName",
    inPlace: "KmsKeyId LogGroupClass RetentionInDays",
  },
  "AWS::SecretsManager::RotationSchedule": {
    replaced: "SecretId",
    inPlace: "HostedRotationLambda RotateImmediatelyOnUpdate RotationLambdaARN RotationRules",
  },
  "AWS::SecretsManager::Secret": {
    replaced: "Name",
    inPlace: "Description GenerateSecretString KmsKeyId ReplicaRegions SecretString",
  },
};
