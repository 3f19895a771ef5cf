import assert from "node:assert/strict";
import { type Decision, decide } from "../../../../lambdas/cutover/decide";
import type { Observation } from "../../../../lambdas/cutover/observe";
import { known } from "../../../../lambdas/cutover/ports";
import type { CutoverState } from "../../../../lambdas/cutover/state";
import {
  NO_TRAFFIC,
  NOW,
  red,
  request,
  rollingBack,
  seen,
  served,
  shifting,
  UNSEEN,
} from "../../../support/facts";
import {
  atRest,
  latchedAfterMigration,
  MIGRATION_PLAN,
  migrating,
  migratingBack,
} from "../../../support/migration";

/**
 * Goal: what must hold of every decision where clients come on-premises too. Method: enumerate phases,
 * requests and kinds of facts, and hold each decision against rules that are written without `decide`.
 */

interface Case {
  state: CutoverState;
  seen: Observation;
  decision: Decision;
}

const REQUESTS = [undefined, "migrate", "start", "rollback", "resume", "clear"] as const;

const STATES: CutoverState[] = [
  ...[0, 40, 100].map((percent) => atRest(percent)),
  { ...shifting({ bakingMinutesAgo: 1 }), awsPercent: 40 },
  { ...rollingBack(), awsPercent: 40 },
  latchedAfterMigration(),
  ...[undefined, NOW + 1].map((actsUntil) => ({
    ...migratingBack(),
    ...(actsUntil && { actsUntil }),
  })),
  ...[0, 2].flatMap((stepIndex) =>
    [undefined, -1, 4.99, 5].flatMap((bakingMinutesAgo) =>
      [6, 38].flatMap((enteredMinutesAgo) =>
        [{}, { pausedBy: "bob" }, { bakeSkipped: true as const }].map((marks) =>
          migrating({ stepIndex, bakingMinutesAgo, enteredMinutesAgo, marks }),
        ),
      ),
    ),
  ),
  { ...migrating({ enteredMinutesAgo: 8, bakingMinutesAgo: 5 }), actsUntil: NOW + 1 },
];

function observations(state: CutoverState): Observation[] {
  const all: Observation[] = [];
  const traffic = [0, 500].map((failures) =>
    served({ target: "blue", standby: { payments: 1000, failures } }),
  );
  for (const verb of REQUESTS)
    for (const awsPercent of [known(state.awsPercent ?? 0), known(77), UNSEEN, undefined])
      for (const weights of [known(state.weights), known({ blue: 63, green: 37 }), UNSEEN])
        for (const unhealthy of [0, 1, undefined])
          for (const redAlarms of [known([]), red("blue-p99"), UNSEEN])
            for (const counts of [...traffic, NO_TRAFFIC]) {
              const targets =
                unhealthy === undefined ? UNSEEN : known({ healthy: 2, unhealthy, initial: 0 });
              const changes = { weights, live: { targets, redAlarms }, traffic: counts };
              const asked = verb && { request: request(verb) };
              all.push(seen(state, { ...changes, awsPercent, ...asked }));
            }
  return all;
}

const inPlace = ({ state, seen: { awsPercent, weights } }: Case) =>
  awsPercent?.known === true &&
  awsPercent.value === state.awsPercent &&
  weights.known &&
  weights.value.blue === state.weights.blue;
const isWell = ({ seen: { live, traffic } }: Case) =>
  live.targets.known &&
  live.targets.value.unhealthy === 0 &&
  live.redAlarms.known &&
  live.redAlarms.value.length === 0 &&
  traffic.application.known &&
  traffic.application.value.some(({ blue }) => blue.payments > 0 && blue.failures === 0);
const isHurt = ({ seen: { live, traffic } }: Case) =>
  (live.targets.known && live.targets.value.unhealthy > 0) ||
  (live.redAlarms.known && live.redAlarms.value.length > 0) ||
  (traffic.application.known && traffic.application.value.some(({ blue }) => blue.failures > 0));
const isPaused = ({ phase }: CutoverState) =>
  phase.name === "migrating" && phase.migration.pausedBy !== undefined;
const leads = ({ decision }: Case) =>
  decision.actions.flatMap((action) => (action.kind === "set-aws-percent" ? [action.percent] : []));

describe("every decision about clients", () => {
  const cases: Case[] = [];
  before("decide on each state and observation", () => {
    for (const state of STATES)
      for (const facts of observations(state))
        cases.push({ state, seen: facts, decision: decide(state, facts, MIGRATION_PLAN) });
  });
  after("let the cases go", () => {
    cases.length = 0;
  });

  /** Fails with the first case that breaks the rule, and when no case is one that it speaks of. */
  function always(rule: (one: Case) => boolean, concerns: (one: Case) => boolean): void {
    const concerned = cases.filter(concerns);
    assert.ok(concerned.length > 0, "the rule speaks of no case");
    const broken = concerned.find((one) => !rule(one));
    assert.equal(broken, undefined, JSON.stringify(broken, null, 1));
  }
  const migrates = ({ state }: Case) => state.phase.name === "migrating";
  const code =
    (...wanted: string[]) =>
    ({ decision }: Case) =>
      wanted.includes(decision.code);
  const movesOn = (one: Case) => migrates(one) && code("promote", "migrated")(one);

  it("leads clients to no share but that on record, at most once, after the colors", () => {
    always(
      (one) => {
        const [percent, ...more] = leads(one);
        const kinds = one.decision.actions.map(({ kind }) => kind);
        const order = kinds.filter((kind) => kind !== "notify");
        return (
          percent === one.decision.next.awsPercent &&
          more.length === 0 &&
          kinds.indexOf("set-aws-percent") === order.length - 1
        );
      },
      (one) => leads(one).length > 0,
    );
  });

  it("puts another share on record only where it sets it", () => {
    always(
      (one) => leads(one)[0] === one.decision.next.awsPercent,
      ({ state, decision }) => decision.next.awsPercent !== state.awsPercent,
    );
  });

  it("raises the share only by a start or the next step", () => {
    always(
      code("migrate", "promote"),
      ({ state, decision }) => (decision.next.awsPercent ?? 0) > (state.awsPercent ?? 0),
    );
  });

  it("lowers the share only to where clients were", () => {
    always(
      (one) => code("roll-back")(one) && one.decision.next.awsPercent === 0,
      ({ state, decision }) => (decision.next.awsPercent ?? 0) < (state.awsPercent ?? 0),
    );
  });

  it("leads clients back whenever a person asks for it, or a fault is known", () => {
    always(
      code("roll-back"),
      (one) =>
        migrates(one) &&
        one.seen.awsPercent !== undefined &&
        (one.seen.request?.verb === "rollback" || isHurt(one)),
    );
  });

  it("moves on only when all is in place, well, baked and awake, and no lease runs", () => {
    always((one) => {
      const { phase, actsUntil = 0 } = one.state;
      if (phase.name !== "migrating" || actsUntil > NOW) return false;
      const { bakingSince = Number.POSITIVE_INFINITY, bakeSkipped } = phase.migration;
      const baked = NOW - bakingSince >= (bakeSkipped ? 0 : 5 * 60_000);
      return baked && inPlace(one) && isWell(one) && !isPaused(one.state);
    }, movesOn);
  });

  it("begins only from rest, on request, when all is in place and nothing is known to be bad", () => {
    always(
      (one) =>
        one.state.phase.name === "idle" &&
        one.seen.request?.verb === "migrate" &&
        inPlace(one) &&
        one.seen.live.targets.known &&
        one.seen.live.targets.value.unhealthy === 0 &&
        !(one.seen.live.redAlarms.known && one.seen.live.redAlarms.value.length > 0),
      code("migrate"),
    );
  });

  it("ends a way back only when it is seen in place, and no lease runs", () => {
    always(
      (one) => inPlace(one) && (one.state.actsUntil ?? 0) <= NOW,
      (one) => one.state.phase.name === "migrating-back" && code("rolled-back")(one),
    );
  });

  it("puts a changed share back at once, unless it is refused something or paused", () => {
    always(
      (one) => leads(one).length === 1,
      (one) =>
        one.seen.awsPercent?.known === true &&
        one.seen.awsPercent.value !== one.state.awsPercent &&
        !isPaused(one.decision.next) &&
        one.seen.request === undefined,
    );
  });

  it("leaves payments with the live color, but for a cutover's", () => {
    always(
      ({ decision: { next } }) => next.weights.blue === 100,
      ({ decision }) => decision.next.phase.name !== "shifting",
    );
  });

  it("never has a cutover and a migration at once", () => {
    always(
      ({ decision }) => decision.next.phase.name !== "shifting",
      ({ state }) => state.phase.name.startsWith("migrating"),
    );
    always(
      ({ decision }) => !decision.next.phase.name.startsWith("migrating"),
      ({ state }) => ["shifting", "rolling-back", "rolled-back"].includes(state.phase.name),
    );
  });

  it("gives its reason as a sentence", () => {
    always(
      ({ decision }) => /^\S.*\.$/.test(decision.reason),
      () => true,
    );
  });
});
