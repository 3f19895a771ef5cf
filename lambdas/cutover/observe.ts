import type { Color, OperatorRequest, Weights } from "./contract";
import { type Known, type Ports, type TargetHealth, type Traffic, unknown } from "./ports";
import { type CutoverState, standby } from "./state";

/** Facts about one color. */
export interface ColorFacts {
  targets: Known<TargetHealth>;
  redAlarms: Known<string[]>;
  /** Counts since the current step was put on record. */
  traffic: Known<Traffic>;
}

/**
 * What one pass saw. Replication lag, database roles and DNS weights join it with the parts that
 * act on them.
 */
export interface Observation {
  /** Epoch milliseconds. */
  now: number;
  weights: Known<Weights>;
  /** The color that does not carry the payments yet: the one under judgment. */
  standby: ColorFacts;
  request?: OperatorRequest;
}

const MINUTE = 60_000;

/** Reads all that `decide` needs, at once; what fails to be read becomes unknown, with the reason. */
export async function observe(
  ports: Ports,
  state: CutoverState,
  request: OperatorRequest | undefined,
): Promise<Observation> {
  const now = ports.clock.now();
  const color = standby(state);
  const [weights, targets, redAlarms, traffic] = await Promise.all([
    attempt(() => ports.router.readWeights()),
    attempt(() => ports.health.readTargets(color)),
    attempt(() => ports.health.readAlarms(color)),
    attempt(() => readTraffic(ports, state, color, now)),
  ]);
  const facts = { now, weights, standby: { targets, redAlarms, traffic } };
  return request === undefined ? facts : { ...facts, request };
}

function readTraffic(
  ports: Ports,
  state: CutoverState,
  color: Color,
  now: number,
): Promise<Known<Traffic>> {
  if (state.phase.name !== "shifting") return Promise.resolve(unknown("no step is under way"));
  // From the step's record on, not from when its weights were seen: payments may fail before that.
  // The load balancer's datapoints are whole minutes: begin at the one that the step began in.
  const { stepEnteredAt } = state.phase.cutover;
  return ports.traffic.readTraffic(color, Math.floor(stepEnteredAt / MINUTE) * MINUTE, now);
}

async function attempt<T>(read: () => Promise<Known<T>>): Promise<Known<T>> {
  try {
    return await read();
  } catch (error) {
    return unknown(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
