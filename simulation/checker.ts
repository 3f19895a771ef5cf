import {
  COLORS,
  type Color,
  type OperatorRequest,
  otherColor,
  type Verb,
  type Weights,
} from "../lambdas/cutover/contract";
import type { CutoverState, DecisionRecord, Phase } from "../lambdas/cutover/state";
import { type ClientsSeen, clientMistakes, clientsIn } from "./clients";
import { promotionMistakes, type StepSeen, writerMistakes } from "./promotions";

/** An invariant that did not hold: a fault of the controller, whatever the scenario. */
export class Violation extends Error {
  override name = "Violation";
}

/** Watches effects, not decisions: it shares no rule with the controller that it watches. */
export interface Checker {
  /** To be told of the weights by which payments are split, whenever they may have changed. */
  sawInPlace(weights: Weights): void;
  /** To be told of each write of weights that reaches the load balancer. */
  sawWrite(weights: Weights): void;
  /** To be told of each write of the percentage of clients that DNS leads to AWS. */
  sawAwsWrite(percent: number): void;
  /** To be told of each state that was stored, with its line of the audit trail. */
  sawStored(next: CutoverState, record: DecisionRecord): void;
  /** To be told of each request of a person, when it is made. */
  sawRequest(request: OperatorRequest): void;
  /** To be told when somebody else changed the weights. */
  sawChangedByHand(): void;
  /** What was broken so far, as sentences. */
  broken(): readonly string[];
  /**
   * Throws a `Violation` that names every invariant broken so far. Kept apart from the above,
   * because the controller rightly catches what its ports throw.
   */
  throwIfBroken(): void;
}

type PhaseName = Phase["name"];

/** The only ways from one phase to another. A completion is checked further, below. */
const EDGES: { [from in PhaseName]: PhaseName[] } = {
  idle: ["idle", "shifting", "migrating"],
  shifting: ["shifting", "rolling-back", "idle"],
  "rolling-back": ["rolling-back", "rolled-back"],
  "rolled-back": ["rolled-back", "idle"],
  migrating: ["migrating", "migrating-back", "idle"],
  "migrating-back": ["migrating-back", "rolled-back"],
};

/** Longest time from a record until what it announces may reach the load balancer: promised so. */
const ARRIVAL_MILLISECONDS = 18_000;

/** Longest life of an invocation: what a person asked longer ago moves nothing any more. */
const INVOCATION_MILLISECONDS = 60_000;

/** Longest time until the load balancer's nodes follow its rule, which is all that can be read. */
const RULE_MILLISECONDS = 4_000;

/** Weights that somebody changed may be found otherwise than a pass read them, for that long. */
const BY_HAND_MILLISECONDS = 90_000;

interface Intent {
  at: number;
  phase: PhaseName;
  weights: Weights;
  awsPercent: number | undefined;
}

interface Seen {
  live: Color;
  phase: PhaseName;
  version: number;
  weights: Weights | undefined;
  step: StepSeen | undefined;
  clients: ClientsSeen;
  /** Until when a pass that is on record may still set weights. */
  actsUntil: number;
}

/**
 * Checks from the moment when `live` carries everything and nothing has been stored yet.
 * @param now the world's time, in epoch milliseconds
 * @param from the state on record where something was stored before
 * @param writer the cluster that takes writes. @default nobody looks at it
 */
export function createChecker(
  live: Color,
  now: () => number,
  from?: CutoverState,
  writer?: () => Color,
): Checker {
  const mistakes: string[] = [];
  const expect = (holds: boolean, sentence: string) => {
    if (!holds) mistakes.push(sentence);
  };
  let stored: Seen =
    from === undefined ? nothingStored(live) : seenIn(from, undefined, enteredAt(from));
  let intents: Intent[] = [];
  let inPlace: Weights | undefined;
  let written: { at: number; weights: Weights } | undefined;
  let byHandAt = Number.NEGATIVE_INFINITY;
  const askedAt: { [verb in Verb]?: number } = {};

  const recently = (verb: Verb) => now() - (askedAt[verb] ?? -Infinity) <= INVOCATION_MILLISECONDS;
  const carriesAll = (color: Color) =>
    inPlace?.[color] === 100 ||
    (written?.weights[color] === 100 && now() - written.at <= RULE_MILLISECONDS);
  const changedByHand = () => now() - byHandAt <= BY_HAND_MILLISECONDS;

  function sawInPlace(weights: Weights): void {
    expect(isWhole(weights), `weights in place are ${told(weights)}`);
    inPlace = weights;
  }

  function sawWrite(weights: Weights): void {
    expect(isWhole(weights), `weights were set to ${told(weights)}`);
    written = { at: now(), weights };
    const intent = intents.find((one) => isCurrent(one) && equal(one.weights, weights));
    expect(
      intent !== undefined,
      `weights were set to ${told(weights)} without that intent on record (${told(stored.weights)})`,
    );
    const share = weights[otherColor(stored.live)];
    const allowed = stored.weights?.[otherColor(stored.live)] ?? 0;
    // A pass from before the rollback: it is set right before the rollback ends.
    const isLate = stored.phase === "rolling-back" && intent?.phase === "shifting";
    expect(
      share <= allowed || isLate,
      `the standby color was given ${share} % in phase ${stored.phase}, where ${allowed} % is on record`,
    );
  }

  function sawAwsWrite(percent: number): void {
    expect(
      Number.isInteger(percent) && percent >= 0 && percent <= 100,
      `DNS was set to lead ${percent} % to AWS`,
    );
    const { awsPercent } = stored.clients;
    const intent = intents.find((one) => isCurrent(one) && one.awsPercent === percent);
    expect(
      intent !== undefined,
      `DNS was set to lead ${percent} % to AWS without that intent on record (${awsPercent} %)`,
    );
    // A step from before the way back: it is set right before the way back ends.
    const isLate = stored.phase === "migrating-back" && intent?.phase === "migrating";
    expect(
      percent <= (awsPercent ?? 0) || isLate,
      `DNS was set to lead ${percent} % to AWS in phase ${stored.phase}, where ${awsPercent} % is on record`,
    );
  }

  const isCurrent = ({ at }: Intent) => now() - at <= ARRIVAL_MILLISECONDS;

  function sawStored(next: CutoverState, record: DecisionRecord): void {
    const phase = next.phase.name;
    const edge = `from ${stored.phase} to ${phase}`;
    expect(EDGES[stored.phase].includes(phase), `the phase went ${edge}`);
    expect(
      next.version === stored.version + 1,
      `version ${next.version} follows ${stored.version}`,
    );
    checkRecord(next, record);
    checkLive(next, edge);
    checkLease(next, record.at);
    checkPerson(phase, edge);
    expect(
      phase === "shifting" || next.weights[next.live] === 100,
      `on record are ${told(next.weights)} while ${next.live} is live and the phase ${phase}`,
    );
    for (const mistake of promotionMistakes(stored, next, record.at, askedAt))
      mistakes.push(mistake);
    for (const mistake of writerMistakes(stored, next, writer?.())) mistakes.push(mistake);
    mistakes.push(...clientMistakes(stored.clients, next, record.at, askedAt));
    const { weights, awsPercent } = next;
    intents = [...intents.filter(isCurrent), { at: now(), phase, weights, awsPercent }];
    stored = seenIn(next, stored, now());
  }

  function checkRecord(next: CutoverState, record: DecisionRecord): void {
    // That an answer to CloudFormation has arrived is put on record beside the decision before it.
    const isOf = record.code === next.lastCode || record.code === "gate-answered";
    expect(
      isOf && equal(record.weights, next.weights) && record.reason !== "",
      `the audit trail says ${record.code}, ${told(record.weights)} of version ${next.version}`,
    );
  }

  function checkLive(next: CutoverState, edge: string): void {
    const completes = stored.phase === "shifting" && next.phase.name === "idle";
    const livesChanges = next.live !== stored.live;
    expect(completes === livesChanges, `live became ${next.live} as the phase went ${edge}`);
    const ends =
      livesChanges || (stored.phase !== "rolled-back" && next.phase.name === "rolled-back");
    expect(
      !ends || carriesAll(next.live) || changedByHand(),
      livesChanges
        ? `live became ${next.live} while the weights in place were ${told(inPlace)}`
        : `a rollback ended while the weights in place were ${told(inPlace)}`,
    );
  }

  function checkLease(next: CutoverState, decidedAt: number): void {
    const { phase } = next;
    const entersStep =
      (phase.name === "shifting" && phase.cutover.stepIndex !== stored.step?.stepIndex) ||
      (phase.name === "migrating" && phase.migration.stepIndex !== stored.clients.step?.stepIndex);
    const ends = phase.name !== stored.phase && ["idle", "rolled-back"].includes(phase.name);
    expect(
      decidedAt >= stored.actsUntil || !(entersStep || ends),
      `version ${next.version} takes for final what a pass on record may still change`,
    );
    expect((next.actsUntil ?? 0) >= stored.actsUntil, "the lease on record was lowered");
  }

  function checkPerson(phase: PhaseName, edge: string): void {
    if (stored.phase === "idle" && phase === "shifting")
      expect(recently("start"), `the phase went ${edge} and nobody asked for it`);
    if (stored.phase === "idle" && phase === "migrating")
      expect(recently("migrate"), `the phase went ${edge} and nobody asked for it`);
    if (stored.phase === "rolled-back" && phase === "idle")
      expect(recently("clear"), `the phase went ${edge} and nobody asked for it`);
  }

  return {
    sawInPlace,
    sawWrite,
    sawAwsWrite,
    sawStored,
    sawRequest: ({ verb }) => {
      askedAt[verb] = now();
    },
    sawChangedByHand: () => {
      byHandAt = now();
    },
    broken: () => mistakes,
    throwIfBroken: () => {
      if (mistakes.length > 0) throw new Violation(mistakes.join("; "));
    },
  };
}

function nothingStored(live: Color): Seen {
  const [step, phase] = [undefined, "idle" as const];
  const clients = { phase, awsPercent: undefined, step };
  return { live, phase, version: 0, weights: undefined, step, clients, actsUntil: 0 };
}

/** Of a state that somebody else saw being stored, only what it says of itself is known. */
function enteredAt({ phase }: CutoverState): number {
  if (phase.name === "migrating") return phase.migration.stepEnteredAt;
  return phase.name === "shifting" ? phase.cutover.stepEnteredAt : 0;
}

function seenIn(state: CutoverState, before: Seen | undefined, now: number): Seen {
  const { live, phase, version, weights, actsUntil = 0 } = state;
  const clientsBefore = before?.clients ?? nothingStored(live).clients;
  return {
    ...{ live, phase: phase.name, version, weights, actsUntil },
    step: stepOf(state, before?.step, now),
    clients: clientsIn(state, clientsBefore, now),
  };
}

/** The step on record, and since when: a step that begins anew keeps neither bake time nor people. */
function stepOf(
  { phase }: CutoverState,
  before: StepSeen | undefined,
  now: number,
): StepSeen | undefined {
  if (phase.name !== "shifting") return undefined;
  const { id, target, plan, stepIndex, stepEnteredAt, pausedBy } = phase.cutover;
  const same = before?.id === id && before.stepEnteredAt === stepEnteredAt;
  const since = same ? before.since : now;
  const paused = pausedBy !== undefined;
  return { id, target, plan, stepIndex, stepEnteredAt, paused, since };
}

function isWhole(weights: Weights): boolean {
  return weights.blue + weights.green === 100 && COLORS.every((color) => weights[color] >= 0);
}

function equal(left: Weights, right: Weights): boolean {
  return COLORS.every((color) => left[color] === right[color]);
}

function told(weights: Weights | undefined): string {
  return weights === undefined ? "none" : `blue ${weights.blue} green ${weights.green}`;
}
