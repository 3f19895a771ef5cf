import type { Color } from "../lambdas/cutover/contract";
import type { Known, Ports, StateStore, Traffic } from "../lambdas/cutover/ports";
import type { CutoverState, DecisionRecord } from "../lambdas/cutover/state";
import type { AlarmState } from "./alarms";
import type { Checker } from "./checker";
import { type MetricName, sumOf } from "./metrics";
import { changeRule, targetsOf, type World } from "./world";

export interface Message {
  subject: string;
  message: string;
}

/** A decision on record, with the state that it led to. */
export interface StoredDecision {
  record: DecisionRecord;
  state: CutoverState;
}

/** What the controller left behind on its ports, oldest first. */
export interface Recorded {
  stored: StoredDecision[];
  messages: Message[];
}

/** The controller's ports, on a simulated world. Calls take no virtual time. */
export function simulatedPorts(world: World, checker: Checker, recorded: Recorded): Ports {
  return {
    router: {
      readWeights: async () => known({ ...world.weightsInRule }),
      writeWeights: async (weights) => {
        checker.sawWrite(weights);
        changeRule(world, weights);
        return "written";
      },
    },
    health: {
      readTargets: async (color) => known(targetsOf(world, color)),
      readAlarms: async (color) => readAlarms(world, color),
    },
    traffic: { readTraffic: async (color, from, to) => readTraffic(world, color, from, to) },
    state: memoryStore(checker, recorded.stored),
    notifier: {
      notify: async (subject, message) => {
        recorded.messages.push({ subject, message });
      },
    },
    clock: {
      now: () => world.now,
      sleep: () => Promise.reject(new Error("one pass does not sleep")),
    },
  };
}

/** As the adapter for AWS reads: one red alarm is enough, and otherwise each must have data. */
function readAlarms(world: World, color: Color): Known<string[]> {
  const alarms = world.alarms[color];
  const named = (wanted: AlarmState) =>
    Object.keys(alarms).filter((name) => alarms[name] === wanted);
  const [red, silent] = [named("ALARM"), named("INSUFFICIENT_DATA")];
  if (red.length === 0 && silent.length > 0)
    return { known: false, reason: `${silent.join(" and ")}: missing, or no data` };
  return known(red);
}

/** As the adapter for AWS counts: no requests is unknown, no failures beside requests is none. */
function readTraffic(world: World, color: Color, from: number, to: number): Known<Traffic> {
  const read = (metric: MetricName) => world.metrics.read(color, metric, from, to, world.now);
  const requests = read("RequestCount");
  if (requests.length === 0)
    return { known: false, reason: `no datapoints of RequestCount for ${color} yet` };
  const failures = sumOf(read("HTTPCode_Target_5XX_Count"));
  return known({ payments: sumOf(requests), failures });
}

/** A table with one state item; kept as text, as the real one is, so that nothing is shared. */
export function memoryStore(checker: Checker, stored: StoredDecision[]): StateStore {
  let text: string | undefined;
  const read = () => (text === undefined ? undefined : (JSON.parse(text) as CutoverState));
  return {
    load: async () => read(),
    save: async (next, expectedVersion, record) => {
      if ((read()?.version ?? 0) !== expectedVersion) return "conflict";
      text = JSON.stringify(next);
      stored.push({ record: { ...record }, state: next });
      checker.sawStored(next);
      return "saved";
    },
  };
}

function known<T>(value: T): Known<T> {
  return { known: true, value };
}
