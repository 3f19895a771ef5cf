import type { Template, TemplateResource } from "../../components/cloudformation/template";
import { DATABASE_USERS, type DatabaseUser, USER_NAMES } from "../../lambdas/bootstrap/contract";
import type { Color } from "../../lambdas/cutover/contract";
import { EXCLUDED_CHARACTERS, secretId } from "./credentials";
import { logicalName } from "./names";

/**
 * Rotation of one cluster's credentials every 30 days, by functions that AWS writes and hosts. Only
 * CloudFormation offers them, through a transform.
 *
 * All but the administrator alternate between two users: the credentials that were current until a
 * rotation stay valid until the next one, so that what runs with them has 30 days to take up the new
 * ones. The administrator, with whose help the others alternate, changes its own password.
 *
 * A locked account cannot be rotated, because AWS's functions log in with the current credentials
 * first: a rotation in the cluster that takes no writes fails closed and is tried again in the next
 * window. Nothing rotates on deployment: the users have to exist first.
 */
export function rotationTemplate(
  environment: string,
  color: Color,
  logRetentionDays: number,
): Template<never> {
  const resources = DATABASE_USERS.flatMap((user) => {
    const functionName = rotationFunctionName(user, environment, color);
    return [
      [logsId(user), logs(functionName, logRetentionDays)],
      [`${logicalName(user)}Rotation`, rotation(user, functionName)],
    ];
  });
  const parameters = DATABASE_USERS.map((user) => [
    `${secretId(user)}Arn`,
    { Type: "String", Description: `Secret of ${USER_NAMES[user]}` },
  ]);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    // This version heeds DependsOn, which an earlier one did not.
    Transform: "AWS::SecretsManager-2024-09-16",
    Description: `Rotation of the ${color} database's credentials`,
    Parameters: {
      KeyArn: { Type: "String", Description: "Key that encrypts the secrets" },
      LogsKeyArn: { Type: "String", Description: "Key that encrypts the functions' logs" },
      SubnetIds: { Type: "String", Description: "Subnets of the functions, separated by commas" },
      SecurityGroupId: { Type: "String", Description: "Security group of the functions" },
      ...Object.fromEntries(parameters),
    },
    Resources: Object.fromEntries(resources),
  };
}

/** At most 64 characters, with an environment of 10. */
export function rotationFunctionName(
  user: DatabaseUser,
  environment: string,
  color: Color,
): string {
  return `payments-${environment}-${color}-rotation-${USER_NAMES[user].replace("_", "-")}`;
}

function rotation(user: DatabaseUser, functionName: string): TemplateResource {
  const alternating = {
    RotationType: "MySQLMultiUser",
    SuperuserSecretArn: { Ref: `${secretId("administrator")}Arn` },
    SuperuserSecretKmsKeyArn: { Ref: "KeyArn" },
  };
  return {
    Type: "AWS::SecretsManager::RotationSchedule",
    DependsOn: logsId(user),
    Properties: {
      SecretId: { Ref: `${secretId(user)}Arn` },
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: "rate(30 days)", Duration: "2h" },
      HostedRotationLambda: {
        ...(user === "administrator" ? { RotationType: "MySQLSingleUser" } : alternating),
        RotationLambdaName: functionName,
        KmsKeyArn: { Ref: "KeyArn" },
        VpcSubnetIds: { Ref: "SubnetIds" },
        VpcSecurityGroupIds: { Ref: "SecurityGroupId" },
        ExcludeCharacters: EXCLUDED_CHARACTERS,
      },
    },
  };
}

/** Made beforehand: Lambda would make it without a key of ours and without an end. */
function logs(functionName: string, retentionDays: number): TemplateResource {
  return {
    Type: "AWS::Logs::LogGroup",
    Properties: {
      LogGroupName: `/aws/lambda/${functionName}`,
      KmsKeyId: { Ref: "LogsKeyArn" },
      RetentionInDays: retentionDays,
    },
  };
}

function logsId(user: DatabaseUser): string {
  return `${logicalName(user)}RotationLogs`;
}
