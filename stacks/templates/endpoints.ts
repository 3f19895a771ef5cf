import type { Template } from "../../components/cloudformation/template";

/** Services that have a gateway endpoint, free of charge, and what may be done through it. */
const GATEWAY_ACTIONS = {
  s3: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
  dynamodb: [
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ],
};
type GatewayService = keyof typeof GATEWAY_ACTIONS;

/** What ECR needs to hand out image layers: a bucket that belongs to AWS, one in each region. */
const ECR_LAYERS = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
  "Fn::Sub": "arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*",
};

/**
 * Private ways from the VPC to AWS services. Only this account's principals may use them, and
 * only for this account's resources.
 */
export function endpointsTemplate(): Template {
  const endpoints = (["s3", "dynamodb"] as const).map((service) => [
    `${service === "s3" ? "S3" : "DynamoDb"}Endpoint`,
    {
      Type: "AWS::EC2::VPCEndpoint",
      Properties: {
        VpcEndpointType: "Gateway",
        VpcId: { Ref: "VpcId" },
        ServiceName: { "Fn::Sub": `com.amazonaws.\${AWS::Region}.${service}` },
        RouteTableIds: { Ref: "RouteTableIds" },
        PolicyDocument: { Version: "2012-10-17", Statement: statements(service) },
      },
    },
  ]);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "Private endpoints of the payments VPC",
    Parameters: {
      VpcId: { Type: "AWS::EC2::VPC::Id", Description: "The VPC" },
      RouteTableIds: {
        Type: "CommaDelimitedList",
        Description: "Route tables that get a route to the gateway endpoints",
      },
    },
    Resources: Object.fromEntries(endpoints),
    Outputs: {
      S3EndpointId: { Description: "Gateway endpoint of S3", Value: { Ref: "S3Endpoint" } },
      DynamoDbEndpointId: {
        Description: "Gateway endpoint of DynamoDB",
        Value: { Ref: "DynamoDbEndpoint" },
      },
    },
  };
}

function statements(service: GatewayService) {
  const ours = { "aws:PrincipalAccount": { Ref: "AWS::AccountId" } };
  const own = {
    Sid: "OwnResources",
    Effect: "Allow",
    Principal: "*",
    Action: GATEWAY_ACTIONS[service],
    Resource: "*",
    Condition: {
      StringEquals: { ...ours, "aws:ResourceAccount": { Ref: "AWS::AccountId" } },
    },
  };
  if (service !== "s3") return [own];
  const layers = {
    Sid: "ImageLayers",
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: ECR_LAYERS,
  };
  return [own, layers];
}
