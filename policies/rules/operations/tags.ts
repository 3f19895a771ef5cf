import { must } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import { at, canBe, isMissing } from "../../core/values";

/** Types that AWS gives no tags. */
export const UNTAGGABLE: readonly string[] = [
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:appautoscaling/policy:Policy",
  "aws:backup/selection:Selection",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  "aws:backup/vaultNotifications:VaultNotifications",
  "aws:backup/vaultPolicy:VaultPolicy",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  "aws:ec2/networkAclRule:NetworkAclRule",
  "aws:ec2/route:Route",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/invocation:Invocation",
  "aws:lambda/permission:Permission",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secretRotation:SecretRotation",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
];

export const requiredTags: ResourceRule = {
  id: "required-tags",
  title:
    "Everything that can carry tags says which environment, project and cost center it belongs to",
  severity: "mandatory",
  controls: {
    pci: ["A1.1.2"],
    other: ["Security Hub's controls of tags", "pulumi environment-separation-tagging"],
  },
  types: "every AWS type",
  check: ({ type, properties: { tags }, template }, { environment }) => {
    // CloudFormation hands its stack's tags on to what a template makes.
    if (UNTAGGABLE.includes(type) || template !== undefined) return [];
    const mend = "Give the resource the environment's tags.";
    const belongs = at(tags, "Environment");
    const known = environment === undefined ? !isMissing(belongs) : canBe(belongs, environment);
    return [
      ...must(known, "tags.Environment", belongs, environment ?? "the environment's name", mend),
      ...["Project", "CostCenter"].flatMap((name) => {
        const value = at(tags, name);
        return must(!isMissing(value), `tags.${name}`, value, "a value", mend);
      }),
    ];
  },
};
