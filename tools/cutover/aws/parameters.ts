import type { Known } from "../../../lambdas/common/ports";
import { readBeside, readerSettings } from "./calls";

/**
 * What the stack tells of an environment by names under `/payments/<environment>/`; those that do not
 * exist are left out.
 * @param names ten at most, without what all begin with
 */
export function readParameters(
  environment: string,
  names: string[],
): Promise<Known<{ [name: string]: string | undefined }>> {
  const prefix = `/payments/${environment}/`;
  const call = { permission: "ssm:GetParameters", subject: `the parameters ${prefix}...` };
  return readBeside(call, async () => {
    const ssm: typeof import("@aws-sdk/client-ssm") = require("@aws-sdk/client-ssm");
    const client = new ssm.SSMClient(readerSettings());
    const Names = names.map((name) => `${prefix}${name}`);
    const command = new ssm.GetParametersCommand({ Names, WithDecryption: true });
    const { Parameters = [] } = await client.send(command);
    return Object.fromEntries(
      Parameters.map(({ Name = "", Value }) => [Name.slice(prefix.length), Value]),
    );
  });
}
