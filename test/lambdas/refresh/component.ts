import {
  CredentialRefresh,
  type CredentialRefreshArgs,
} from "../../../components/refresh/credentialRefresh";
import { COMMON, KEY, type Rendered, render } from "../../components/support";
import { serviceNamed, taskNamed } from "./facts";

export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts-topic-test";
export const TABLE = { name: "state", arn: "arn:aws:dynamodb:us-east-1:111122223333:table/state" };
export const CONSUMERS = [serviceNamed("blue", "app"), taskNamed("forward")];

/** The component with these consumers, as a stack would make it. */
export function renderRefresh(changes: Partial<CredentialRefreshArgs> = {}): Promise<Rendered> {
  return render(
    () =>
      new CredentialRefresh("refresh-test", {
        ...COMMON,
        consumers: CONSUMERS,
        stateTable: TABLE,
        topicArn: TOPIC,
        keyArns: {
          data: `${KEY}/data`,
          messaging: `${KEY}/messaging`,
          logs: `${KEY}/logs`,
          compute: `${KEY}/compute`,
        },
        region: "us-east-1",
        logRetentionDays: 400,
        ...changes,
      }),
  );
}
