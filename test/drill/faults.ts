import { setTimeout as pause } from "node:timers/promises";
import { type Color, otherColor } from "../../lambdas/cutover/contract";
import type { SwitchoverPhase } from "../../lambdas/switchover/state";
import type { Random } from "../../simulation/random";
import type { CallTrouble } from "./dataApi";
import type { DrillWorld } from "./world";

/** How a switchover under a fault has to end. */
export type Expected =
  /** The other cluster takes the writes. */
  | "switched"
  /** The old one takes them again. */
  | "aborted"
  /** One of the two, whichever it is. */
  | "either";

/** Something that goes wrong in a switchover. */
export interface Fault {
  name: string;
  /** What happens, as a sentence. */
  about: string;
  expected: Expected;
  /** Rows that somebody else has put among the payments. @default 0 */
  foreign?: number;
  /** Prepares it, before the switchover is asked for. The result puts things right again. */
  arrange(around: Around): Promise<Undo> | Undo;
}

export interface Around {
  world: DrillWorld;
  /** The cluster that takes writes before. */
  from: Color;
  /** Chance of the fault's own, so that a seed gives the same times whatever else happens. */
  random: Random;
  /** To be called when it really strikes: a fault that never did has shown nothing. */
  strike(): void;
}

export type Undo = () => Promise<void> | void;

type PhaseName = SwitchoverPhase["name"];

/** The states after `prepared`, each of which has a fault that kills the controller in it. */
const STATES = [
  "fencing",
  "fenced",
  "draining",
  "drained",
  "sealed",
  "opening",
  "reversing",
] as const;

/** Longest time from a state until the process that stored it is killed, in milliseconds: less than a step. */
const KILL_MILLISECONDS = 80;

const killed: Fault[] = STATES.map((state) => ({
  name: `killed-${state}`,
  about: `the process that has just stored "${state}" is killed`,
  expected: state === "opening" || state === "reversing" ? "switched" : "either",
  arrange: (around) => {
    const delay = delayIn(around.random);
    return once(around, [state], (sandbox) => kill(around, sandbox, delay));
  },
}));

const killedAborting: Fault = {
  name: "killed-aborting",
  about: "somebody aborts, and the process that has just stored that is killed",
  expected: "aborted",
  arrange: (around) => {
    const { world, random } = around;
    const delay = delayIn(random);
    const undoAbort = once(around, [pick(random, ["fenced", "draining"])], async () => {
      await world.functions.invoke({ verb: "abort", who: "drill", why: "fault" });
    });
    const undoKill = once(around, ["aborting"], (sandbox) => kill(around, sandbox, delay));
    return () => {
      undoAbort();
      undoKill();
    };
  },
};

const allKilled: Fault = {
  name: "all-killed",
  about: "every process of the controller is killed at once, and only the schedule is left",
  expected: "either",
  arrange: (around) => {
    const delay = delayIn(around.random);
    return once(around, [pick(around.random, STATES)], async () => {
      if (delay > 0) await pause(delay);
      if (around.world.functions.killAll() > 0) around.strike();
    });
  },
};

const stalled: Fault = {
  name: "replication-stalled",
  about: "replication stands still while the old writer is fenced",
  expected: "aborted",
  arrange: (around) => {
    const carrier = around.world.links.carriers[around.from];
    const undo = once(around, ["fencing"], () => {
      carrier.isStalled = true;
      around.strike();
    });
    return () => {
      undo();
      carrier.isStalled = false;
    };
  },
};

const broken: Fault = {
  name: "replication-broken",
  about: "the task of the way back fails, twice, after the new writer has been opened",
  expected: "switched",
  arrange: (around) => {
    const { world, from, random } = around;
    const to = otherColor(from);
    const { carriers } = world.links;
    let isOver = false;
    const undo = once(around, ["reversing"], async () => {
      for (let failures = 0; failures < 2; failures++) {
        while (!carriers[to].isRunning && !isOver) await pause(20);
        await pause(random() * 1_500);
        if (isOver) return;
        await carriers[to].breakDown("its machine failed");
        around.strike();
      }
    });
    return () => {
      isOver = true;
      undo();
    };
  },
};

const restarted: Fault = {
  name: "writer-restarted",
  about: "the old writer fails and starts again while it is fenced, and has forgotten its fence",
  expected: "aborted",
  arrange: (around) => {
    const { world, from, random } = around;
    const { db } = world.clusters[from];
    const isCrash = random() < 0.5;
    const delay = delayIn(random);
    let restarting: Promise<void> | undefined;
    const undo = once(around, ["fenced"], async () => {
      if (delay > 0) await pause(delay);
      around.strike();
      restarting = isCrash ? db.crash() : db.restart();
      await restarting;
    });
    return async () => {
      undo();
      await restarting;
    };
  },
};

const PINNED = "/payments/drill/database/pinned";

const pointerIgnored: Fault = {
  name: "pointer-ignored",
  about: "a task of the application goes on writing to the old writer, whatever it is told",
  expected: "switched",
  arrange: async ({ world, from, strike }) => {
    await world.aws.point(PINNED, world.clusters[from]);
    // Of the color that gets the payments.
    const instance = await world.addInstance(otherColor(from), PINNED);
    strike();
    return () => world.removeInstance(instance);
  },
};

const strayWriter: Fault = {
  name: "stray-writer",
  about: "somebody whom the fence does not bind writes a payment behind it",
  expected: "aborted",
  foreign: 1,
  arrange: (around) => {
    const { world, from, random } = around;
    const delay = random() * 100;
    return once(around, [pick(random, ["draining", "drained"])], async () => {
      await pause(delay);
      around.strike();
      // No merchant's payment has such an amount.
      await world.clusters[from].ask(
        "INSERT INTO payments.payment VALUES (UUID(), 4711000000, 'EUR', 'stray', UTC_TIMESTAMP(3))",
      );
    });
  },
};

/** Between the clock that is furthest ahead and the one furthest behind, at most. */
const CLOCK_MILLISECONDS = 20_000;

const clockSkew: Fault = {
  name: "clock-skew",
  about: "the clocks of the controller's processes differ by up to 20 s",
  expected: "either",
  arrange: ({ world, random, strike }) => {
    const [watch, others] = [random(), random()].map((share) =>
      Math.round((share - 0.5) * CLOCK_MILLISECONDS),
    );
    world.functions.clockOf = (event) =>
      (Object(event) as { verb?: string }).verb === "watch" ? (watch ?? 0) : (others ?? 0);
    strike();
    return () => {
      world.functions.clockOf = () => 0;
    };
  },
};

function dataApiFault(name: string, about: string, trouble: CallTrouble, share: number): Fault {
  return {
    ...{ name, about, expected: "either" },
    arrange: (around) => {
      const { world, random } = around;
      const undo = once(around, ["fencing"], () => {
        world.dataApi.troubleOf = () => {
          if (random() >= share) return undefined;
          around.strike();
          return trouble;
        };
      });
      return () => {
        undo();
        world.dataApi.troubleOf = () => undefined;
      };
    },
  };
}

/** No fault at all. */
export const NONE: Fault = {
  name: "none",
  about: "nothing goes wrong",
  expected: "switched",
  arrange: ({ strike }) => {
    strike();
    return () => {};
  },
};

export const FAULTS: readonly Fault[] = [
  NONE,
  ...killed,
  killedAborting,
  allKilled,
  stalled,
  broken,
  restarted,
  pointerIgnored,
  dataApiFault("data-api-throttled", "the Data API refuses a fifth of all calls", "throttled", 0.2),
  dataApiFault("data-api-mute", "the Data API loses a tenth of its answers", "answer-lost", 0.1),
  strayWriter,
  clockSkew,
];

/** Does something when one of these states is first stored, before whoever stored it is told. */
function once(
  { world }: Around,
  states: readonly PhaseName[],
  work: (sandbox: string) => Promise<void> | void,
): () => void {
  const undo = world.store.onStored(({ state, sandbox }) => {
    if (!states.includes(state.phase.name)) return;
    undo();
    world.note(`the fault strikes in ${state.phase.name}`);
    Promise.resolve(work(sandbox)).catch((error) => world.note(`the fault failed: ${error}`));
  });
  return undo;
}

/** Without a delay nothing is awaited: it comes before the answer does. */
async function kill({ world, strike }: Around, sandbox: string, delay: number): Promise<void> {
  if (delay > 0) await pause(delay);
  if (world.functions.kill(sandbox)) strike();
}

/** Half of them at once, before the answer comes: nothing of what was decided has been done then. */
function delayIn(random: Random): number {
  return random() < 0.5 ? 0 : random() * KILL_MILLISECONDS;
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}
