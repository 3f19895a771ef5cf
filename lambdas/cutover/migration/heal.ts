import { act, type Decision, notify, setAwsPercent } from "../decision";
import { dnsDriftOf } from "../drift";
import type { Observation } from "../observe";
import type { CutoverState } from "../state";

/**
 * Adds to a decision that the weights of DNS are put back where somebody changed them, whatever the
 * phase. After the load balancer's weights, which take payments back at once, and before people are
 * told. In a pause weights are people's, and what is refused changes nothing: the next pass puts back.
 */
export function keepDns(state: CutoverState, seen: Observation, decision: Decision): Decision {
  if (state.awsPercent === undefined) return note(state, seen, decision);
  const drift = dnsDriftOf(seen.awsPercent, state.awsPercent);
  const isDone = decision.actions.some(({ kind }) => kind === "set-aws-percent");
  if (drift === undefined || isDone || isPaused(decision.next) || decision.code === "refuse")
    return decision;
  const { next, actions, code, reason } = decision;
  const healing = `Put DNS back: ${drift}.`;
  const does = next === state && actions.length === 0;
  const tell = does && state.lastCode !== "heal-dns" ? [notify(healing)] : [];
  return {
    ...decision,
    ...(does ? { code: "heal-dns", reason: healing } : { code, reason: `${reason} ${healing}` }),
    actions: [
      ...actions.filter(({ kind }) => kind === "set-weights"),
      setAwsPercent(state.awsPercent),
      ...actions.filter(({ kind }) => kind !== "set-weights"),
      ...tell,
    ],
  };
}

/**
 * What is found at first is taken for what is wanted: clients may have been moved by hand before. A
 * share that is no whole percentage is rounded towards on-premises.
 */
function note(state: CutoverState, { awsPercent, request }: Observation, decision: Decision) {
  const rests = decision.next === state && decision.actions.length === 0;
  if (!awsPercent?.known || !rests || request !== undefined) return decision;
  const percent = Math.floor(awsPercent.value);
  const reason = `From now on it is on record that DNS leads ${percent} % of the clients to AWS.`;
  return act({ ...state, awsPercent: percent }, "note-dns", reason);
}

function isPaused({ phase }: CutoverState): boolean {
  if (phase.name === "shifting") return phase.cutover.pausedBy !== undefined;
  return phase.name === "migrating" && phase.migration.pausedBy !== undefined;
}
