import { outcomeIsUnknown } from "../../../lambdas/common/aws/client";

/** What was called, for people. */
export interface Call {
  /** Permission that it takes, such as `lambda:InvokeFunction`. */
  permission: string;
  /** What it is about, such as `function cutover-function-prod`. */
  subject: string;
}

/**
 * What went wrong with a call.
 * - `credentials`: there are none, or AWS does not take them any more.
 * - `denied`: they do not allow it.
 * - `missing`: what is asked for does not exist.
 * - `unreachable`: nothing was sent, as nobody listens there.
 * - `unanswered`: it was sent, and no answer came that can be read.
 */
export type TroubleKind =
  | "credentials"
  | "denied"
  | "missing"
  | "throttled"
  | "unreachable"
  | "unanswered"
  | "other";

export interface Trouble {
  kind: TroubleKind;
  /** What went wrong and what to do, as a clause without its end. */
  clause: string;
  /** Whether the call may have been carried out all the same. */
  mayBeDone: boolean;
}

/** The parts of an SDK's error that are read here. */
interface SdkError {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number };
}

/** What a failed call tells, for people. */
export function troubleOf(error: unknown, call: Call): Trouble {
  const {
    name = "Error",
    message = String(error),
    code = "",
    $metadata = {},
  } = (error ?? {}) as SdkError;
  const text = `${name} ${code} ${message}`;
  const found = RULES.find(({ when }) => when.test(text));
  const status = $metadata.httpStatusCode;
  if (found !== undefined) {
    const { kind, say } = found;
    const certain = CERTAIN.includes(kind);
    return { kind, clause: say(message, call), mayBeDone: !certain && outcomeIsUnknown(error) };
  }
  if (status === 429) return { kind: "throttled", clause: THROTTLED, mayBeDone: false };
  const mayBeDone = outcomeIsUnknown(error);
  if (status !== undefined && (status >= 500 || status < 400))
    return {
      kind: "unanswered",
      clause: `AWS gave no answer that can be read to ${call.permission} (HTTP ${status})`,
      mayBeDone,
    };
  return {
    kind: "other",
    clause: `${call.permission} failed: ${name}: ${firstLine(message)}`,
    mayBeDone,
  };
}

/** Kinds in which the service has certainly done nothing. */
const CERTAIN: TroubleKind[] = ["credentials", "denied", "missing", "throttled", "unreachable"];

const THROTTLED =
  "AWS throttles these calls, several tries were not enough: wait a minute and ask again";

interface Rule {
  kind: TroubleKind;
  when: RegExp;
  say(message: string, call: Call): string;
}

/** The first that fits counts. */
const RULES: Rule[] = [
  {
    kind: "credentials",
    when: /Expired|token (is|has) expired|session .* (has )?expired/i,
    say: () =>
      "the AWS credentials have expired: log in again (such as `aws sso login`), until `aws sts get-caller-identity` answers",
  },
  {
    kind: "credentials",
    when: /CredentialsProviderError|Could not load credentials|CredentialsError|Token is missing|TokenProviderError/,
    say: (message) =>
      /Could not load credentials/.test(message)
        ? "there are no AWS credentials: log in or set AWS_PROFILE, until `aws sts get-caller-identity` answers"
        : `there are no AWS credentials (${firstLine(message)}): mend that until \`aws sts get-caller-identity\` answers`,
  },
  {
    kind: "credentials",
    when: /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AuthFailure|IncompleteSignature|MissingAuthenticationToken/,
    say: () =>
      "AWS does not know these credentials: `aws sts get-caller-identity` has to answer with them",
  },
  {
    kind: "credentials",
    when: /Region is missing/,
    say: () => "no region is set, and the stack's outputs name none: set AWS_REGION",
  },
  {
    kind: "denied",
    when: /AccessDenied|not authorized|UnauthorizedOperation|KMSAccessDenied/i,
    say: denied,
  },
  {
    kind: "throttled",
    when: /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded|SlowDown/i,
    say: () => THROTTLED,
  },
  {
    kind: "missing",
    when: /ResourceNotFound|ParameterNotFound|TargetGroupNotFound|RuleNotFound|NotFoundException/,
    say: (_, { subject }) =>
      `${subject} does not exist in this account and region: deploy the stack, or look whether these are its credentials`,
  },
  {
    kind: "unreachable",
    when: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|CERT_|UNABLE_TO_VERIFY|SELF_SIGNED/,
    say: (message) =>
      `AWS cannot be reached (${firstLine(message)}): look at the network and AWS_ENDPOINT_URL`,
  },
  {
    kind: "unanswered",
    when: /TimeoutError|timed out|ETIMEDOUT|ECONNRESET|EPIPE|socket hang up|AbortError/i,
    say: (_, { permission }) => `AWS did not answer ${permission} in time`,
  },
];

/** Names the permission that AWS names, or else the one that the call takes. */
function denied(message: string, { permission, subject }: Call): string {
  const [, named] = message.match(/not authorized to perform: (\S+?)[.,]?(\s|$)/) ?? [];
  const [, resource] = message.match(/on resource: (\S+?)[.,]?(\s|$)/) ?? [];
  return `these credentials may not ${named ?? permission} on ${resource ?? subject}: have that allowed, or use others`;
}

const LONGEST = 300;

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").slice(0, LONGEST).replace(/\.$/, "");
}

/** A reason in an SDK's words, as an adapter gives it, in words for people. */
export function inPlainWords(reason: string): string {
  const rule = RULES.find(({ when }) => when.test(reason));
  if (rule !== undefined) return rule.say(reason, { permission: "it", subject: "it" });
  return /^SyntaxError|Deserialization error/.test(reason)
    ? "AWS gave no answer that can be read"
    : firstLine(reason);
}
