import type { Consumer } from "../../lambdas/refresh/contract";
import type { PolicyStatement } from "../common";

/** Everything that the refresh function touches. */
export interface RefreshResources {
  consumers: Consumer[];
  stateTableArn: string;
  topicArn: string;
  logGroupArn: string;
  /** Keys of the state table and of the topic. */
  dataKeyArn: string;
  messagingKeyArn: string;
  region: string;
}

/** Exactly what the adapters in lambdas/refresh/aws call, and nothing else. */
export function refreshStatements(resources: RefreshResources): PolicyStatement[] {
  const { consumers } = resources;
  const secretArns = [...new Set(consumers.flatMap((consumer) => consumer.secretArns))];
  return [
    {
      Sid: "SeeRotations",
      Effect: "Allow",
      // The dates only: no statement of this policy lets the function read a secret's value.
      Action: "secretsmanager:DescribeSecret",
      Resource: secretArns,
    },
    {
      Sid: "SeeCutover",
      Effect: "Allow",
      Action: "dynamodb:GetItem",
      Resource: resources.stateTableArn,
    },
    ...serviceStatements(consumers),
    ...taskStatements(consumers),
    { Sid: "Notify", Effect: "Allow", Action: "sns:Publish", Resource: resources.topicArn },
    ...keyStatements(resources),
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${resources.logGroupArn}:*`,
    },
  ];
}

function serviceStatements(consumers: Consumer[]): PolicyStatement[] {
  const Resource = consumers.flatMap((one) => (one.kind === "service" ? [one.serviceArn] : []));
  if (Resource.length === 0) return [];
  const Action = ["ecs:DescribeServices", "ecs:UpdateService"];
  return [{ Sid: "RestartServices", Effect: "Allow", Action, Resource }];
}

function taskStatements(consumers: Consumer[]): PolicyStatement[] {
  const Resource = consumers.flatMap((one) =>
    one.kind === "replicationTask" ? [one.taskArn] : [],
  );
  if (Resource.length === 0) return [];
  return [
    {
      Sid: "Observe",
      Effect: "Allow",
      Action: "dms:DescribeReplicationTasks",
      // AWS lets this one not be narrowed to a resource (service authorization reference).
      Resource: "*",
    },
    {
      Sid: "RestartTasks",
      Effect: "Allow",
      Action: [
        "dms:ListTagsForResource",
        "dms:AddTagsToResource",
        "dms:RemoveTagsFromResource",
        "dms:StopReplicationTask",
        "dms:StartReplicationTask",
      ],
      Resource,
    },
  ];
}

/** Reading the state needs the table's key; publishing needs the topic's. */
function keyStatements(resources: RefreshResources): PolicyStatement[] {
  const through = (service: string) => ({
    StringEquals: { "kms:ViaService": `${service}.${resources.region}.amazonaws.com` },
  });
  return [
    {
      Sid: "ReadThroughTable",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: resources.dataKeyArn,
      Condition: through("dynamodb"),
    },
    {
      Sid: "PublishThroughTopic",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: resources.messagingKeyArn,
      Condition: through("sns"),
    },
  ];
}
