import type { Color, OperatorRequest, Weights } from "./contract";
import { readFrom } from "./evidence/gather";
import {
  attempt,
  type Known,
  type Period,
  type Ports,
  type RedAlarm,
  type SourceName,
  type SwitchoverStanding,
  type TargetHealth,
  type TrafficFacts,
  unknown,
} from "./ports";
import { type CutoverState, type Move, type Phase, standby } from "./state";

/** Facts about one color. */
export interface ColorFacts {
  targets: Known<TargetHealth>;
  redAlarms: Known<RedAlarm[]>;
}

/** What one pass saw. */
export interface Observation {
  /** Epoch milliseconds. */
  now: number;
  weights: Known<Weights>;
  /** Percent of the clients that DNS leads to AWS. Absent where there is no on-premises endpoint. */
  awsPercent?: Known<number>;
  /** The color that does not carry the payments yet: the one under judgment. */
  standby: ColorFacts;
  /** What the standby color is held against. */
  live: ColorFacts;
  /** Counts since those that the cutover has on record. */
  traffic: TrafficFacts;
  /** Where the database writer is. Absent where no function can move it. */
  switchover?: Known<SwitchoverStanding>;
  request?: OperatorRequest;
}

/** Reads all that `decide` needs, at once; what fails to be read becomes unknown, with the reason. */
export async function observe(
  ports: Ports,
  state: CutoverState,
  request: OperatorRequest | undefined,
): Promise<Observation> {
  const now = ports.clock.now();
  const { readAwsPercent } = ports.router;
  const [weights, awsPercent, switchover, standbyFacts, liveFacts, application, loadBalancer] =
    await Promise.all([
      attempt(() => ports.router.readWeights()),
      readAwsPercent && attempt(() => readAwsPercent()),
      readSwitchover(ports, state),
      readColor(ports, standby(state)),
      readColor(ports, state.live),
      attempt(() => readPeriods(ports, state, "application", now)),
      attempt(() => readPeriods(ports, state, "loadBalancer", now)),
    ]);
  const traffic = { application, loadBalancer };
  return {
    ...{ now, weights, standby: standbyFacts, live: liveFacts, traffic },
    ...(awsPercent && { awsPercent }),
    ...(switchover && { switchover }),
    ...(request && { request }),
  };
}

/** Looked at in the one step that asks for it. */
function readSwitchover(
  { switchover }: Ports,
  { phase }: CutoverState,
): Promise<Known<SwitchoverStanding>> | undefined {
  if (switchover === undefined) return undefined;
  const step = phase.name === "shifting" && phase.cutover.plan.steps[phase.cutover.stepIndex];
  return step && step.switchover === true
    ? attempt(() => switchover.read())
    : Promise.resolve(unknown("no step under way asks for it"));
}

async function readColor(ports: Ports, color: Color): Promise<ColorFacts> {
  const [targets, redAlarms] = await Promise.all([
    attempt(() => ports.health.readTargets(color)),
    attempt(() => ports.health.readAlarms(color)),
  ]);
  return { targets, redAlarms };
}

function readPeriods(
  ports: Ports,
  { phase }: CutoverState,
  source: SourceName,
  now: number,
): Promise<Known<Period[]>> {
  const move = moveOf(phase);
  if (move === undefined) return Promise.resolve(unknown("no step is under way"));
  const { maxP99Milliseconds } = move.plan.limits;
  const from = readFrom(move, source, now);
  return ports.traffic.readPeriods(source, from, now, maxP99Milliseconds);
}

/** Whose step is under way. */
function moveOf(phase: Phase): Move | undefined {
  if (phase.name === "shifting") return phase.cutover;
  return phase.name === "migrating" ? phase.migration : undefined;
}
