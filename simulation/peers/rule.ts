import type { World } from "../world";

/** How a release ends under a rule; "paused" waits for a person, for as long as it takes. */
export type End = "completed" | "rolled-back" | "paused";

/** What every rule remembers of a release; the rest is each rule's own. */
export interface Standing {
  /** Percent of the payments that the standby color is to have. */
  standbyPercent: number;
  /** Absent while the rule goes on. */
  end?: End;
}

/**
 * How a system decides on a release, as pure functions of its own small memory and of what its metrics
 * show. Times are epoch milliseconds.
 */
export interface Rule<State extends Standing, Seen> {
  /** The release begins: the first weight is set. */
  begin(now: number): State;
  /** When it looks next; until then nothing can change its mind. */
  nextLookAt(state: State): number;
  look(state: State, seen: Seen, now: number): State;
}

/** Where a rule gets what it sees from. */
export interface Eyes<Seen> {
  /** Told after each slice of time, before anybody looks: for what is sampled, or judged by the clock. */
  watch?(world: World): void;
  see(world: World): Seen;
}

/** What there is to know of a rule without running it. */
export interface Description {
  /** For machines, such as `argo-cloudwatch`. */
  name: string;
  /** For people. */
  title: string;
  /** The source or document whose rule it is, with its version. */
  source: string;
  /** The settings, and who recommends them. */
  settings: string;
  /** How long a good release takes by that source, from its first payment on. */
  goodReleaseMinutes: number;
}

/** One release under a rule. */
export interface Course {
  readonly standing: Standing;
  /** Told after each slice of time. */
  pass(world: World): void;
}

export interface Peer extends Description {
  /** The release begins now. */
  begin(world: World): Course;
}

/** Joins a rule with its eyes, of which each release gets new ones. */
export function peerOf<State extends Standing, Seen>(
  description: Description,
  rule: Rule<State, Seen>,
  openEyes: (world: World) => Eyes<Seen>,
): Peer {
  return { ...description, begin: (world) => courseOf(rule, openEyes(world), world) };
}

function courseOf<State extends Standing, Seen>(
  rule: Rule<State, Seen>,
  eyes: Eyes<Seen>,
  { now }: World,
): Course {
  let state = rule.begin(now);
  return {
    get standing() {
      return state;
    },
    pass(world) {
      eyes.watch?.(world);
      if (state.end === undefined && world.now >= rule.nextLookAt(state))
        state = rule.look(state, eyes.see(world), world.now);
    },
  };
}
