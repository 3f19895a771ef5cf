import assert from "node:assert/strict";
import { type Fault, runSwitchover } from "../../simulation/switchover/run";
import { withMutant } from "../support/mutant";

type Row = [mistake: string, file: string, from: string, to: string, faults?: Fault[]];

/**
 * Goal: a mistake in the switchover does not get past the simulation. Method: each mutant is a mistake
 * that a person could make, planted in the source in memory; the ledger must find what it breaks.
 */
const MUTANTS: Row[] = [
  [
    "does not wait for the marker",
    "window",
    "lacks(`the marker in ${to}`, other.hasMarker, (there) => there)",
    "undefined",
  ],
];

const MOST_SEEDS = 120;

describe("the simulation finds a switchover that", function () {
  this.timeout(120_000);
  for (const [mistake, file, from, to] of MUTANTS)
    it(mistake, async () => {
      const mutant = { mistake, file: `switchover/${file}`, from, to };
      const found = await withMutant(mutant, firstToFind);
      assert.ok(found, `${MOST_SEEDS} seeds found nothing`);
    });
});

async function firstToFind(): Promise<string[] | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { violations } = await runSwitchover(seed);
    if (violations.length > 0) return violations;
  }
  return undefined;
}
