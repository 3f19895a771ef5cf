import { attemptWrite, clientSettings } from "../../common/aws/client";
import { COLORS, type Color } from "../../cutover/contract";
import type { SwitchoverClusters } from "../contract";
import { known, unknown, type WriterPointer } from "../ports";

/** The SSM parameter by which applications find the writer: its color, endpoint and secret, as JSON. */
export function ssmWriterPointer(name: string, clusters: SwitchoverClusters): WriterPointer {
  const ssm: typeof import("@aws-sdk/client-ssm") = require("@aws-sdk/client-ssm");
  const client = new ssm.SSMClient(clientSettings());
  const textOf = (color: Color) => {
    const { endpoint, applicationSecretArn: secretArn } = clusters[color];
    return JSON.stringify({ color, endpoint, secretArn });
  };
  return {
    async read() {
      const command = new ssm.GetParameterCommand({ Name: name });
      const text = (await client.send(command)).Parameter?.Value ?? "";
      const said = fieldsOf(text);
      // Half of a writer is none: applications would be sent to the wrong one.
      const color = COLORS.find((one) => said !== undefined && said === fieldsOf(textOf(one)));
      return color === undefined ? unknown(`${name} names no cluster of ours`) : known(color);
    },
    async write(color) {
      const command = new ssm.PutParameterCommand({
        Name: name,
        Value: textOf(color),
        Overwrite: true,
      });
      return attemptWrite(() => client.send(command), "done");
    },
  };
}

/** What it says, whatever the order of its fields; undefined when it is no writer. */
function fieldsOf(text: string): string | undefined {
  try {
    const { color, endpoint, secretArn } = Object(JSON.parse(text)) as { [field: string]: unknown };
    return JSON.stringify([color, endpoint, secretArn]);
  } catch {
    return undefined;
  }
}
