import type { End, Rule, Standing } from "../../../simulation/peers/rule";
import type { Sample } from "../../../simulation/peers/sample";

export const NOW = Date.UTC(2026, 0, 5, 9);

/** What a query answers, by a letter: nothing failed, all failed, no data, provider unreachable. */
const SAMPLES: { [letter in string]?: Sample } = {
  "+": { payments: 1_000, failed: 0 },
  x: { payments: 1_000, failed: 1_000 },
  "-": "no-data",
  "!": "unreachable",
};

export function samplesOf(letters: string): Sample[] {
  return [...letters].map((letter) => {
    const sample = SAMPLES[letter];
    if (sample === undefined) throw new Error(`no sample is meant by ${letter}`);
    return sample;
  });
}

/** Where a rule stands after each look, in seconds since the release began. */
export interface Stood {
  atSeconds: number;
  percent: number;
  end?: End;
}

/** Lets the rule look whenever it wants to; each look sees the next of the row, until it ends. */
export function play<State extends Standing, Seen>(rule: Rule<State, Seen>, row: Seen[]): Stood[] {
  let state = rule.begin(NOW);
  const stood: Stood[] = [{ atSeconds: 0, percent: state.standbyPercent }];
  for (const seen of row) {
    if (state.end !== undefined) break;
    const now = rule.nextLookAt(state);
    state = rule.look(state, seen, now);
    const { standbyPercent, end } = state;
    stood.push({
      atSeconds: (now - NOW) / 1000,
      percent: standbyPercent,
      ...(end !== undefined && { end }),
    });
  }
  return stood;
}

export function percents(stood: Stood[]): number[] {
  return stood.map(({ percent }) => percent);
}

export function lastOf(stood: Stood[]): Stood | undefined {
  return stood[stood.length - 1];
}
