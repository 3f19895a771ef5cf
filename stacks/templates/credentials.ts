import type { Template, TemplateResource } from "../../components/cloudformation/template";
import {
  DATABASE_USERS,
  type DatabaseUser,
  PAYMENTS_SCHEMA,
  USER_NAMES,
} from "../../lambdas/bootstrap/contract";
import type { Color } from "../../lambdas/cutover/contract";
import { logicalName } from "./names";

/** Outputs of the template: the ARN of each user's secret. */
export type CredentialOutput = `${Capitalize<DatabaseUser>}SecretArn`;

/**
 * Characters that no password holds: AWS DMS refuses `; : . +`, MySQL's rotation function quotes and
 * slashes, shells and URLs the rest. A hyphen and an underscore are left, because a password gets one
 * character of each kind.
 */
export const EXCLUDED_CHARACTERS = "!\"#$%&'()*+,./:;<=>?@[\\]^`{|}~";

/** Characters of a password; 64 kinds each, so more than 180 bits. */
const PASSWORD_LENGTH = 32;

/**
 * The secrets of one cluster's database users. CloudFormation has Secrets Manager make the passwords
 * itself, so that no password ever passes through Pulumi or its state.
 *
 * The form is what AWS's rotation functions, AWS DMS and the RDS Data API all read. `ssl` forbids the
 * rotation functions to fall back to a connection without TLS; `masterarn` names the secret of the
 * user that makes the twin of an alternating user.
 */
export function credentialsTemplate(environment: string, color: Color): Template<CredentialOutput> {
  const resources = DATABASE_USERS.map((user) => [
    secretId(user),
    secret(user, environment, color),
  ]);
  const outputs = DATABASE_USERS.map((user) => [
    `${secretId(user)}Arn`,
    { Description: `Credentials of ${USER_NAMES[user]}`, Value: { Ref: secretId(user) } },
  ]);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Credentials of the ${color} database's users`,
    Parameters: {
      Host: { Type: "String", Description: "Writer endpoint of the cluster" },
      Port: { Type: "Number", Description: "Port of the cluster" },
      KeyArn: { Type: "String", Description: "Key that encrypts the secrets" },
    },
    Resources: Object.fromEntries(resources),
    Outputs: Object.fromEntries(outputs),
  };
}

/** Logical id of a user's secret, such as `ApplicationSecret`. */
export function secretId(user: DatabaseUser): string {
  return `${logicalName(user)}Secret`;
}

function secret(user: DatabaseUser, environment: string, color: Color): TemplateResource {
  const template = {
    engine: "mysql",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
    host: "${Host}",
    username: USER_NAMES[user],
    ssl: true,
    ...(user === "application" && { dbname: PAYMENTS_SCHEMA }),
    ...(user !== "administrator" && { masterarn: `\${${secretId("administrator")}}` }),
  };
  // The port is a number, which a placeholder inside a text could not become.
  const text = JSON.stringify(template).replace(/\}$/, `,"port":\${Port}}`);
  return {
    Type: "AWS::SecretsManager::Secret",
    Properties: {
      Description: `payments ${environment}: database user ${USER_NAMES[user]} of ${color}`,
      KmsKeyId: { Ref: "KeyArn" },
      GenerateSecretString: {
        SecretStringTemplate: { "Fn::Sub": text },
        GenerateStringKey: "password",
        PasswordLength: PASSWORD_LENGTH,
        ExcludeCharacters: EXCLUDED_CHARACTERS,
      },
    },
  };
}
