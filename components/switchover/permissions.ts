import type { PolicyStatement } from "../common";

/** ARNs of everything that the switchover touches. */
export interface SwitchoverResources {
  clusterArns: string[];
  /** Secrets of the administrators, as whom statements run. */
  administratorSecretArns: string[];
  taskArns: string[];
  writerPointerArn: string;
  stateTableArn: string;
  topicArn: string;
  logGroupArn: string;
  /** The function itself, or a pattern that only it matches. */
  functionArn: string;
  keyArns: { data: string; secrets: string; messaging: string };
  region: string;
}

/** Exactly what the adapters in lambdas/switchover/aws call, and nothing else. */
export function switchoverStatements(resources: SwitchoverResources): PolicyStatement[] {
  return [
    {
      Sid: "RunStatements",
      Effect: "Allow",
      Action: "rds-data:ExecuteStatement",
      Resource: resources.clusterArns,
    },
    {
      Sid: "BeAdministrator",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: resources.administratorSecretArns,
    },
    ...replicationStatements(resources.taskArns),
    {
      Sid: "NameWriter",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:PutParameter"],
      Resource: resources.writerPointerArn,
    },
    {
      Sid: "Remember",
      Effect: "Allow",
      // IAM can tell items apart by their partition alone, which holds the cutover controller's, too.
      Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
      Resource: resources.stateTableArn,
    },
    {
      Sid: "WakeWatch",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: resources.functionArn,
    },
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

function replicationStatements(taskArns: string[]): PolicyStatement[] {
  return [
    // AWS lets it be narrowed to no task (service authorization reference).
    { Sid: "Observe", Effect: "Allow", Action: "dms:DescribeReplicationTasks", Resource: "*" },
    {
      Sid: "TurnReplication",
      Effect: "Allow",
      Action: [
        "dms:ModifyReplicationTask",
        "dms:RemoveTagsFromResource",
        "dms:StartReplicationTask",
        "dms:StopReplicationTask",
      ],
      Resource: taskArns,
    },
  ];
}

function keyStatements({ keyArns, region }: SwitchoverResources): PolicyStatement[] {
  const through = (...services: string[]) => ({
    StringEquals: {
      "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`),
    },
  });
  return [
    {
      Sid: "DecryptCredentials",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArns.secrets,
      Condition: through("secretsmanager"),
    },
    {
      Sid: "UseKeysThroughServices",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [keyArns.data, keyArns.messaging],
      Condition: through("dynamodb", "sns"),
    },
  ];
}
