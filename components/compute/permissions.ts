import type { PolicyStatement } from "../common";

/** Matches an image in Amazon ECR, and takes account, Region and repository out of its name. */
const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/;

/** ARN of the ECR repository that an image is in; undefined for an image of another registry. */
export function repositoryArn(image: string): string | undefined {
  const [, account, region, repository] = ECR_IMAGE.exec(image) ?? [];
  if (repository === undefined) return undefined;
  return `arn:aws:ecr:${region}:${account}:repository/${repository}`;
}

/** What ECS itself needs to start a task: its image and a place for its logs. */
export function executionStatements(image: string, logGroupArn: string): PolicyStatement[] {
  const writeLogs: PolicyStatement = {
    Sid: "WriteLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${logGroupArn}:*`,
  };
  const repository = repositoryArn(image);
  // What is not in ECR is public: there are no credentials for other registries.
  if (repository === undefined) return [writeLogs];
  return [
    // AWS offers no narrower resource for the login.
    { Sid: "RegistryLogin", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "PullImage",
      Effect: "Allow",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
      ],
      Resource: repository,
    },
    writeLogs,
  ];
}

export interface DatabaseAccess {
  writerPointerArn: string;
  secretArns: string[];
  secretsKeyArn: string;
  region: string;
}

/** Lets a task find the database and log in as the users whose secrets these are. */
export function databaseStatements(access: DatabaseAccess): PolicyStatement[] {
  return [
    {
      Sid: "FindTheWriter",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: access.writerPointerArn,
    },
    {
      Sid: "ReadDatabaseCredentials",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: access.secretArns,
    },
    {
      Sid: "DecryptDatabaseCredentials",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: access.secretsKeyArn,
      Condition: {
        StringEquals: { "kms:ViaService": `secretsmanager.${access.region}.amazonaws.com` },
      },
    },
  ];
}
