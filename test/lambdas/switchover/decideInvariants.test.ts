import assert from "node:assert/strict";
import { type Known, known, unknown } from "../../../lambdas/common/ports";
import { decideSwitchover } from "../../../lambdas/switchover/decide";
import type {
  Act,
  SwitchoverFacts,
  SwitchoverPhase,
  SwitchoverState,
} from "../../../lambdas/switchover/state";
import { WINDOW } from "../../../lambdas/switchover/state";
import { attempt, inWords, NOW, POSITION, sealed, state } from "./facts";

/**
 * Goal: what must hold of every decision holds of every one. Method: enumerate every phase and each
 * fact as good, bad and unknown, and hold each decision against rules written without it.
 */

type Value = "good" | "bad" | "unknown";
const VALUES: Value[] = ["good", "bad", "unknown"];

const ACCOUNTS = { locked: [], open: ["app@%"] };

/** How each fact is bad for an opening; good is what `sealed` says. */
const BAD: { [name: string]: (seen: SwitchoverFacts, fact: <T>(bad: T) => Known<T>) => void } = {
  fence: ({ clusters }, fact) => {
    clusters.blue.fence = fact({ readOnly: false, serverId: "blue-1" });
  },
  oldAccounts: ({ clusters }, fact) => {
    clusters.blue.accounts.application = fact(ACCOUNTS);
  },
  newAccounts: ({ clusters }, fact) => {
    clusters.green.accounts.application = fact(ACCOUNTS);
  },
  replicationLock: ({ clusters }, fact) => {
    clusters.green.accounts.replicationTarget = fact(ACCOUNTS);
  },
  marker: ({ clusters }, fact) => {
    clusters.green.hasMarker = fact(false);
  },
  written: (seen, fact) => {
    seen.written = fact({ position: POSITION, strays: ["rows of payments.payment"] });
  },
  troubles: ({ clusters }, fact) => {
    clusters.green.troubles = fact({ exceptions: 1, suspendedTables: 0 });
  },
  sessions: ({ clusters }, fact) => {
    clusters.blue.sessions = fact(1);
  },
};
const NAMES = Object.keys(BAD);
type Facts = { [name: string]: Value };

function seenAs(facts: Facts, now: number): SwitchoverFacts {
  const seen = structuredClone({ ...sealed(), now });
  for (const [name, value] of Object.entries(facts))
    if (value !== "good")
      BAD[name]?.(seen, (bad) => (value === "bad" ? known(bad) : unknown("no answer")));
  return seen;
}

/** Every combination. */
function* allFacts(names = NAMES): Generator<Facts> {
  const [first, ...others] = names;
  if (first === undefined) yield {};
  else
    for (const facts of allFacts(others))
      for (const value of VALUES) yield { ...facts, [first]: value };
}

const STILL = { opensAt: POSITION, opensAtReadAt: NOW - 300 };
const PHASES: SwitchoverPhase[] = [
  ...WINDOW.map((name) => ({ name, attempt: attempt(STILL) })),
  { name: "sealed", attempt: attempt() },
  { name: "aborting", attempt: attempt(STILL), cause: "of a test" },
  { name: "opening", attempt: attempt(STILL) },
  { name: "reversing", attempt: attempt(STILL) },
  { name: "prepared", writer: "blue" },
];
/** The attempt began 5 s before the first. */
const TIMES = [NOW, NOW + 44_999, NOW + 45_000];

interface Case {
  before: SwitchoverState;
  facts: Facts;
  now: number;
  after: SwitchoverState;
  acts: Act[];
}

function isInWindow({ phase }: SwitchoverState): boolean {
  return (WINDOW as readonly string[]).includes(phase.name);
}

function opens(act: Act): boolean {
  return (
    (act.kind === "set-locked" && !act.locked) || (act.kind === "set-read-only" && !act.readOnly)
  );
}

const RULES: { [rule: string]: (one: Case) => boolean } = {
  "the new writer is opened only when all that was promised is known": ({
    before,
    facts,
    now,
    after,
  }) =>
    after.phase.name !== "opening" ||
    before.phase.name === "opening" ||
    (before.phase.name === "sealed" &&
      before.phase.attempt.opensAt !== undefined &&
      now < NOW + 45_000 &&
      NAMES.every((name) => facts[name] === "good")),
  "an account of the new writer is opened in no other step": ({ acts, after }) =>
    !inWords(acts).includes("unlock green application+migration") || after.phase.name === "opening",
  "the new writer is not opened while the old one is seen open": ({ acts, facts }) =>
    facts.oldAccounts !== "bad" || !inWords(acts).includes("unlock green application+migration"),
  "the old writer is opened only by an abort, or at rest": ({ acts, after }) =>
    !inWords(acts).includes("unlock blue application+migration") ||
    ["aborting", "prepared"].includes(after.phase.name),
  "the old writer is not opened while the new one is seen open": ({ acts, facts }) =>
    facts.newAccounts !== "bad" || !inWords(acts).includes("unlock blue application+migration"),
  "an abort opens the old writer, or closes the new one first": ({ acts, after, facts }) =>
    after.phase.name !== "aborting" ||
    inWords(acts).includes(
      facts.newAccounts === "bad" ? "lock green application" : "unlock blue application+migration",
    ),
  "nobody waits longer than the time box": ({ before, now, after }) =>
    !isInWindow(before) || now < NOW + 45_000 || after.phase.name === "aborting",
  "what is known to be bad is not waited for": ({ before, facts, after }) =>
    !isInWindow(before) ||
    before.phase.name === "fencing" ||
    ["fence", "newAccounts", "written", "troubles"].every((name) => facts[name] !== "bad") ||
    after.phase.name === "aborting",
  "from the opening on there is only forward": ({ before, after }) =>
    !["opening", "reversing"].includes(before.phase.name) ||
    ["opening", "reversing", "steady"].includes(after.phase.name),
  "each step leads to the next": ({ before, after }) => {
    const at = (name: string) => (WINDOW as readonly string[]).indexOf(name);
    const [from, to] = [at(before.phase.name), at(after.phase.name)];
    return from < 0 || to < 0 || to === from || to === from + 1;
  },
  "whatever opens something takes a lease": ({ acts, now, after }) =>
    !acts.some(opens) || after.opensUntil >= now + 75_000,
  "a lease is never lowered": ({ before, after }) => after.opensUntil >= before.opensUntil,
  "no step is left forward with an unknown fence or account": ({ before, facts, after }) =>
    before.phase.name === "prepared" ||
    before.phase.name === "aborting" ||
    before.phase.name === after.phase.name ||
    after.phase.name === "aborting" ||
    before.phase.name === "fencing" ||
    before.phase.name === "opening" ||
    before.phase.name === "draining" ||
    (facts.fence !== "unknown" && facts.oldAccounts !== "unknown"),
};

describe("every decision about the databases", function () {
  this.timeout(120_000);
  const cases: Case[] = [];

  before(() => {
    for (const facts of allFacts())
      for (const now of TIMES) {
        const seen = seenAs(facts, now);
        for (const phase of PHASES) {
          const before = state(phase, NOW - 1);
          const { next: after, acts } = decideSwitchover(before, seen);
          cases.push({ before, facts, now, after, acts });
        }
      }
  });

  it("is among so many, and each phase that there can be comes of one", () => {
    assert.equal(cases.length, 3 ** NAMES.length * PHASES.length * TIMES.length);
    const reached = [...new Set(cases.map(({ after }) => after.phase.name))].sort();
    const expected = [...WINDOW, "aborting", "opening", "reversing", "prepared"].sort();
    assert.deepEqual(reached, expected);
  });

  for (const [rule, holds] of Object.entries(RULES))
    it(rule, () => {
      const broken = cases.find((one) => !holds(one));
      assert.equal(broken && JSON.stringify(broken), undefined);
    });
});
