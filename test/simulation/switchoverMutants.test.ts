import assert from "node:assert/strict";
import { runSwitchover } from "../../simulation/switchover/run";
import { withMutants } from "../support/mutant";

type Edit = [file: string, from: string, to: string];

/**
 * Goal: a mistake in the switchover does not get past the simulation. Method: each mutant is a mistake
 * that a person could make, planted in the source in memory, with its check where there is one; the
 * ledger must find what it breaks, or that nothing moves any more.
 *
 * Not among them is what something else makes up for: without the fence, locks and ended sessions keep
 * the application out just as well, until one of them fails at the same time.
 */
const MUTANTS: { [mistake: string]: Edit[] } = {
  "takes the marker for arrived": [
    ["observe", "attempt(() => database.hasMarker(markerId))", "known(true)"],
  ],
  "locks no account": [
    [
      "decide",
      "...shutOut(from, APPLICATION_USERS), setLocked",
      '{ kind: "end-sessions" as const, cluster: from, users: APPLICATION_USERS }, setLocked',
    ],
    ["window", 'lacks("the application\'s lock", accounts.application, isClosed) ??', ""],
  ],
  "ends no session": [
    [
      "decision",
      'return [setLocked(cluster, users, true), { kind: "end-sessions", cluster, users }];',
      "return [setLocked(cluster, users, true)];",
    ],
    ["window", 'lacks("the end of sessions", sessions, isNone) ??', ""],
    ["window", 'lacks("the end of transactions", transactions, isNone) ??', ""],
  ],
  "locks AWS DMS out of nothing": [
    ["decide", 'return shutOut(to, ["replicationTarget", "migration"]);', "return [];"],
    ["window", "other.accounts.replicationTarget, isClosed)", "other.hasMarker, () => true)"],
    ["window", "other.replicationSessions, isNone)", "other.hasMarker, () => true)"],
  ],
  "ignores what is written behind the fence": [
    ["window", "written.value.strays.length > 0", "false"],
    ["window", "(is) => is.strays.length === 0,", "() => true,"],
  ],
  "replicates back from a little later": [
    [
      "decide",
      "from: to, position: opensAt, since }",
      "from: to, position: { ...opensAt, offset: opensAt.offset + 3 }, since }",
    ],
  ],
  "replicates back from a little earlier": [
    [
      "decide",
      "from: to, position: opensAt, since }",
      "from: to, position: { ...opensAt, offset: opensAt.offset - 1 }, since }",
    ],
  ],
  "starts replication anew that has run": [
    ["decide", "const since = startedAt - CLOCK_MILLISECONDS;", "const since = startedAt + 1e9;"],
  ],
  "goes on with replication of long ago": [
    ["decide", "const since = startedAt - CLOCK_MILLISECONDS;", "const since = -1;"],
  ],
  "aborts what it is opening": [
    ["decide", 'return name === "opening" || name === "reversing"', 'return name === "reversing"'],
    [
      "decide",
      "return open(state, seen, phase.attempt);",
      'return seen.request ? abort(state, seen, phase.attempt, "asked") : open(state, seen, phase.attempt);',
    ],
  ],
  "takes no lease": [
    ["decision", "OPENING_LEASE_MILLISECONDS = 75_000", "OPENING_LEASE_MILLISECONDS = 0"],
  ],
  "acts although another pass stored first": [
    ["pass", 'if (outcome !== "saved") return', 'if (outcome === "unknown") return'],
  ],
  "acts although nobody knows whether it was stored": [
    ["pass", 'if (outcome !== "saved") return', 'if (outcome === "conflict") return'],
  ],
  "opens without a second look": [
    ["decide", "if (isSame && seen.now - opensAtReadAt >= STILL_MILLISECONDS)", "if (true)"],
  ],
  "leaves at rest what came late": [["rest", "if (drift !== undefined) return drift;", ""]],
  "does not wait for old statements": [["rest", "...(lease > 0 ?", "...(false ?"]],
};

const MOST_SEEDS = 100;

async function firstToFind(): Promise<string[] | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { violations } = await runSwitchover(seed);
    if (violations.length > 0) return [String(seed), ...violations];
  }
  return undefined;
}

describe("the simulation finds a switchover that", function () {
  this.timeout(120_000);
  for (const [mistake, edits] of Object.entries(MUTANTS))
    it(mistake, async () => {
      const mutants = edits.map(([file, from, to]) => ({
        ...{ mistake, file: `switchover/${file}`, from, to },
      }));
      const found = await withMutants(mutants, firstToFind);
      assert.ok(found, `${MOST_SEEDS} seeds found nothing`);
    });
});
