import type { Ports } from "../ports";
import type { CutoverState, DecisionRecord } from "../state";
import { answerBody } from "./answer";
import { SERVICE_TIMEOUT_SECONDS } from "./contract";
import type { Answer, Gate, Owed } from "./memory";

/**
 * Sends an answer that is on record, and forgets its address once it has arrived. Whoever dies in
 * between leaves the answer owed, and the next pass sends the same again. Never throws: what failed is
 * returned as a sentence.
 * @param state as it is stored now
 */
export async function deliver(ports: Ports, state: CutoverState): Promise<string[]> {
  const { owed } = state.gate ?? {};
  if (owed?.stage.name !== "answering") return [];
  const { status, reason } = owed.stage;
  try {
    const outcome = await ports.release.answer(owed.responseUrl, answerBody(owed, owed.stage));
    if (outcome === "unknown") return ["it is unknown whether CloudFormation took the answer"];
    const now = ports.clock.now();
    const next = afterDelivery(state, owed, { status, reason }, now);
    const record = recordOf(next, owed, status, now);
    const stored = await ports.state.save(next, state.version, record);
    return stored === "saved" ? [] : ["CloudFormation took the answer, which is not on record yet"];
  } catch (error) {
    return [`answering failed: ${error instanceof Error ? error.message : error}`];
  }
}

function afterDelivery(state: CutoverState, owed: Owed, answer: Answer, now: number): CutoverState {
  const { owed: _, confirmed, ...others } = state.gate ?? {};
  const kept = confirmedAfter(confirmed, owed, answer, now);
  const gate: Gate = {
    ...others,
    ...(kept && { confirmed: kept }),
    answered: { requestId: owed.requestId, ...answer },
  };
  return { ...state, version: state.version + 1, gate };
}

/** What comes too late was taken for a failure: CloudFormation then holds what it had before. */
function confirmedAfter(
  confirmed: Gate["confirmed"],
  { stackId, wish, receivedAt }: Owed,
  { status }: Answer,
  now: number,
): Gate["confirmed"] {
  const inTime = now - receivedAt < SERVICE_TIMEOUT_SECONDS * 1000;
  if (status !== "SUCCESS" || !inTime) return confirmed;
  if (wish !== undefined) return { stackId, live: wish.live };
  return confirmed?.stackId === stackId ? undefined : confirmed;
}

function recordOf(
  { weights }: CutoverState,
  { requestId }: Owed,
  status: string,
  at: number,
): DecisionRecord {
  const reason = `CloudFormation took the answer ${status} to request ${requestId}.`;
  return { at, code: "gate-answered", reason, who: "controller", weights };
}
