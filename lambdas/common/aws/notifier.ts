import type { Notifier } from "../ports";
import { clientSettings } from "./client";

/** Messages for people, through one SNS topic. */
export function snsNotifier(topicArn: string, environment: string): Notifier {
  const sns: typeof import("@aws-sdk/client-sns") = require("@aws-sdk/client-sns");
  const client = new sns.SNSClient(clientSettings());

  async function notify(subject: string, message: string): Promise<void> {
    // SNS takes subjects of up to 100 printable ASCII characters.
    const Subject = `[payments ${environment}] ${subject}`.replace(/[^ -~]/g, "?").slice(0, 100);
    await client.send(new sns.PublishCommand({ TopicArn: topicArn, Subject, Message: message }));
  }

  return { notify };
}
