import type { PolicyStatement } from "../common";

/** ARNs of everything that the controller touches. */
export interface ControllerResources {
  ruleArn: string;
  stateTableArn: string;
  topicArn: string;
  logGroupArn: string;
  /** Keys of the state table and of the topic. */
  dataKeyArn: string;
  messagingKeyArn: string;
  /** Pattern of the release gate's stacks. */
  gateStackArns: string;
  /** Services of both colors. */
  serviceArns: string[];
  region: string;
  switchoverFunctionArn: string;
  /** Pattern of the function's own ARN. */
  functionArn: string;
  /** Hosted zone and name of the records that share clients with on-premises, where there are any. */
  dns?: { zoneArn: string; recordName: string };
}

/** Exactly what the adapters in lambdas/cutover/aws call, and nothing else. */
export function controllerStatements(resources: ControllerResources): PolicyStatement[] {
  const { region } = resources;
  return [
    {
      Sid: "MovePayments",
      Effect: "Allow",
      Action: "elasticloadbalancing:ModifyRule",
      Resource: resources.ruleArn,
    },
    ...moveClients(resources.dns),
    {
      Sid: "Observe",
      Effect: "Allow",
      Action: [
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetHealth",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
      ],
      // Three of these can be narrowed to no resource; DescribeAlarms tells of composite alarms only who
      // may see all (service authorization reference, and CloudWatch's API reference).
      Resource: "*",
    },
    {
      Sid: "SeeRelease",
      Effect: "Allow",
      Action: "cloudformation:DescribeStacks",
      Resource: resources.gateStackArns,
    },
    {
      Sid: "SeeServices",
      Effect: "Allow",
      Action: "ecs:DescribeServices",
      Resource: resources.serviceArns,
    },
    {
      Sid: "Remember",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
      Resource: resources.stateTableArn,
    },
    {
      Sid: "AskForSwitchover",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: resources.switchoverFunctionArn,
    },
    {
      Sid: "WakeAnother",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: resources.functionArn,
    },
    { Sid: "Notify", Effect: "Allow", Action: "sns:Publish", Resource: resources.topicArn },
    {
      Sid: "UseKeysThroughServices",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [resources.dataKeyArn, resources.messagingKeyArn],
      Condition: {
        StringEquals: {
          "kms:ViaService": [`dynamodb.${region}.amazonaws.com`, `sns.${region}.amazonaws.com`],
        },
      },
    },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${resources.logGroupArn}:*`,
    },
  ];
}

/**
 * Only the weights of two records change, and none is deleted: IAM knows names, types and actions of a
 * change (Route 53's guide on conditions), though neither set identifiers nor weights.
 */
function moveClients(dns: ControllerResources["dns"]): PolicyStatement[] {
  if (dns === undefined) return [];
  const normalized = dns.recordName.replace(/\.$/, "").toLowerCase();
  return [
    {
      Sid: "SeeClients",
      Effect: "Allow",
      Action: "route53:ListResourceRecordSets",
      Resource: dns.zoneArn,
    },
    {
      Sid: "MoveClients",
      Effect: "Allow",
      Action: "route53:ChangeResourceRecordSets",
      Resource: dns.zoneArn,
      Condition: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [normalized],
          "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
          "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
        },
      },
    },
  ];
}
