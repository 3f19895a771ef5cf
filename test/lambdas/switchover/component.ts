import {
  SwitchoverController,
  type SwitchoverControllerArgs,
} from "../../../components/switchover/switchoverController";
import { ACCOUNT, COMMON, KEY, type Rendered, render } from "../../components/support";

export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts-topic-test";
export const TABLE = { name: "state", arn: "arn:aws:dynamodb:us-east-1:111122223333:table/state" };
export const POINTER = {
  name: "/payments/test/database/writer",
  arn: "arn:aws:ssm:us-east-1:111122223333:parameter/payments/test/database/writer",
};

export function clusterNamed(color: string) {
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:us-east-1:111122223333:${resource}`;
  return {
    clusterArn: arn("rds", `cluster:${color}`),
    administratorSecretArn: arn("secretsmanager", `secret:${color}-administrator`),
    endpoint: `${color}.example`,
    applicationSecretArn: arn("secretsmanager", `secret:${color}-application`),
    taskArn: arn("dms", `task:${color}`),
  };
}

export const CLUSTERS = { blue: clusterNamed("blue"), green: clusterNamed("green") };

/** The component, as a stack would make it. */
export function renderSwitchover(
  changes: Partial<SwitchoverControllerArgs> = {},
): Promise<Rendered> {
  return render(
    () =>
      new SwitchoverController("switchover-test", {
        ...COMMON,
        clusters: CLUSTERS,
        administrators: ["payments_admin", "paymentsmaster"],
        stateTable: TABLE,
        writerPointer: POINTER,
        topicArn: TOPIC,
        keyArns: {
          data: `${KEY}/data`,
          secrets: `${KEY}/secrets`,
          messaging: `${KEY}/messaging`,
          logs: `${KEY}/logs`,
          compute: `${KEY}/compute`,
        },
        accountId: ACCOUNT,
        region: "us-east-1",
        logRetentionDays: 400,
        ...changes,
      }),
  );
}
