import { otherColor, weightsFor } from "../lambdas/cutover/contract";
import type { Ports } from "../lambdas/cutover/ports";
import type { Checker } from "./checker";
import { type Disturbance, inWords, type Scenario } from "./scenarios";
import { changeRule, type World } from "./world";

/** What becomes of the controller's invocations. */
export interface Lives {
  /** Not yet come, in the order of their times. */
  disturbances: Disturbance[];
  /** Until then every invocation dies at once; epoch milliseconds. */
  deadUntil: number;
  /** Code of the decision after which a pass dies, once. */
  diesAfter: string | undefined;
  /** Resolves when a pass dies. Made anew for the next. */
  death: Promise<undefined>;
  die: () => void;
  /** Deaths in the middle of a pass that nobody has told of yet, as clauses. */
  untold: string[];
}

export function livesOf({ disturbances = [], diesAfter }: Scenario): Lives {
  const inOrder = [...disturbances].sort((one, other) => one.atSeconds - other.atSeconds);
  const lives: Lives = {
    ...{ disturbances: inOrder, deadUntil: Number.NEGATIVE_INFINITY, diesAfter, untold: [] },
    ...{ death: Promise.resolve(undefined), die: () => {} },
  };
  awaitDeath(lives);
  return lives;
}

function awaitDeath(lives: Lives): void {
  lives.death = new Promise((resolve) => {
    lives.die = () => resolve(undefined);
  });
}

export function isDead({ deadUntil }: Lives, now: number): boolean {
  return now < deadUntil;
}

/** The ports of a process that dies once, right after it has put what it is to die of on record. */
export function mortal(ports: Ports, lives: Lives): Ports {
  if (lives.diesAfter === undefined) return ports;
  return {
    ...ports,
    state: {
      ...ports.state,
      save: async (next, expectedVersion, record) => {
        const outcome = await ports.state.save(next, expectedVersion, record);
        if (outcome !== "saved" || record.code !== lives.diesAfter) return outcome;
        lives.untold.push(`the controller dies right after it has put "${record.code}" on record`);
        lives.diesAfter = undefined;
        lives.die();
        awaitDeath(lives);
        return new Promise(() => {});
      },
    },
  };
}

/** Lets happen what is due, and tells of it. */
export function meetDisturbances(world: World, checker: Checker, lives: Lives): string[] {
  const seconds = (world.now - world.startedAt) / 1000;
  const due = lives.disturbances.filter(({ atSeconds }) => atSeconds <= seconds);
  lives.disturbances = lives.disturbances.slice(due.length);
  const standby = otherColor(world.options.live);
  const weights = (percent: number) => weightsFor(standby, percent);
  for (const disturbance of due) {
    if (disturbance.kind === "controller-killed")
      lives.deadUntil = world.now + disturbance.forSeconds * 1000;
    else {
      checker.sawChangedByHand();
      changeRule(world, weights(disturbance.standbyPercent));
    }
  }
  const told = lives.untold.splice(0);
  return [...told, ...due.map((disturbance) => inWords(disturbance, weights))];
}
