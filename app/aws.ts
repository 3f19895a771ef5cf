import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** What the application asks of AWS. Each rejects when it cannot be read. */
export interface AwsPorts {
  readParameter(name: string): Promise<string>;
  readSecret(arn: string): Promise<string>;
}

export function awsPorts(region: string): AwsPorts {
  const settings = {
    region,
    // Whoever waits for the answer tries again by itself.
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  };
  const parameters = new SSMClient(settings);
  const secrets = new SecretsManagerClient(settings);
  return {
    async readParameter(name) {
      const { Parameter } = await parameters.send(new GetParameterCommand({ Name: name }));
      return Parameter?.Value ?? "";
    },
    async readSecret(arn) {
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
      return SecretString ?? "";
    },
  };
}
