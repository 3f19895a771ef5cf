import { when } from "../../core/messages";
import {
  canHaveStatement,
  isEverybody,
  refusesPlainText,
  type Statement,
  statementsOf,
} from "../../core/policyDocument";
import type { ResourceRule } from "../../core/rule";
import { isMissing } from "../../core/values";

export const topicTlsOnly: ResourceRule = {
  id: "topic-queue-tls-only",
  title:
    "Topics and queues refuse whoever comes without TLS, and let nobody in whom they do not name",
  severity: "advisory",
  controls: { securityHub: ["SNS.4"], checkov: ["CKV_AWS_168", "CKV_AWS_169"] },
  types: ["aws:sns/topicPolicy:TopicPolicy", "aws:sqs/queuePolicy:QueuePolicy"],
  check: ({ properties: { policy } }) => [
    ...when(
      !canHaveStatement(policy, refusesPlainText),
      "policy: got no such statement, allowed: one that denies everybody where aws:SecureTransport is false. Add it.",
    ),
    ...statementsOf(policy).flatMap(openStatement),
  ],
};

function openStatement({ sid, effect, principal, condition }: Statement): string[] {
  return when(
    effect === "Allow" && isEverybody(principal) && isMissing(condition),
    `policy, ${sid}: got Principal "*" without a condition, allowed: named principals. Name them, or add a condition.`,
  );
}
