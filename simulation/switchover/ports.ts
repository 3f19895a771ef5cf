import type { Known, SwitchoverPorts } from "../../lambdas/switchover/ports";
import { unknown } from "../../lambdas/switchover/ports";
import type { Random } from "../random";
import type { PlainPorts, SwitchoverWorld } from "./world";

/** What befalls a call. */
export const CALL_FAULTS = [
  /** The process ends before it is sent. */
  "killed-before",
  /** It is done, and the process ends. */
  "killed-after",
  /** It is done, and the process stands still for a while. */
  "stall",
  /** It is refused for being one too many. */
  "throttled",
  /** It is never done, and never answered. */
  "lost",
  /** It is done, and never answered. */
  "unanswered",
  /** It is given up, and done at another moment. */
  "late",
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

/** One life of the function. */
export interface Invocation {
  /** When Lambda ends it, whatever it does, in epoch milliseconds. */
  endsAt: number;
  /** How far its clock is ahead, in milliseconds. */
  skew: number;
  alive: boolean;
}

/** What the calls of all invocations share. */
export interface Surroundings {
  world: SwitchoverWorld;
  plain: PlainPorts;
  random: Random;
  /** How likely each fault is at each call; none in the liveness phase. */
  likely: { [fault in CallFault]?: number };
  injected: { [fault: string]: number };
  newId(): string;
  wakeWatch(): void;
}

const LATENCY_MILLISECONDS = 80;
/** How long a caller waits for an answer. */
const PATIENCE_MILLISECONDS = 5_000;
/** How long the Data API lets a statement run whose caller has gone. */
const LATEST_MILLISECONDS = { statement: 45_000, other: 8_000 };
const STALL_MILLISECONDS = [3_000, 12_000, 150_000];

/** Statements that come late are what leases are for: they have to be many. */
const LATE_FACTOR = 5;

interface Call {
  kind: "read" | "statement" | "other";
  name: string;
  carryOut: () => Promise<unknown>;
}

/** The ports as one invocation meets them: calls take time and go wrong. */
export function ports(around: Surroundings, invocation: Invocation): SwitchoverPorts {
  const { world, plain } = around;
  const wrap = <T extends object>(port: T, writesAre: "statement" | "other"): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]) => [
        name,
        (...given: unknown[]) =>
          meet(around, invocation, {
            kind: /^(read|load|has|count|heartbeat)/.test(name) ? "read" : writesAre,
            name,
            carryOut: () => method(...given),
          }),
      ]),
    ) as T;
  const { now, wait } = world.scheduler;
  return {
    databases: {
      blue: wrap(plain.databases.blue, "statement"),
      green: wrap(plain.databases.green, "statement"),
    },
    replication: wrap(plain.replication, "other"),
    writer: wrap(plain.writer, "other"),
    store: wrap(plain.store, "other"),
    wakeWatch: async () => around.wakeWatch(),
    notifier: {
      notify: async () => {
        await wait(around.random() * 1_000);
        if (around.random() < (around.likely.throttled ?? 0)) throw new Error("no topic");
      },
    },
    clock: {
      now: () => now() + invocation.skew,
      sleep: async (milliseconds) => {
        await wait(milliseconds);
        if (now() >= invocation.endsAt) await end(invocation);
      },
    },
    newId: around.newId,
  };
}

/** Nothing of the life goes on. */
function end(invocation: Invocation): Promise<never> {
  invocation.alive = false;
  return new Promise(() => undefined);
}

async function meet(around: Surroundings, invocation: Invocation, call: Call): Promise<unknown> {
  const { scheduler } = around.world;
  if (!invocation.alive || scheduler.now() >= invocation.endsAt) return end(invocation);
  const fault = draw(around, call);
  if (fault !== undefined) around.injected[fault] = (around.injected[fault] ?? 0) + 1;
  if (fault === "killed-before") return end(invocation);
  if (fault === "late") leave(around, call);
  const isSilent = fault === "lost" || fault === "unanswered" || fault === "late";
  await scheduler.wait(isSilent ? around.random() * PATIENCE_MILLISECONDS : latency(around));
  // Whatever is on its way arrives, and nobody is there to hear of it.
  const answer = fault === "lost" || fault === "late" ? undefined : await outcome(call, fault);
  if (!invocation.alive || fault === "killed-after") return end(invocation);
  if (fault === "stall") {
    const [short = 0, middle = 0, long = 0] = STALL_MILLISECONDS;
    const longest = around.random() < 0.5 ? short : around.random() < 0.5 ? middle : long;
    await scheduler.wait(around.random() * longest);
    if (!invocation.alive || scheduler.now() >= invocation.endsAt) return end(invocation);
  }
  if (!isSilent) return answer;
  if (call.name === "load") throw new Error("no answer");
  return call.kind === "read" ? unknown("no answer") : "unknown";
}

/** One round trip at a time: what is asked together is answered together, which costs less to play. */
function latency({ world: { scheduler } }: Surroundings): number {
  const step = LATENCY_MILLISECONDS / 2;
  return step - (scheduler.now() % step) + step / 2;
}

async function outcome(call: Call, fault: CallFault | undefined): Promise<unknown> {
  if (fault === "throttled") {
    if (call.kind === "read" && call.name !== "load")
      return unknown("ThrottlingException") satisfies Known<never>;
    throw new Error("ThrottlingException");
  }
  return call.carryOut();
}

/** It is done later, whoever waits for it. */
function leave(around: Surroundings, call: Call): void {
  const { scheduler } = around.world;
  const latest = LATEST_MILLISECONDS[call.kind === "statement" ? "statement" : "other"];
  scheduler.at(scheduler.now() + around.random() * latest, () => void call.carryOut());
}

function draw({ random, likely }: Surroundings, { kind, name }: Call): CallFault | undefined {
  let drawn = random();
  for (const fault of CALL_FAULTS) {
    const isWrite = kind !== "read";
    if ((fault === "late" || fault === "unanswered") && !isWrite) continue;
    // A pass makes some thirty readings, and one or two writes.
    const weight = isWrite || name === "load" ? 1 : 0.1;
    drawn -= (likely[fault] ?? 0) * weight * (fault === "late" ? LATE_FACTOR : 1);
    if (drawn < 0) return fault;
  }
  return undefined;
}
