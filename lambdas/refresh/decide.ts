import type { Observation, Sighting } from "./observe";
import type { Known } from "./ports";
import { delays, type Standing, standingOf } from "./standing";

/** One call that changes something. */
export type Step =
  | { kind: "restart-service"; clusterArn: string; serviceArn: string }
  | { kind: "mark-task"; taskArn: string; at: number }
  | { kind: "stop-task"; taskArn: string }
  | { kind: "resume-task"; taskArn: string }
  | { kind: "unmark-task"; taskArn: string };

/** What is done to one consumer. A step begins only when the one before it is known to be done. */
export interface Move {
  /** The move as a sentence, for the record and for people. */
  reason: string;
  steps: Step[];
}

export interface Decision {
  /** Stable name of the decision, such as "refresh" or "hold-cutover". */
  code: string;
  reason: string;
  moves: Move[];
  /** What a person must see to, as sentences. */
  problems: string[];
  /** Whether a task of ours is on its way, and another look should come soon. */
  again: boolean;
}

/** Phases of the cutover controller in which nothing moves; every other one is left in peace. */
export const CALM_PHASES: readonly string[] = ["idle", "rolled-back"];

interface Judged {
  sighting: Sighting;
  standing: Standing;
}

/**
 * What to do about what was seen. What was begun is finished first; then at most one consumer is
 * begun, and only when all others are known to be steady and no cutover runs.
 */
export function decide(seen: Observation): Decision {
  const judged = seen.sightings.map((sighting) => ({
    sighting,
    standing: standingOf(sighting, seen.now),
  }));
  const problems = problemsOf(judged, seen);
  const begun = judged.flatMap(finish);
  if (begun.length > 0) {
    const reason = begun.map((move) => move.reason).join(" ");
    return { code: "finish", reason, moves: begun, problems, again: judged.some(isOnItsWay) };
  }
  const hold = (code: string, reason: string) => {
    return { code, reason, moves: [], problems, again: judged.some(isOnItsWay) };
  };
  for (const name of ["unknown", "stuck", "unsteady"] as const) {
    const reasons = reasonsOf(judged, name);
    if (reasons.length > 0)
      return hold(`hold-${name}`, `No consumer is touched: ${reasons.join("; ")}.`);
  }
  const [stale] = judged.filter(({ standing }) => standing.name === "stale");
  if (stale === undefined) return nothingStale(judged, hold);
  const cutover = cutoverObstacle(seen.cutoverPhase);
  if (cutover !== undefined)
    return hold("hold-cutover", `${inWords(stale)}. It is left as it is: ${cutover}.`);
  const move = begin(stale, seen.now);
  const again = stale.sighting.kind === "replicationTask";
  return { code: "refresh", reason: move.reason, moves: [move], problems, again };
}

function nothingStale(judged: Judged[], hold: (code: string, reason: string) => Decision) {
  const loading = reasonsOf(judged, "loading");
  return loading.length > 0
    ? hold("hold-loading", `No consumer is touched: ${loading.join("; ")}.`)
    : hold("current", "All consumers use the current credentials.");
}

/**
 * Ends what this function began, cutover or not. A task that we stopped must not stay stopped: it is
 * started even when a cutover has begun since. What protects the data then is not this function but
 * the switchover's fence, which locks the accounts that must not write.
 */
function finish({ sighting, standing }: Judged): Move[] {
  if (sighting.kind !== "replicationTask") return [];
  const { name, taskArn } = sighting.consumer;
  switch (standing.name) {
    case "stopped":
      return [
        {
          reason: `Start ${name} again: ${standing.reason}.`,
          steps: [{ kind: "resume-task", taskArn }],
        },
      ];
    case "refreshed":
      return [
        {
          reason: `${name} uses the current credentials: ${standing.reason}.`,
          steps: [{ kind: "unmark-task", taskArn }],
        },
      ];
    case "unstopped":
      return [
        {
          reason: `Give up the refresh of ${name}: ${standing.reason} and still runs; it is judged anew.`,
          steps: [{ kind: "unmark-task", taskArn }],
        },
      ];
    default:
      return [];
  }
}

function begin({ sighting, standing }: Judged, now: number): Move {
  const { consumer } = sighting;
  const because = "reason" in standing ? standing.reason : standing.name;
  if (consumer.kind === "service") {
    const { clusterArn, serviceArn } = consumer;
    return {
      reason: `Restart ${consumer.name}: ${because}.`,
      steps: [{ kind: "restart-service", clusterArn, serviceArn }],
    };
  }
  const { taskArn } = consumer;
  return {
    reason: `Stop ${consumer.name}, to start it again: ${because}.`,
    // The intent first: whoever finds the task stopped knows by it that it is ours to start.
    steps: [
      { kind: "mark-task", taskArn, at: now },
      { kind: "stop-task", taskArn },
    ],
  };
}

/** Why nothing new may begin, from the cutover's side. Only what is known to be calm is calm. */
function cutoverObstacle(phase: Known<string>): string | undefined {
  if (!phase.known) return `whether a cutover runs is unknown (${phase.reason})`;
  return CALM_PHASES.includes(phase.value) ? undefined : `the cutover is ${phase.value}`;
}

/**
 * A failure to see is a problem too: unseen, credentials would be used until the day they end. A
 * cutover that runs is none.
 */
function problemsOf(judged: Judged[], seen: Observation): string[] {
  const problems = [...reasonsOf(judged, "stuck"), ...reasonsOf(judged, "unknown")];
  for (const { sighting } of judged)
    for (const delay of delays(sighting, seen.now))
      problems.push(`${sighting.consumer.name}: ${delay}`);
  if (!seen.cutoverPhase.known)
    problems.push(`the cutover's phase is unknown: ${seen.cutoverPhase.reason}`);
  return problems;
}

/** Whether a task of ours will need its next step within minutes. */
function isOnItsWay({ sighting, standing }: Judged): boolean {
  if (sighting.kind !== "replicationTask" || !sighting.facts.known) return false;
  const marked = sighting.facts.value.markedAt !== undefined;
  return marked && (standing.name === "stopped" || standing.name === "unsteady");
}

function reasonsOf(judged: Judged[], name: Standing["name"]): string[] {
  return judged.filter(({ standing }) => standing.name === name).map(inWords);
}

function inWords({ sighting, standing }: Judged): string {
  const reason = "reason" in standing ? standing.reason : standing.name;
  return `${sighting.consumer.name}: ${reason}`;
}
