import assert from "node:assert/strict";
import pc from "picocolors";
import { known, unknown } from "../../../lambdas/common/ports";
import type { CutoverState } from "../../../lambdas/cutover/state";
import type { StoredSwitchover } from "../../../lambdas/switchover/state";
import type { Facts } from "../../../tools/cutover/facts";
import type { Look } from "../../../tools/cutover/screen/look";
import { statusScreen } from "../../../tools/cutover/screen/screen";
import { statusOf } from "../../../tools/cutover/status";
import { TYPED, visibleLength } from "../../../tools/terminal/layout";
import * as facts from "../../support/facts";
import { atRest, MIGRATION_PLAN, migrating } from "../../support/migration";
import { factsOf } from "./support/facts";

const { NOW, UNSEEN, MINUTE } = facts;

function look(width: number, colors = false): Look {
  return { width, colors: pc.createColors(colors), glyphs: TYPED, timeZone: "UTC" };
}

function screen(given: Facts, width = 80, now = NOW): string {
  return statusScreen(statusOf(given), now, look(width)).join("\n");
}

const BAKING = facts.shifting({ stepIndex: 1, bakingMinutesAgo: 2, enteredMinutesAgo: 3 });

function withWriter(given: Facts, phase: StoredSwitchover["phase"]): Facts {
  const stored = { schemaVersion: 1, version: 3, lastCode: "x", epoch: 1, opensUntil: 0 };
  return { ...given, writer: known({ ...stored, lastReason: "Held draining: so it is.", phase }) };
}

/** States of all kinds, with what is seen of them. */
const STATES: [name: string, facts: Facts][] = [
  ["idle", factsOf(facts.idle())],
  ["baking", factsOf(BAKING)],
  ["not in place", factsOf(facts.shifting())],
  [
    "held for few payments",
    factsOf(facts.shifting({ bakingMinutesAgo: 1 }), { traffic: facts.FEW }),
  ],
  ["paused", factsOf(facts.shifting({ bakingMinutesAgo: 1, marks: { pausedBy: "bob" } }))],
  ["rolling back", factsOf(facts.rollingBack())],
  ["latched", factsOf(facts.latched())],
  ["migrating", factsOf(migrating({ bakingMinutesAgo: -1 }), {}, MIGRATION_PLAN)],
  ["idle with clients on-premises", factsOf(atRest(10))],
  [
    "all unknown",
    factsOf(BAKING, {
      weights: UNSEEN,
      awsPercent: UNSEEN,
      standby: { targets: UNSEEN, redAlarms: UNSEEN },
      live: { targets: UNSEEN, redAlarms: UNSEEN },
      traffic: { application: UNSEEN, loadBalancer: UNSEEN },
    }),
  ],
];

describe("the status screen", () => {
  it("tells on 80 columns what stands where, and why", () => {
    assert.equal(
      screen(factsOf(BAKING)),
      `prod  111122223333 us-east-1                                            12:00:00
Cutover to green, step 2 of 3: 50 % on green

blue      ############...........   50 %  live
green     ############...........   50 %  standby
steps     + 10  > 50  - 100 %
bake      #########..............  3 min left of 5 min
payments  green 1,000: 0 failed, 0 slow; blue 1,000: 0 failed, 0 slow
proof     #######################  6,407 of 20: good enough when full
doubt     .......................  0.91 of 1,000: taken back when full
targets   all healthy: blue 3, green 3
alarms    none is red
writer    no switchover was ever asked for

now       Baking 50 % on green: 3 of 3 targets are healthy, no alarm is red, 0
          of 1000 payments failed, 0 were slow; on blue 0 of 1000, 0.
record    11:59:00 Operators/alice, no. 7: Started the cutover to green (release
          42): 10 % to green.`,
    );
  });

  it("tells the same on 40 columns", () => {
    assert.equal(
      screen(factsOf(BAKING), 40),
      `prod  111122223333 us-east-1    12:00:00
Cutover to green, step 2 of 3: 50 % on
green

blue      #####.....   50 %  live
green     #####.....   50 %  standby
steps     + 10  > 50  - 100 %
bake      ####.....  3 min left of 5 min
payments  green 1,000: 0 failed, 0 slow;
          blue 1,000: 0 failed, 0 slow
proof     ##########  6,407 of 20
doubt     ..........  0.91 of 1,000
targets   all healthy: blue 3, green 3
alarms    none is red
writer    no switchover was ever asked
          for

now       Baking 50 % on green: 3 of 3
          targets are healthy, no alarm
          is red, 0 of 1000 payments
          failed, 0 were slow; on blue 0
          of 1000, 0.
record    11:59:00 Operators/alice, no.
          7: Started the cutover to g...`,
    );
  });

  for (const [name, given] of STATES)
    it(`is never wider than the terminal, nor taller than one, ${name}`, () => {
      for (let width = 40; width <= 130; width += 5) {
        const lines = statusScreen(statusOf(given), NOW, look(width, true));
        const widest = Math.max(...lines.map(visibleLength));
        assert.ok(widest <= Math.min(width, 120), `${widest} of ${width}: ${lines.join("\n")}`);
        if (width >= 80 && name !== "all unknown") assert.ok(lines.length <= 23, lines.join("\n"));
      }
    });

  it("colors only where colors are wanted", () => {
    const [plain, colored] = [look(80), look(80, true)].map((one) =>
      statusScreen(statusOf(factsOf(BAKING)), NOW, one).join("\n"),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    assert.doesNotMatch(plain ?? "", /\u001b/);
    assert.ok(colored?.includes("\u001b[34m") && colored.includes("\u001b[32m"), "blue and green");
  });

  it("counts the bake time on from the clock, not from when it was looked", () => {
    assert.match(screen(factsOf(BAKING), 80, NOW + MINUTE), /2 min left of 5 min/);
    assert.match(screen(factsOf(BAKING), 80, NOW + 4 * MINUTE), /5 min are over/);
  });

  it("tells why a step is held and when it is taken back", () => {
    const held = screen(factsOf(facts.shifting({ bakingMinutesAgo: 1 }), { traffic: facts.FEW }));
    assert.match(held, /#\.+ {2}10 of at least 200/);
    assert.match(held, /now +Held 10 % on green: 0 of 10 payments failed/);
    assert.match(held, /Taken back at 12:33:00, in 33 min, unless that ends\./);
  });

  it("tells of weights that are not those on record, of alarms and of targets", () => {
    const odd = screen(
      factsOf(facts.idle(), {
        weights: known({ blue: 70, green: 30 }),
        standby: {
          redAlarms: facts.red("green-p99"),
          targets: known({ healthy: 2, unhealthy: 1, initial: 0 }),
        },
      }),
    );
    assert.match(
      odd,
      /found +blue 70 %, green 30 % on the load balancer, which is not what is on\n/,
    );
    assert.match(odd, /green green-p99 red/);
    assert.match(odd, /green 2 of 3 healthy/);
  });

  it("tells of alarms without data only where payments should give them some", () => {
    const silent = unknown<never>("green-p99: missing, or no data");
    const quiet = screen(factsOf(facts.idle(), { standby: { redAlarms: silent } }));
    assert.match(quiet, /alarms +blue none is red, green has no data, as it has no payments/);
    const moving = screen(factsOf(BAKING, { standby: { redAlarms: silent } }));
    assert.match(moving, /green unknown \(green-p99: missing, or no data\)/);
  });

  it("tells what it does not know, in words for people", () => {
    const [, dark] = STATES.at(-1) ?? [];
    const told = screen(dark as Facts);
    assert.match(told, /found +unknown: AWS did not answer it in time/);
    assert.match(told, /alarms +blue unknown \(AWS did not answer it in time\)/);
    const closed = {
      ...factsOf(BAKING),
      last: unknown<never>("no"),
      writer: unknown<never>("never"),
    };
    assert.match(screen(closed), /writer +unknown: never/);
    assert.match(screen(closed), /record +unknown: no/);
  });

  it("tells the latch's cause, and how it is lifted", () => {
    const told = screen(factsOf(facts.latched()));
    assert.match(told, /because +on green, 9 of 10 payments failed/);
    assert.match(told, /next +npm run cutover -- clear --stack prod/);
  });

  it("tells what a step asks people, and how they answer", () => {
    const [first, ...rest] = facts.PLAN.steps;
    const plan = {
      ...facts.PLAN,
      steps: [{ weightPercent: 10, bakeMinutes: 5, ...first, approval: "mails are fine" }, ...rest],
    };
    const asked = (marks: object) =>
      screen(factsOf(facts.shifting({ plan, bakingMinutesAgo: 9, marks }), {}, plan));
    assert.match(asked({}), /approval +will be asked for: mails are fine/);
    assert.match(asked({ approvalAsked: true }), /approval +waits for a person: mails are fine/);
    assert.match(asked({ approvalAsked: true }), /next +npm run cutover -- approve --stack prod/);
    assert.match(asked({ approvedBy: "bob" }), /approval +given by bob: mails are fine/);
  });

  it("tells how many clients come to AWS, and when DNS has reached them", () => {
    const told = screen(factsOf(migrating({ bakingMinutesAgo: -1 }), {}, MIGRATION_PLAN));
    assert.match(told, /Migration to AWS, step 1 of 3: 10 % of the clients to AWS/);
    assert.match(told, /bake .* begins in 1 min, for 5 min/);
    assert.match(told, /clients .* 10 % come to AWS/);
    const drifted = screen(factsOf(atRest(10), { awsPercent: known(60) }));
    assert.match(drifted, /DNS leads 60 % to AWS, which is not on record/);
  });

  it("tells which cluster takes writes, and that payments wait for it", () => {
    const rest = withWriter(factsOf(facts.idle()), { name: "steady", writer: "green" });
    assert.match(screen(rest), /writer +green's cluster takes all writes \(steady\)/);
    const attempt = {
      markerId: "m",
      from: "blue" as const,
      restsIn: "prepared" as const,
      requestedBy: "a",
      startedAt: NOW - 4_000,
    };
    const moves = withWriter(factsOf(facts.idle()), { name: "draining", attempt });
    assert.match(
      screen(moves),
      /writer +switchover draining since 4 s, last writer blue: Held draining/,
    );
  });

  it("tells that CloudFormation waits", () => {
    const owed = {
      requestId: "r",
      stackId: "s",
      logicalResourceId: "l",
      physicalResourceId: "p",
      responseUrl: "kept secret",
    };
    const gate = {
      owed: {
        ...owed,
        receivedAt: NOW - 5 * MINUTE,
        stage: { name: "following" as const, cutoverId: "c" },
      },
    };
    const state: CutoverState = { ...BAKING, gate };
    assert.match(
      screen(factsOf(state)),
      /CloudFormation waits for an answer since 5 min \(following\)/,
    );
  });
});
