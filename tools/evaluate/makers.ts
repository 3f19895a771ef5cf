import { ACCOUNT_ID, arn, digits, uuid } from "./arn";
import { templateOutputs } from "./templateOutputs";
import type { Properties } from "./values";
import { vpcOutputs } from "./vpc";

/** What an output can be made from. */
export interface Parts {
  urn: string;
  type: string;
  /** Logical name. */
  name: string;
  physicalName: string;
  inputs: Properties;
  region: string;
}

/** Outputs of a resource; `id` where it isn't the physical name. */
type Maker = (parts: Parts) => Properties;

export function makers(type: string): Maker {
  if (!type.startsWith("aws:")) return MAKERS[type] ?? (() => ({}));
  const make = MAKERS[type] ?? genericAws;
  // Every AWS resource can be put in another Region than its provider's.
  return (parts) => make({ ...parts, region: String(parts.inputs.region ?? parts.region) });
}

const genericAws: Maker = ({ type, physicalName: name, region }) => {
  const [, module = "", kind = ""] = type.split(/[:/]/);
  return { name, arn: arn(module, region, `${kind}/${name}`) };
};

/** For resources whose ARN is `service:region:account:<prefix><name>`. */
function named(service: string, prefix: string): Maker {
  return ({ physicalName: name, region }) => ({ name, arn: arn(service, region, prefix + name) });
}

/** The same, with the ARN as the id too. */
function byArn(service: string, prefix: string): Maker {
  return (parts) => {
    const outputs = named(service, prefix)(parts);
    return { ...outputs, id: outputs.arn };
  };
}

/** For EC2's kind of ids. */
function ec2(prefix: string, kind: string): Maker {
  return ({ urn, region }) => {
    const id = `${prefix}-${digits(urn, 17)}`;
    return { id, arn: arn("ec2", region, `${kind}/${id}`) };
  };
}

const backupPlan: Maker = ({ urn, region }) => {
  const id = uuid(urn);
  return { id, arn: arn("backup", region, `backup-plan:${id}`), version: digits(urn, 48) };
};

/** For what belongs to a backup vault and goes by its name. */
const ofBackupVault: Maker = ({ region, inputs }) => {
  const id = String(inputs.backupVaultName);
  return { id, backupVaultArn: arn("backup", region, `backup-vault:${id}`) };
};

const loadBalancer: Maker = ({ physicalName: name, urn, region, inputs }) => {
  const kind = inputs.loadBalancerType === "network" ? "net" : "app";
  const arnSuffix = `${kind}/${name}/${digits(urn, 16)}`;
  const own = arn("elasticloadbalancing", region, `loadbalancer/${arnSuffix}`);
  const dnsName = `${name}-1234567890.${region}.elb.amazonaws.com`;
  return { id: own, name, arn: own, arnSuffix, dnsName, zoneId: "Z35SXDOTRQ7X7K" };
};

const targetGroup: Maker = ({ physicalName: name, urn, region }) => {
  const arnSuffix = `targetgroup/${name}/${digits(urn, 16)}`;
  const own = arn("elasticloadbalancing", region, arnSuffix);
  return { id: own, name, arn: own, arnSuffix };
};

const listener: Maker = ({ urn, inputs }) => {
  const own = `${String(inputs.loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${digits(urn, 16)}`;
  return { id: own, arn: own };
};

const listenerRule: Maker = ({ urn, inputs }) => {
  const own = `${String(inputs.listenerArn).replace(":listener/", ":listener-rule/")}/${digits(urn, 16)}`;
  return { id: own, arn: own };
};

const cluster: Maker = ({ physicalName: id, urn, region, inputs }) => {
  const managed = inputs.manageMasterUserPassword === true;
  const secret = {
    secretArn: arn("secretsmanager", region, `secret:rds!cluster-${uuid(urn)}-AbCdEf`),
    kmsKeyId: inputs.masterUserSecretKmsKeyId ?? arn("kms", region, "alias/aws/secretsmanager"),
    secretStatus: "active",
  };
  return {
    id,
    clusterIdentifier: id,
    arn: arn("rds", region, `cluster:${id}`),
    clusterResourceId: `cluster-${digits(urn, 26).toUpperCase()}`,
    endpoint: `${id}.cluster-abcdefghijkl.${region}.rds.amazonaws.com`,
    readerEndpoint: `${id}.cluster-ro-abcdefghijkl.${region}.rds.amazonaws.com`,
    port: inputs.port ?? (String(inputs.engine).includes("postgresql") ? 5432 : 3306),
    hostedZoneId: "Z2R2ITUGPM61AM",
    masterUserSecrets: managed ? [secret] : [],
  };
};

const clusterInstance: Maker = ({ physicalName: id, urn, region }) => ({
  id,
  identifier: id,
  arn: arn("rds", region, `db:${id}`),
  endpoint: `${id}.abcdefghijkl.${region}.rds.amazonaws.com`,
  dbiResourceId: `db-${digits(urn, 26).toUpperCase()}`,
});

const kmsKey: Maker = ({ urn, region }) => {
  const id = uuid(urn);
  return { id, keyId: id, arn: arn("kms", region, `key/${id}`) };
};

const kmsAlias: Maker = ({ physicalName, region, inputs }) => {
  const name = physicalName.startsWith("alias/") ? physicalName : `alias/${physicalName}`;
  const key = String(inputs.targetKeyId);
  const targetKeyArn = key.startsWith("arn:") ? key : arn("kms", region, `key/${key}`);
  return { id: name, name, arn: arn("kms", region, name), targetKeyArn };
};

const lambdaFunction: Maker = ({ physicalName: name, region }) => {
  const own = arn("lambda", region, `function:${name}`);
  const invocations = `path/2015-03-31/functions/${own}/invocations`;
  const invokeArn = `arn:aws:apigateway:${region}:lambda:${invocations}`;
  return { name, arn: own, version: "$LATEST", qualifiedArn: `${own}:$LATEST`, invokeArn };
};

const cloudFormationStack: Maker = ({ physicalName: name, urn, region, inputs }) => {
  const id = arn("cloudformation", region, `stack/${name}/${uuid(urn)}`);
  const parameters = (inputs.parameters ?? {}) as Properties;
  const body = inputs.templateBody;
  if (typeof body !== "string") return { id, name, outputs: {} };
  return { id, name, outputs: templateOutputs(body, parameters, region, name) };
};

const queue: Maker = ({ physicalName: name, region }) => {
  const url = `https://sqs.${region}.amazonaws.com/${ACCOUNT_ID}/${name}`;
  return { id: url, name, url, arn: arn("sqs", region, name) };
};

const bucket: Maker = ({ physicalName: name, region }) => ({
  bucket: name,
  arn: `arn:aws:s3:::${name}`,
  bucketDomainName: `${name}.s3.amazonaws.com`,
  bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
});

const secret: Maker = (parts) => {
  const { name, arn: own } = named("secretsmanager", "secret:")(parts);
  return { id: `${own}-AbCdEf`, arn: `${own}-AbCdEf`, name };
};

const parameter: Maker = ({ physicalName: name, region }) => {
  const path = name.startsWith("/") ? name : `/${name}`;
  return { name, arn: arn("ssm", region, `parameter${path}`), version: 1 };
};

const taskDefinition: Maker = ({ physicalName: family, region }) => {
  const own = arn("ecs", region, `task-definition/${family}`);
  return { id: family, family, arn: `${own}:1`, arnWithoutRevision: own, revision: 1 };
};

const repository: Maker = (parts) => {
  const repositoryUrl = `${ACCOUNT_ID}.dkr.ecr.${parts.region}.amazonaws.com/${parts.physicalName}`;
  return { ...named("ecr", "repository/")(parts), repositoryUrl, registryId: ACCOUNT_ID };
};

/** As AWS answers: for each name a record that proves that one may have a certificate for it. */
const certificate: Maker = ({ urn, region, inputs }) => {
  const own = arn("acm", region, `certificate/${uuid(urn)}`);
  const names = [inputs.domainName, ...((inputs.subjectAlternativeNames as string[]) ?? [])];
  const domainValidationOptions =
    inputs.domainValidationOptions ??
    names.map((domainName) => ({
      domainName,
      resourceRecordName: `_${digits(String(domainName), 32)}.${domainName}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${digits(urn, 32)}.acm-validations.aws.`,
    }));
  return { id: own, arn: own, domainValidationOptions };
};

const zone: Maker = ({ physicalName: name, urn, region }) => {
  const id = `Z${digits(urn, 20).toUpperCase()}`;
  const nameServers = [1, 2, 3, 4].map((number) => `ns-${number}.awsdns-00.com`);
  return { id, zoneId: id, name, nameServers, arn: arn("route53", region, `hostedzone/${id}`) };
};

/** AWS DMS names its ARN outputs after the resource. */
function dms(prefix: string, output: string): Maker {
  return ({ physicalName: id, urn, region }) => ({
    id,
    [output]: arn("dms", region, `${prefix}:${digits(urn, 26).toUpperCase()}`),
  });
}

const randomText: Maker = ({ urn, inputs }) => {
  const result = digits(urn, 64).slice(0, Number(inputs.length ?? 16));
  return { id: result, result };
};

const randomId: Maker = ({ urn, inputs }) => {
  const bytes = Number(inputs.byteLength ?? 8);
  const hex = digits(urn, bytes * 2);
  const b64Url = Buffer.from(hex, "hex").toString("base64url");
  const prefix = String(inputs.prefix ?? "");
  return {
    id: b64Url,
    hex: prefix + hex,
    b64Url: prefix + b64Url,
    dec: prefix + BigInt(`0x${hex}`),
  };
};

const MAKERS: { [type: string]: Maker } = {
  "awsx:ec2:Vpc": ({ inputs, urn, region }) => vpcOutputs(inputs, urn, region),
  "awsx:ecr:Image": ({ inputs, urn }) => ({
    imageUri: `${inputs.repositoryUrl}@sha256:${digits(urn, 64)}`,
  }),
  "awsx:ecr:Repository": ({ physicalName, region }) => ({
    url: `${ACCOUNT_ID}.dkr.ecr.${region}.amazonaws.com/${physicalName}`,
  }),
  "aws:acm/certificate:Certificate": certificate,
  "aws:backup/plan:Plan": backupPlan,
  "aws:backup/selection:Selection": ({ urn }) => ({ id: uuid(urn) }),
  "aws:backup/vault:Vault": named("backup", "backup-vault:"),
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ofBackupVault,
  "aws:backup/vaultNotifications:VaultNotifications": ofBackupVault,
  "aws:backup/vaultPolicy:VaultPolicy": ofBackupVault,
  "aws:cloudformation/stack:Stack": cloudFormationStack,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": named("cloudwatch", "alarm:"),
  "aws:cloudwatch/eventRule:EventRule": named("events", "rule/"),
  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
  "aws:dms/certificate:Certificate": dms("cert", "certificateArn"),
  "aws:dms/endpoint:Endpoint": dms("endpoint", "endpointArn"),
  "aws:dms/replicationInstance:ReplicationInstance": dms("rep", "replicationInstanceArn"),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": dms(
    "subgrp",
    "replicationSubnetGroupArn",
  ),
  "aws:dms/replicationTask:ReplicationTask": dms("task", "replicationTaskArn"),
  "aws:dynamodb/table:Table": named("dynamodb", "table/"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint"),
  "aws:ecr/repository:Repository": repository,
  "aws:ecs/cluster:Cluster": byArn("ecs", "cluster/"),
  "aws:ecs/service:Service": byArn("ecs", "service/"),
  "aws:ecs/taskDefinition:TaskDefinition": taskDefinition,
  "aws:iam/policy:Policy": byArn("iam", "policy/"),
  "aws:iam/role:Role": named("iam", "role/"),
  "aws:kms/alias:Alias": kmsAlias,
  "aws:kms/key:Key": kmsKey,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/invocation:Invocation": () => ({ result: "{}" }),
  "aws:lb/listener:Listener": listener,
  "aws:lb/listenerRule:ListenerRule": listenerRule,
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:rds/cluster:Cluster": cluster,
  "aws:rds/clusterInstance:ClusterInstance": clusterInstance,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": named("rds", "cluster-pg:"),
  "aws:rds/parameterGroup:ParameterGroup": named("rds", "pg:"),
  "aws:rds/subnetGroup:SubnetGroup": named("rds", "subgrp:"),
  "aws:route53/record:Record": ({ physicalName: name }) => ({ name, fqdn: name }),
  "aws:route53/zone:Zone": zone,
  "aws:s3/bucket:Bucket": bucket,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:sns/topic:Topic": byArn("sns", ""),
  "aws:sqs/queue:Queue": queue,
  "aws:ssm/parameter:Parameter": parameter,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule"),
  "random:index/randomId:RandomId": randomId,
  "random:index/randomPassword:RandomPassword": randomText,
  "random:index/randomString:RandomString": randomText,
};
