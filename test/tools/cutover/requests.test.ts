import assert from "node:assert/strict";
import { known } from "../../../lambdas/common/ports";
import type { CutoverState } from "../../../lambdas/cutover/state";
import type { TickReport } from "../../../lambdas/cutover/tick";
import type { Answer } from "../../../lambdas/switchover/serve";
import type { StoredSwitchover } from "../../../lambdas/switchover/state";
import type { OperatorVerb } from "../../../tools/cutover/arguments";
import { announcement, isHarmless } from "../../../tools/cutover/confirm";
import { effectOf } from "../../../tools/cutover/effects";
import { exitCodeOf, outcomeOf } from "../../../tools/cutover/operate";
import { statusOf } from "../../../tools/cutover/status";
import { switchoverEffect, switchoverOutcome } from "../../../tools/cutover/writer";
import * as facts from "../../support/facts";
import { atRest, MIGRATION_PLAN, migrating } from "../../support/migration";
import { factsOf, STACK } from "./support/facts";

function effect(verb: OperatorVerb, state: CutoverState, plan = facts.PLAN): string {
  return effectOf(verb, { status: statusOf(factsOf(state, {}, plan)), plan });
}

const BAKING = facts.shifting({ stepIndex: 1, bakingMinutesAgo: 2 });
const [FIRST] = facts.PLAN.steps;
const ASKING = {
  ...facts.PLAN,
  steps: [
    { weightPercent: 10, bakeMinutes: 5, ...FIRST, approval: "mails are fine" },
    ...facts.PLAN.steps.slice(1),
  ],
};

describe("what a request would do, said before it is confirmed", () => {
  const EFFECTS: [
    verb: OperatorVerb,
    state: CutoverState,
    said: RegExp,
    plan?: typeof facts.PLAN,
  ][] = [
    [
      "start",
      facts.idle(),
      /^This gives green 10 % of the live payments of prod, then 50 % and 100 % as the/,
    ],
    ["start", facts.idle("green"), /^This gives blue 10 % of the live payments of prod/],
    ["start", BAKING, /^In prod a cutover runs: the controller will refuse/],
    [
      "start",
      facts.latched(),
      /^In prod it is latched after a rollback: the controller will refuse/,
    ],
    [
      "migrate",
      atRest(10),
      /^This leads 50 % of the clients of prod from on-premises to AWS, to blue, then 100 %\.$/,
      MIGRATION_PLAN,
    ],
    [
      "pause",
      BAKING,
      /^This holds the cutover of prod at 50 % on green, .* hurts payments is taken back/,
    ],
    ["resume", BAKING, /^This begins the step of prod anew: 50 % on green\.$/],
    ["approve", BAKING, /asks nobody: the controller will refuse/],
    [
      "approve",
      facts.shifting({ plan: ASKING }),
      /^This agrees, for prod at 10 % on green, to: mails are fine\.$/,
    ],
    [
      "skip-bake",
      BAKING,
      /^This ends the bake time of 50 % on green in prod, of which 3 min are left\./,
    ],
    [
      "rollback",
      BAKING,
      /^This gives blue all live payments of prod back at once, green's 50 % too, and latches/,
    ],
    [
      "rollback",
      migrating(),
      /^This leads the clients of prod back .* DNS takes minutes\.$/,
      MIGRATION_PLAN,
    ],
    ["rollback", facts.idle(), /^In prod nothing moves, blue is live: the controller will refuse/],
    [
      "clear",
      facts.latched(),
      /^This lifts the latch of prod, set because on green, 9 of 10 payments failed/,
    ],
    ["clear", facts.idle(), /the controller will refuse/],
  ];
  for (const [verb, state, said, plan] of EFFECTS)
    it(`${verb} in ${state.phase.name}: ${said.source.slice(0, 40)}`, () => {
      assert.match(effect(verb, state, plan), said);
    });

  it("is announced with environment, stack, account, region, who and why", () => {
    const identity = { accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/alice" };
    const lines = announcement(STACK, identity, "This does it.", { who: "alice", why: "so" });
    assert.deepEqual(lines, [
      "Environment prod (stack prod, account 111122223333, us-east-1)",
      "This does it.",
      "On record: alice: so",
    ]);
  });

  it("wants more than a key where the environment's name does not say that nobody pays there", () => {
    assert.deepEqual(
      ["dev", "dev2", "test", "staging", "sandbox1"].map(isHarmless),
      Array(5).fill(true),
    );
    assert.deepEqual(
      ["prod", "eu1", "live", "preprod", "production"].map(isHarmless),
      Array(5).fill(false),
    );
  });
});

const REPORT: TickReport = {
  ...{ at: 0, code: "start", reason: "Started the cutover to green (x): 10 % to green." },
  ...{ phase: "shifting", live: "blue", weights: { blue: 90, green: 10 }, problems: [] },
};

describe("what the controller's answer means", () => {
  function outcome(verb: OperatorVerb, changes: Partial<TickReport>) {
    const one = outcomeOf(verb, { ...REPORT, ...changes }, STACK);
    return { exitCode: exitCodeOf(one), said: one.sentences.join(" ") };
  }

  it("is success when the controller did what was asked", () => {
    assert.deepEqual(outcome("start", {}), { exitCode: 0, said: REPORT.reason });
    assert.equal(outcome("rollback", { code: "roll-back" }).exitCode, 0);
  });

  it("says what is still to come of what is on record", () => {
    const { exitCode, said } = outcome("start", { problems: ["the weights were not set"] });
    assert.equal(exitCode, 0);
    assert.match(said, /It is on record, but the weights were not set\. The controller sees to it/);
  });

  it("is failure when it refused, with its reason", () => {
    const refused = outcome("start", { code: "refuse", reason: "Refused to start: frozen." });
    assert.deepEqual(refused, { exitCode: 1, said: "Refused to start: frozen." });
  });

  it("is failure when safety came first", () => {
    const { exitCode, said } = outcome("pause", {
      code: "roll-back",
      reason: "Rolled back to blue: x.",
    });
    assert.equal(exitCode, 1);
    assert.match(
      said,
      /^Not done: the controller had something else to do first\. Rolled back to blue/,
    );
  });

  it("is failure when it is not known whether it counts, and says how to find out", () => {
    const unknown = outcome("start", { code: "store-unknown", reason: "It is unknown." });
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.said, /Whether it counts: npm run cutover -- status --stack prod tells\./);
    assert.match(outcome("start", { code: "store-conflict" }).said, /Ask once more\.$/);
  });
});

const ATTEMPT = {
  markerId: "m",
  from: "blue" as const,
  restsIn: "prepared" as const,
  requestedBy: "a",
  startedAt: 0,
};

function stored(phase: StoredSwitchover["phase"]): StoredSwitchover {
  return {
    schemaVersion: 1,
    version: 1,
    lastCode: "",
    lastReason: "",
    epoch: 1,
    opensUntil: 0,
    phase,
  };
}

describe("a switchover that is asked for", () => {
  const rest = stored({ name: "prepared", writer: "blue" });
  const moves = stored({ name: "draining", attempt: ATTEMPT });

  it("is announced with what it does to payments, or that it will be refused", () => {
    const said = (verb: "start" | "abort", state: StoredSwitchover, to?: "blue" | "green") =>
      switchoverEffect({ verb, ...(to && { to }) }, state, "prod");
    assert.match(
      said("start", rest),
      /^This moves the database writer of prod from blue to green: all live payments wait/,
    );
    assert.match(
      said("start", rest, "blue"),
      /blue takes all writes already: the function will refuse/,
    );
    assert.match(said("start", moves), /a switchover is draining: the function will refuse/);
    assert.match(said("abort", rest), /no switchover runs: the function will refuse/);
    assert.match(said("abort", moves), /^This gives all writes of prod back to the old writer/);
  });

  const report: Answer = {
    ...{ at: 0, code: "reverse", reason: "green takes all writes.", phase: "reversing", epoch: 1 },
    ...{ writer: "green", problems: [], story: ["a started it.", "green takes all writes."] },
  };
  const ask = { verb: "start" as const, who: "a", why: "b", to: "green" as const };
  const outcome = (
    changes: Partial<Answer>,
    request: Parameters<typeof switchoverOutcome>[0] = ask,
  ) => switchoverOutcome(request, { ...report, ...changes }, "status tells.");

  it("succeeds when the other cluster takes the writes, and tells how it went", () => {
    assert.equal(outcome({}).isGranted, true);
    assert.deepEqual(outcome({}).sentences, ["a started it.", "green takes all writes."]);
    assert.equal(outcome({ code: "steady", phase: "steady" }).isGranted, true);
  });

  it("fails when it was refused, aborted, or is not over", () => {
    const refused = outcome({
      code: "refuse",
      reason: "Refused to start: x.",
      story: [],
      phase: "prepared",
      writer: "blue",
    });
    assert.deepEqual([refused.isGranted, refused.sentences], [false, ["Refused to start: x."]]);
    const aborted = outcome({
      code: "aborted",
      phase: "prepared",
      writer: "blue",
      story: ["Aborted."],
    });
    assert.deepEqual(
      [aborted.isGranted, aborted.sentences],
      [false, ["Aborted.", "The writer was not moved."]],
    );
    const back = outcome({ code: "aborted", phase: "steady", writer: "blue", story: ["Aborted."] });
    assert.equal(back.isGranted, false);
    const open = outcome({ code: "hold-opening", phase: "opening" });
    assert.deepEqual(
      [open.isGranted, open.sentences.at(-1)],
      [false, "It is opening still: status tells."],
    );
  });

  it("is aborted with success when the old writer has its writes back", () => {
    const abort = { verb: "abort" as const, who: "a", why: "b" };
    assert.equal(
      outcome({ code: "aborted", phase: "prepared", writer: "blue" }, abort).isGranted,
      true,
    );
    assert.equal(outcome({ code: "reverse" }, abort).isGranted, false);
  });
});

it("knows nothing of the writer from a state that nobody stored", () => {
  assert.deepEqual(statusOf(factsOf(facts.idle())).writer, known(undefined));
});
