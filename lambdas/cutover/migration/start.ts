import type { Plan } from "../contract";
import { type Decision, hold } from "../decision";
import { dnsDriftOf, driftOf } from "../drift";
import { judgeTargets } from "../evidence/health";
import { noEvidence } from "../evidence/weigh";
import { planObstacles } from "../freeze";
import type { Observation } from "../observe";
import type { CutoverState, Migration } from "../state";
import { enterStep, stepsOf, unknownDns } from "./steps";

/** Begins to lead clients to AWS, from where they are now; refuses with everything that forbids it. */
export function startMigration(state: CutoverState, seen: Observation, plan: Plan): Decision {
  const { awsPercent: read, now, request } = seen;
  const fromPercent = state.awsPercent ?? (read?.known ? Math.floor(read.value) : undefined);
  const obstacles = obstaclesTo(state, seen, plan, fromPercent);
  if (fromPercent === undefined || obstacles.length > 0)
    return hold(state, "refuse", `Refused to migrate: ${obstacles.join("; ")}.`);
  const migration: Migration = {
    id: new Date(now).toISOString(),
    plan,
    requestedBy: request?.who ?? "unknown",
    fromPercent,
    stepIndex: 0,
    stepEnteredAt: now,
    evidence: noEvidence(now),
  };
  const first = stepsOf(plan).findIndex(({ awsPercent }) => awsPercent > fromPercent);
  const because = `Started to lead clients to AWS (${request?.why ?? ""})`;
  return enterStep(state, migration, first, "migrate", because, now);
}

function obstaclesTo(
  state: CutoverState,
  seen: Observation,
  plan: Plan,
  fromPercent: number | undefined,
): string[] {
  const { awsPercent, weights, now } = seen;
  if (awsPercent === undefined || plan.migration === undefined)
    return ["there is no on-premises endpoint (payments:legacyAddresses)"];
  return [
    ...planObstacles(plan, now),
    awsPercent.known ? dnsDriftOf(awsPercent, state.awsPercent) : unknownDns(awsPercent),
    fromPercent === 100 ? "DNS leads all clients to AWS already" : undefined,
    weights.known ? driftOf(weights, state.weights) : `the weights are unknown (${weights.reason})`,
    ...healthOf(state, seen),
  ].filter((obstacle) => obstacle !== undefined);
}

/** Whoever brings more clients brings them to a color that is well. Without payments alarms have no data. */
function healthOf({ live }: CutoverState, { live: { targets, redAlarms } }: Observation): string[] {
  const verdict = judgeTargets(targets);
  const red = redAlarms.known ? redAlarms.value.map(({ name }) => name) : [];
  return [
    ...(verdict.kind === "not-worse" ? [] : [`on ${live}, ${verdict.reason}`]),
    ...(red.length > 0 ? [`red on ${live}: ${red.join(" and ")}`] : []),
  ];
}
