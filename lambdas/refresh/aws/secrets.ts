import { clientSettings } from "../../common/aws/client";
import { type Known, known, type SecretSource } from "../ports";

/** When secrets were rotated. Their values are neither needed nor allowed. */
export function secretsManager(): SecretSource {
  const secrets: typeof import("@aws-sdk/client-secrets-manager") = require("@aws-sdk/client-secrets-manager");
  const client = new secrets.SecretsManagerClient(clientSettings());

  async function readRotatedAt(secretArn: string): Promise<Known<number | undefined>> {
    const command = new secrets.DescribeSecretCommand({ SecretId: secretArn });
    return known((await client.send(command)).LastRotatedDate?.getTime());
  }

  return { readRotatedAt };
}
