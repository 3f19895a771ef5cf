import { type Known, known, unknown } from "../../lambdas/common/ports";
import { COLORS, type Color, otherColor, type Weights } from "../../lambdas/cutover/contract";
import { driftOf } from "../../lambdas/cutover/drift";
import type { TargetHealth } from "../../lambdas/cutover/ports";
import type { CutoverState, DecisionRecord, Phase } from "../../lambdas/cutover/state";
import { isAtRest, type StoredSwitchover, writerIn } from "../../lambdas/switchover/state";
import { inPlainWords } from "./aws/trouble";
import type { Facts } from "./facts";
import { type MoveStatus, moveOf } from "./move";
import { type EvidenceStatus, evidenceOf } from "./proof";

type PerColor<T> = { [color in Color]: T };

/** Where an environment stands, for the screen and for machines. Times are epoch milliseconds. */
export interface Status {
  at: number;
  stack: string;
  /** How a command names it, such as `--stack prod`. */
  choice: string;
  environment: string;
  accountId?: string;
  region?: string;
  live: Color;
  standby: Color;
  phase: Phase["name"];
  /** Counts the controller's writes; 0: nothing is on record yet. */
  version: number;
  weights: { onRecord: Weights; found: Known<Weights> };
  /** How those differ, as a clause. @default they do not, as far as is known */
  drift?: string;
  targets: PerColor<Known<TargetHealth>>;
  /** Names of those that are red. */
  alarms: PerColor<Known<string[]>>;
  /** The move that is under way, or was when it was taken back. */
  move?: MoveStatus;
  evidence?: EvidenceStatus;
  /** Why everything was taken back, or is being. */
  cause?: string;
  /** Whether the controller refuses to begin until a person clears it. */
  isLatched: boolean;
  /** What the controller decides at this moment, by what is known here. */
  decision?: { code: string; reason: string };
  /** Percent of the clients that DNS leads to AWS. Absent where there is no on-premises endpoint. */
  clients?: { onRecordPercent?: number; found: Known<number> };
  /** Undefined: no switchover was ever asked for. */
  writer: Known<WriterStatus | undefined>;
  /** What CloudFormation waits for. @default nothing */
  release?: { since: number; stage: string };
  /** The last decision on record; undefined: there is none. */
  last: Known<DecisionRecord | undefined>;
}

/** The one cluster that takes writes, and what the switchover function does about it. */
export interface WriterStatus {
  color: Color;
  phase: StoredSwitchover["phase"]["name"];
  isAtRest: boolean;
  /** Its last decision. */
  reason: string;
  /** When payments began to wait. @default they do not */
  startedAt?: number;
}

/** Tells where things stand by what was read. Pure. */
export function statusOf(facts: Facts): Status {
  const { stack, now, state, seen, foreseen, last } = facts;
  const { live, weights, phase, version, awsPercent, gate } = state;
  const { accountId, region } = stack;
  const found = plain(seen?.weights ?? unknown<Weights>(whyUnseen(facts)));
  const drift = driftOf(found, weights);
  const move = moveOf(phase, live);
  const evidence = evidenceOf(facts);
  return {
    at: now,
    stack: stack.name,
    choice: stack.choice,
    environment: stack.environment,
    ...(accountId !== undefined && { accountId }),
    ...(region !== undefined && { region }),
    ...{ live, standby: otherColor(live), phase: phase.name, version },
    weights: { onRecord: weights, found },
    ...(drift !== undefined && { drift }),
    ...colorsOf(facts),
    ...(move && { move }),
    ...(evidence && { evidence }),
    ...("cause" in phase && { cause: phase.cause }),
    isLatched: phase.name === "rolled-back",
    ...(foreseen && { decision: { code: foreseen.code, reason: foreseen.reason } }),
    ...clientsOf(awsPercent, seen?.awsPercent),
    writer: writerOf(facts.writer),
    ...(gate?.owed && { release: { since: gate.owed.receivedAt, stage: gate.owed.stage.name } }),
    last,
  };
}

/** What is not known, with the reason in words for people. */
function plain<T>(fact: Known<T>): Known<T> {
  return fact.known ? fact : unknown(inPlainWords(fact.reason));
}

function whyUnseen({ deployed }: Facts): string {
  return deployed.known ? "nobody looked" : deployed.reason;
}

function colorsOf(facts: Facts): Pick<Status, "targets" | "alarms"> {
  const { state, seen } = facts;
  const of = <T>(
    pick: (facts: NonNullable<typeof seen>["live"]) => Known<T>,
  ): PerColor<Known<T>> => {
    const one = (color: Color) =>
      seen === undefined
        ? unknown<T>(whyUnseen(facts))
        : plain(pick(color === state.live ? seen.live : seen.standby));
    const [blue, green] = COLORS.map(one);
    return { blue, green } as PerColor<Known<T>>;
  };
  return {
    targets: of(({ targets }) => targets),
    alarms: of(({ redAlarms }) =>
      redAlarms.known ? known(redAlarms.value.map(({ name }) => name)) : redAlarms,
    ),
  };
}

function clientsOf(
  onRecord: number | undefined,
  found: Known<number> | undefined,
): Pick<Status, "clients"> {
  if (onRecord === undefined && found === undefined) return {};
  return {
    clients: {
      ...(onRecord !== undefined && { onRecordPercent: onRecord }),
      found: plain(found ?? unknown("nobody looked")),
    },
  };
}

export function writerOf(stored: Known<StoredSwitchover | undefined>): Status["writer"] {
  if (!stored.known) return stored;
  if (stored.value === undefined) return known(undefined);
  const { phase, lastReason: reason } = stored.value;
  const startedAt = "attempt" in phase ? { startedAt: phase.attempt.startedAt } : {};
  const color = writerIn(phase);
  return known({ color, phase: phase.name, isAtRest: isAtRest(phase), reason, ...startedAt });
}

/** Whether payments or clients are being moved, either way. */
export function isMoving(phase: CutoverState["phase"]["name"]): boolean {
  return phase !== "idle" && phase !== "rolled-back";
}
