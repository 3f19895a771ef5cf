import { COLORS, type Color, otherColor } from "../lambdas/cutover/contract";
import {
  type Counts,
  type Known,
  noCounts,
  type Period,
  type Ports,
  type RedAlarm,
  type SourceName,
  type StateStore,
  type TrafficRouter,
} from "../lambdas/cutover/ports";
import type { CutoverState, DecisionRecord } from "../lambdas/cutover/state";
import type { AlarmState } from "./alarms";
import type { Checker } from "./checker";
import { targetsOf } from "./colors";
import { changeDns } from "./dns";
import type { MetricName } from "./metrics";
import { changeRule, type World } from "./world";
import { askForSwitchover, standingOf } from "./writer";

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
      ...clientsRouter(world, checker),
    },
    health: {
      readTargets: async (color) => known(targetsOf(world, color)),
      readAlarms: async (color) => readAlarms(world, color),
    },
    traffic: {
      readPeriods: async (source, from, to) => known(readPeriods(world, source, from, to)),
    },
    state: memoryStore(checker, recorded.stored),
    notifier: {
      notify: async (subject, message) => {
        recorded.messages.push({ subject, message });
      },
    },
    // Releases are started by the rehearsal itself.
    release: {
      readStatus: async () => ({ known: false, reason: "no CloudFormation here" }),
      readService: async () => ({ known: false, reason: "no ECS here" }),
      answer: async () => "answered",
    },
    switchover: {
      read: async () => known(standingOf(world.writer, world.now)),
      ask: async (to) => {
        askForSwitchover(world.writer, to, world.now);
        return "asked";
      },
    },
    // Who rehearses sees to the next pass.
    wakeAnother: async () => {},
    clock: {
      now: () => world.now,
      sleep: () => Promise.reject(new Error("one pass does not sleep")),
    },
  };
}

function clientsRouter(world: World, checker: Checker): Partial<TrafficRouter> {
  const { dns } = world;
  if (dns === undefined) return {};
  return {
    readAwsPercent: async () => known(dns.percent),
    writeAwsPercent: async (percent) => {
      checker.sawAwsWrite(percent);
      changeDns(dns, percent, world.now);
      return "written";
    },
  };
}

/** As the adapter for AWS reads: one red alarm is enough, and otherwise each must have data. */
function readAlarms(world: World, color: Color): Known<RedAlarm[]> {
  const alarms = world.alarms[color];
  const named = (wanted: AlarmState) =>
    Object.keys(alarms).filter((name) => alarms[name] === wanted);
  const [red, silent] = [named("ALARM"), named("INSUFFICIENT_DATA")];
  if (red.length === 0 && silent.length > 0)
    return { known: false, reason: `${silent.join(" and ")}: missing, or no data` };
  const other = otherColor(color);
  return known(red.map((name) => ({ name, counterpart: name.replace(color, other) })));
}

const METRIC_OF: { [count in keyof Counts]: MetricName } = {
  payments: "RequestCount",
  failures: "HTTPCode_Target_5XX_Count",
  timed: "TargetResponseTime",
  slow: "SlowCount",
  rejected: "HTTPCode_Target_4XX_Count",
};

/** As the adapter for AWS counts: a period is there when anything was counted in it. */
function readPeriods(world: World, source: SourceName, from: number, to: number): Period[] {
  const metrics = source === "application" ? world.applicationMetrics : world.metrics;
  const periods = new Map<number, Period>();
  for (const color of COLORS)
    for (const [count, metric] of Object.entries(METRIC_OF) as [keyof Counts, MetricName][])
      for (const { at, sum } of metrics.read(color, metric, from, to, world.now)) {
        const period = periods.get(at) ?? { at, blue: noCounts(), green: noCounts() };
        period[color][count] += sum;
        periods.set(at, period);
      }
  return [...periods.values()];
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
      checker.sawStored(next, record);
      return "saved";
    },
  };
}

function known<T>(value: T): Known<T> {
  return { known: true, value };
}
