import type { Template, TemplateResource } from "../../components/cloudformation/template";
import { logicalName } from "./names";

/**
 * What may be done through an endpoint, and by whom. The list is a boundary, not a grant: whoever
 * calls needs the permission as well.
 */
interface Endpoint {
  /** Part of the service's name, such as `ecr.api`. */
  service: string;
  kind: "Gateway" | "Interface";
  actions: string[];
  /** Whether the call names a resource whose account can be compared with ours. */
  ownResourcesOnly: boolean;
  /** Actions that name no resource, beside others that do. @default none */
  withoutResource?: string[];
}

/** Free of charge, reached through the route tables. */
const GATEWAYS: Endpoint[] = [
  {
    service: "s3",
    kind: "Gateway",
    actions: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
    ownResourcesOnly: true,
  },
  {
    service: "dynamodb",
    kind: "Gateway",
    actions: [
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ],
    ownResourcesOnly: true,
  },
];

/**
 * What is called from inside the VPC: Fargate pulls the image and writes the logs, the application
 * reads its parameters and credentials, AWS DMS reads its credentials, and the rotation functions
 * change them. The controller and its like run outside the VPC and need no way out of it.
 */
const INTERFACES: Endpoint[] = [
  {
    service: "ecr.api",
    kind: "Interface",
    // The login names no resource.
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetAuthorizationToken",
      "ecr:GetDownloadUrlForLayer",
    ],
    ownResourcesOnly: false,
  },
  {
    service: "ecr.dkr",
    kind: "Interface",
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    ownResourcesOnly: false,
  },
  {
    service: "logs",
    kind: "Interface",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    ownResourcesOnly: true,
  },
  { service: "ssm", kind: "Interface", actions: ["ssm:GetParameter"], ownResourcesOnly: true },
  {
    service: "secretsmanager",
    kind: "Interface",
    actions: [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ],
    ownResourcesOnly: true,
    withoutResource: ["secretsmanager:GetRandomPassword"],
  },
];

/** What ECR needs to hand out image layers: a bucket that belongs to AWS, one in each region. */
const ECR_LAYERS = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
  "Fn::Sub": "arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*",
};

/**
 * Private ways from the VPC to AWS services. Only this account's principals may use them, and only
 * for this account's resources.
 * @param interfaces "used" makes an interface endpoint for each service that is called from inside, at about
 * 7 USD a month for each in each zone; "none" leaves those calls to NAT.
 */
export function endpointsTemplate(interfaces: "used" | "none"): Template {
  const endpoints = interfaces === "used" ? [...GATEWAYS, ...INTERFACES] : GATEWAYS;
  const resources = endpoints.map((endpoint) => [logicalId(endpoint), resource(endpoint)]);
  const outputs = endpoints.map((endpoint) => [
    `${logicalId(endpoint)}Id`,
    { Description: `Endpoint of ${endpoint.service}`, Value: { Ref: logicalId(endpoint) } },
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
      ...(interfaces === "used" && {
        SubnetIds: {
          Type: "List<AWS::EC2::Subnet::Id>",
          Description: "Subnets that hold the interface endpoints, one in each zone",
        },
        SecurityGroupIds: {
          Type: "List<AWS::EC2::SecurityGroup::Id>",
          Description: "Groups that say who may reach the interface endpoints",
        },
      }),
    },
    Resources: Object.fromEntries(resources),
    Outputs: Object.fromEntries(outputs),
  };
}

/** `EcrApiEndpoint` of `ecr.api`. */
function logicalId({ service }: Endpoint): string {
  return `${logicalName(service)}Endpoint`;
}

function resource(endpoint: Endpoint): TemplateResource {
  const place =
    endpoint.kind === "Gateway"
      ? { RouteTableIds: { Ref: "RouteTableIds" } }
      : {
          SubnetIds: { Ref: "SubnetIds" },
          SecurityGroupIds: { Ref: "SecurityGroupIds" },
          // The service's own name leads to the endpoint: no caller needs to know of it.
          PrivateDnsEnabled: true,
        };
  return {
    Type: "AWS::EC2::VPCEndpoint",
    Properties: {
      VpcEndpointType: endpoint.kind,
      VpcId: { Ref: "VpcId" },
      ServiceName: { "Fn::Sub": `com.amazonaws.\${AWS::Region}.${endpoint.service}` },
      ...place,
      PolicyDocument: { Version: "2012-10-17", Statement: statements(endpoint) },
    },
  };
}

function statements({ service, actions, ownResourcesOnly, withoutResource = [] }: Endpoint) {
  const account = { Ref: "AWS::AccountId" };
  const allow = (Sid: string, Action: string[], condition: object) => ({
    Sid,
    Effect: "Allow",
    Principal: "*",
    Action,
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": account, ...condition } },
  });
  const ours = [
    allow("OwnAccount", actions, ownResourcesOnly ? { "aws:ResourceAccount": account } : {}),
    ...(withoutResource.length > 0 ? [allow("WithoutResource", withoutResource, {})] : []),
  ];
  if (service !== "s3") return ours;
  const layers = {
    Sid: "ImageLayers",
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject"],
    Resource: ECR_LAYERS,
  };
  return [...ours, layers];
}
