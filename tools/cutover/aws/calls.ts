import { type Known, known, unknown } from "../../../lambdas/common/ports";
import { Complaint } from "../../terminal/complaint";
import { type Call, type TroubleKind, troubleOf } from "./trouble";

/** Troubles that every other call would have as well, and that no answer can be found without. */
export const FATAL: TroubleKind[] = ["credentials", "unreachable", "throttled", "unanswered"];

/**
 * What a reading call answers, or why it is not known. Throws a complaint where nothing else would
 * be answered either.
 * @param fatal kinds of trouble that are thrown
 */
export async function read<T>(
  call: Call,
  send: () => Promise<T>,
  fatal: TroubleKind[] = FATAL,
): Promise<Known<T>> {
  try {
    return known(await send());
  } catch (error) {
    const { kind, clause } = troubleOf(error, call);
    if (fatal.includes(kind)) throw new Complaint(asSentence(clause));
    return unknown(clause);
  }
}

/** Readings beside which the rest is worth telling: nothing is thrown. */
export function readBeside<T>(call: Call, send: () => Promise<T>): Promise<Known<T>> {
  return read(call, send, []);
}

export function asSentence(clause: string): string {
  // A name keeps its letters.
  const isName = clause.startsWith("arn:");
  const text = isName ? clause : `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** Attempts of a call that only reads: throttling is common where many tools look at one account. */
const ATTEMPTS = 3;

/**
 * Settings of an SDK client that only reads.
 * @param requestTimeout longest wait for an answer, in milliseconds
 */
export function readerSettings(requestTimeout = 3_000) {
  return {
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true },
  };
}

/**
 * Lets every SDK client of this process work in the stack's region, the adapters that the controller
 * itself looks through included; and lets the SDK keep to itself what it thinks of Node's version.
 * @param environment of the process
 */
export function prepareSdk(environment: NodeJS.ProcessEnv, region: string | undefined): void {
  environment.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  if (region !== undefined) environment.AWS_REGION = region;
}
