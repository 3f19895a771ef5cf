import type { PolicyStatement } from "../common";

/** ARNs of everything that the preparation touches. */
export interface PreparationResources {
  clusterArns: string[];
  /** Master users' secrets, and those of the users that are made. */
  secretArns: string[];
  secretsKeyArn: string;
  logGroupArn: string;
  region: string;
}

/** Exactly what the function calls to prepare the clusters. */
export function preparationStatements(resources: PreparationResources): PolicyStatement[] {
  return [
    {
      Sid: "RunStatements",
      Effect: "Allow",
      Action: "rds-data:ExecuteStatement",
      Resource: resources.clusterArns,
    },
    {
      Sid: "ReadCredentials",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: resources.secretArns,
    },
    {
      Sid: "DecryptCredentials",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: resources.secretsKeyArn,
      Condition: {
        StringEquals: { "kms:ViaService": `secretsmanager.${resources.region}.amazonaws.com` },
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

/** Exactly what the function calls to start replication. */
export function startStatements(taskArns: string[]): PolicyStatement[] {
  return [
    {
      Sid: "StartReplication",
      Effect: "Allow",
      Action: "dms:StartReplicationTask",
      Resource: taskArns,
    },
    // AWS lets it be narrowed to no task (service authorization reference).
    { Sid: "Observe", Effect: "Allow", Action: "dms:DescribeReplicationTasks", Resource: "*" },
  ];
}
