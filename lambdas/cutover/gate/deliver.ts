import type { Ports } from "../ports";
import type { CutoverState, DecisionRecord } from "../state";
import { answerBody } from "./answer";
import { type Answer, type Owed, withPast } from "./memory";

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
    const next = afterDelivery(state, owed, { status, reason });
    const record = recordOf(next, owed, status, now);
    const stored = await ports.state.save(next, state.version, record);
    return stored === "saved" ? [] : ["CloudFormation took the answer, which is not on record yet"];
  } catch (error) {
    return [`answering failed: ${error instanceof Error ? error.message : error}`];
  }
}

function afterDelivery(state: CutoverState, { requestId }: Owed, answer: Answer): CutoverState {
  const { owed: _, ...others } = state.gate ?? {};
  const gate = withPast({ ...others, answered: { requestId, ...answer } }, requestId);
  return { ...state, version: state.version + 1, gate };
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
