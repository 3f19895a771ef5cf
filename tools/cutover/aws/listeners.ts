import type { Known } from "../../../lambdas/common/ports";
import { readBeside, readerSettings } from "./calls";

/** How many hear what the controller tells. */
export function countListeners(topicArn: string): Promise<Known<number>> {
  const call = { permission: "sns:GetTopicAttributes", subject: `topic ${topicArn}` };
  return readBeside(call, async () => {
    const sns: typeof import("@aws-sdk/client-sns") = require("@aws-sdk/client-sns");
    const client = new sns.SNSClient(readerSettings());
    const { Attributes } = await client.send(
      new sns.GetTopicAttributesCommand({ TopicArn: topicArn }),
    );
    return Number(Attributes?.SubscriptionsConfirmed ?? 0);
  });
}
