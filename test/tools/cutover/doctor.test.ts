import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { known, unknown } from "../../../lambdas/common/ports";
import type { Plan } from "../../../lambdas/cutover/contract";
import { noCounts } from "../../../lambdas/cutover/ports";
import type { CutoverState } from "../../../lambdas/cutover/state";
import type { StoredSwitchover } from "../../../lambdas/switchover/state";
import type { AlarmState, AlarmStates } from "../../../tools/cutover/aws/alarms";
import type { Check } from "../../../tools/cutover/doctor/check";
import { diagnose, examine } from "../../../tools/cutover/doctor/examine";
import type { DoctorFacts } from "../../../tools/cutover/doctor/facts";
import { differences, readFilePlan } from "../../../tools/cutover/doctor/filePlan";
import { diagnosisScreen } from "../../../tools/cutover/screen/diagnosis";
import { TYPED, visibleLength } from "../../../tools/terminal/layout";
import * as facts from "../../support/facts";
import { factsOf, STACK, wiring } from "./support/facts";

const { NOW, PLAN } = facts;

const IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/payments@sha256:";

/** Quiet alarms, but for these. */
function alarmStates(changes: { [name: string]: AlarmState }): AlarmStates {
  const of = (color: string) => ({
    [`${color}-5xx`]: "OK" as const,
    [`${color}-p99`]: "OK" as const,
  });
  const states: AlarmStates = { blue: of("blue"), green: of("green") };
  for (const [name, state] of Object.entries(changes))
    states[name.startsWith("blue") ? "blue" : "green"][name] = state;
  return states;
}

/** What a doctor reads where all is well, but for these. */
function doctorFacts(changes: Partial<DoctorFacts> = {}, plan: Plan = PLAN): DoctorFacts {
  const counts = { ...noCounts(), payments: 40_000 };
  return {
    stack: STACK,
    identity: { accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/alice" },
    deployed: known({ state: "Active", lastUpdate: "Successful", wiring: wiring(plan) }),
    answer: known(facts.idle()),
    facts: known(factsOf(facts.idle(), {}, plan)),
    activity: known({ minutes: 15, invocations: 15, errors: 0 }),
    toldPlan: known(plan),
    filePlan: undefined,
    images: { blue: known(`${IMAGE}${"1".repeat(64)}`), green: known(`${IMAGE}${"2".repeat(64)}`) },
    services: {
      blue: known({ taskArn: "t", rollout: "COMPLETED" }),
      green: known({ taskArn: "t", rollout: "COMPLETED" }),
    },
    alarms: known(alarmStates({})),
    listeners: known(1),
    payments: known({ blue: counts, green: noCounts(), minutes: 10 }),
    ...changes,
  };
}

/** The checks that are not good. */
function found(changes: Partial<DoctorFacts>, plan: Plan = PLAN, now = NOW): Check[] {
  return examine(doctorFacts(changes, plan), now).filter(({ verdict }) => verdict !== "good");
}

function ofState(state: CutoverState, changes: Parameters<typeof factsOf>[1] = {}, plan = PLAN) {
  return { facts: known(factsOf(state, changes, plan)) };
}

/** A freeze that begins so many minutes after `NOW`. */
function frozenIn(minutes: number): Plan {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
  const from = clock(NOW + minutes * facts.MINUTE);
  const to = clock(NOW + (minutes + 60) * facts.MINUTE);
  return { ...PLAN, freeze: { timeZone: "UTC", windows: [{ days: ["thu"], from, to }] } };
}

const SWITCHING: Plan = {
  ...PLAN,
  steps: PLAN.steps.map((step, index) =>
    index === 1 ? { ...step, switchover: true as const } : step,
  ),
};

const DRAINING: StoredSwitchover = {
  ...{ schemaVersion: 1, version: 1, lastCode: "", lastReason: "so", epoch: 1, opensUntil: 0 },
  phase: {
    name: "draining",
    attempt: { markerId: "m", from: "blue", restsIn: "prepared", requestedBy: "a", startedAt: 0 },
  },
};

type Case = [
  name: string,
  changes: Partial<DoctorFacts>,
  check: string,
  verdict: Check["verdict"],
  finding: RegExp,
  plan?: Plan,
];

const REFUSED = unknown<never>(
  "these credentials may not ssm:GetParameters on it: have that allowed",
);

const CASES: Case[] = [
  [
    "credentials of another account",
    { identity: { accountId: "999", arn: "arn:aws:iam::999:user/b" } },
    "credentials",
    "bad",
    /account 999 as b, and the stack is in account 111122223333/,
  ],
  [
    "no function",
    { deployed: unknown("function f does not exist in this account and region") },
    "function",
    "bad",
    /does not exist/,
  ],
  [
    "a function that may not be read",
    { deployed: unknown("these credentials may not lambda:GetFunctionConfiguration") },
    "function",
    "unknown",
    /may not lambda:Get/,
  ],
  [
    "a function whose update failed",
    {
      deployed: known({
        state: "Active",
        lastUpdate: "Failed",
        reason: "no key",
        wiring: wiring(),
      }),
    },
    "function",
    "bad",
    /failed \(no key\)/,
  ],
  [
    "a function that is being updated",
    { deployed: known({ state: "Active", lastUpdate: "InProgress", wiring: wiring() }) },
    "function",
    "warning",
    /still bringing/,
  ],
  [
    "a controller that fails",
    { answer: unknown("The controller failed: boom") },
    "controller",
    "bad",
    /does not answer: The controller failed: boom/,
  ],
  [
    "a schedule that wakes nobody",
    { activity: known({ minutes: 15, invocations: 0, errors: 0 }) },
    "schedule",
    "bad",
    /ran not once in the last 15 minutes/,
  ],
  [
    "runs that fail",
    { activity: known({ minutes: 15, invocations: 9, errors: 4 }) },
    "schedule",
    "bad",
    /4 of 9 runs failed/,
  ],
  [
    "a state that cannot be read",
    { facts: unknown("stored state has schema version 9") },
    "state",
    "bad",
    /schema version 9/,
  ],
  [
    "a latch",
    ofState(facts.latched()),
    "state",
    "bad",
    /latched after a rollback, because on green, 9 of 10/,
  ],
  [
    "a cutover that runs",
    ofState(facts.shifting()),
    "state",
    "bad",
    /a cutover runs already: 10 % on green/,
  ],
  [
    "a plan with mistakes",
    {},
    "plan",
    "bad",
    /the last step must have weightPercent 100/,
    { ...PLAN, steps: PLAN.steps.slice(0, 1) },
  ],
  [
    "a function with another plan than was deployed",
    { toldPlan: known({ ...PLAN, withoutEvidence: true }) },
    "settings",
    "bad",
    /another plan than the stack's parameter/,
  ],
  [
    "a plan that may not be read",
    { toldPlan: REFUSED },
    "settings",
    "unknown",
    /may not ssm:GetParameters/,
  ],
  [
    "a file with another plan than is deployed",
    { filePlan: { file: "Pulumi.prod.yaml", values: { "payments:minimumPayments": 7 } } },
    "settings",
    "warning",
    /Pulumi\.prod\.yaml has other values than the deployed plan: payments:minimumPayments/,
  ],
  ["a freeze", {}, "freeze", "bad", /nothing moves from 12:00 to 13:00 on thu/, frozenIn(0)],
  [
    "a freeze that is near",
    {},
    "freeze",
    "warning",
    /one begins in 10 min and the plan takes 18 min/,
    frozenIn(10),
  ],
  [
    "hardly any payments",
    { payments: known({ blue: { ...noCounts(), payments: 10 }, green: noCounts(), minutes: 10 }) },
    "payments",
    "bad",
    /1 a minute; the first step, with 10 % of them, needs 363, and is taken back/,
  ],
  [
    "few payments",
    {
      payments: known({ blue: { ...noCounts(), payments: 3000 }, green: noCounts(), minutes: 10 }),
    },
    "payments",
    "warning",
    /takes about 13 min/,
  ],
  [
    "weights that somebody changed",
    ofState(facts.idle(), { weights: known({ blue: 1, green: 99 }) }),
    "weights",
    "bad",
    /found blue 1 green 99/,
  ],
  [
    "a standby with an unhealthy target",
    ofState(facts.idle(), {
      standby: { targets: known({ healthy: 2, unhealthy: 1, initial: 0 }) },
    }),
    "green targets",
    "bad",
    /1 of 3 targets are unhealthy/,
  ],
  [
    "a live color with an unhealthy target",
    ofState(facts.idle(), { live: { targets: known({ healthy: 2, unhealthy: 1, initial: 0 }) } }),
    "blue targets",
    "warning",
    /unhealthy, and it is live/,
  ],
  [
    "targets that cannot be read",
    ofState(facts.idle(), { standby: { targets: facts.UNSEEN } }),
    "green targets",
    "unknown",
    /did not answer/,
  ],
  [
    "a red alarm of the standby",
    { alarms: known(alarmStates({ "green-p99": "ALARM" })) },
    "green alarms",
    "warning",
    /^green-p99 is red$/,
  ],
  [
    "a red alarm of the live color",
    { alarms: known(alarmStates({ "blue-p99": "ALARM" })) },
    "blue alarms",
    "warning",
    /blue-p99 is red, and blue is live/,
  ],
  [
    "an alarm that is not there",
    { alarms: known(alarmStates({ "green-p99": "missing" })) },
    "green alarms",
    "bad",
    /there is no green-p99/,
  ],
  [
    "an alarm without data of the color that has payments",
    { alarms: known(alarmStates({ "blue-p99": "INSUFFICIENT_DATA" })) },
    "blue alarms",
    "warning",
    /without data, though blue has payments: blue-p99/,
  ],
  ["alarms that may not be read", { alarms: REFUSED }, "green alarms", "unknown", /may not/],
  [
    "the same image in both colors",
    {
      images: {
        blue: known(`${IMAGE}${"1".repeat(64)}`),
        green: known(`other@sha256:${"1".repeat(64)}`),
      },
    },
    "images",
    "warning",
    /both colors run payments@sha256:111111111111: a cutover would change nothing/,
  ],
  [
    "images that may not be read",
    { images: { blue: REFUSED, green: REFUSED } },
    "images",
    "unknown",
    /may not/,
  ],
  [
    "a deployment of the standby that failed",
    {
      services: {
        blue: known({ taskArn: "t", rollout: "COMPLETED" }),
        green: known({ taskArn: "t", rollout: "FAILED" }),
      },
    },
    "green service",
    "bad",
    /its deployment is FAILED/,
  ],
  [
    "a deployment under way",
    {
      services: {
        blue: known({ taskArn: "t", rollout: "IN_PROGRESS" }),
        green: known({ taskArn: "t", rollout: "COMPLETED" }),
      },
    },
    "blue service",
    "warning",
    /IN_PROGRESS/,
  ],
  [
    "a switchover under way",
    { facts: known({ ...factsOf(facts.idle()), writer: known(DRAINING) }) },
    "writer",
    "warning",
    /a switchover is draining: so/,
  ],
  [
    "a plan with a switchover that nobody can make",
    {},
    "writer",
    "bad",
    /knows no function for it/,
    SWITCHING,
  ],
  ["nobody who listens", { listeners: known(0) }, "topic", "warning", /nobody hears/],
  ["a topic that may not be read", { listeners: REFUSED }, "topic", "unknown", /may not/],
];

describe("what would stop a cutover", () => {
  it("is nothing where all is well", () => {
    assert.deepEqual(found({}), []);
    assert.equal(diagnose(examine(doctorFacts(), NOW)).canBegin, true);
  });

  for (const [name, changes, check, verdict, finding, plan] of CASES)
    it(`finds ${name}: ${verdict}`, () => {
      const findings = found(changes, plan);
      const its = findings.find((one) => one.name === check);
      assert.ok(its !== undefined, JSON.stringify(findings));
      assert.equal(its.verdict, verdict);
      assert.match(its.finding, finding);
      if (verdict !== "unknown") assert.ok(its.fix, "says what to do");
    });

  it("begins with warnings, and neither with what is bad nor with what is not known", () => {
    const canBegin = (verdict: Check["verdict"]) =>
      diagnose([{ name: "one", verdict, finding: "so" }]).canBegin;
    assert.deepEqual((["good", "warning", "bad", "unknown"] as const).map(canBegin), [
      true,
      true,
      false,
      false,
    ]);
  });

  it("takes it for natural that alarms of a color without payments have no data", () => {
    assert.deepEqual(
      found({ alarms: known(alarmStates({ "green-p99": "INSUFFICIENT_DATA" })) }),
      [],
    );
  });

  it("asks for no payments where the plan asks for no evidence", () => {
    const none = { payments: known({ blue: noCounts(), green: noCounts(), minutes: 10 }) };
    assert.deepEqual(found(none, { ...PLAN, withoutEvidence: true }), []);
  });

  it("tells on 80 columns what stops it and what to do", () => {
    const checks: Check[] = [
      { name: "controller", verdict: "good", finding: "answers" },
      {
        name: "state",
        verdict: "bad",
        finding: "latched after a rollback, because on green, 9 of 10 payments failed",
        fix: "Find the cause.",
      },
      { name: "topic", verdict: "warning", finding: "nobody hears", fix: "Subscribe." },
      { name: "images", verdict: "unknown", finding: "not allowed" },
    ];
    const look = { width: 80, colors: pc.createColors(false), glyphs: TYPED, timeZone: "UTC" };
    assert.equal(
      diagnosisScreen("prod", diagnose(checks), look).join("\n"),
      `prod
ok controller    answers
NO state         latched after a rollback, because on green, 9 of 10 payments
                 failed
                 Find the cause.
!  topic         nobody hears
                 Subscribe.
?  images        not allowed

1 thing stops a cutover, 1 could not be looked at, 1 deserves a look.`,
    );
    for (let width = 40; width <= 120; width += 20)
      for (const line of diagnosisScreen(
        "prod",
        diagnose(examine(doctorFacts(ofState(facts.latched())), NOW)),
        { ...look, width },
      ))
        assert.ok(visibleLength(line) <= width, line);
  });
});

describe("the plan in a stack's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  after(() => rmSync(folder, { recursive: true }));

  it("is compared key by key with what is deployed, whatever the order of keys", () => {
    const text = `config:
  payments:minimumPayments: ${PLAN.limits.minimumPayments}
  payments:maxErrorsPerThousand: 11
  payments:cutoverSteps:
${PLAN.steps.map(({ weightPercent, bakeMinutes }) => `    - { bakeMinutes: ${bakeMinutes}, weightPercent: ${weightPercent} }`).join("\n")}
  payments:live: blue
`;
    writeFileSync(join(folder, "Pulumi.prod.yaml"), text);
    const plan = readFilePlan(folder, "organization/payments/prod");
    assert.ok(plan !== undefined);
    assert.deepEqual(differences(plan, PLAN), ["payments:maxErrorsPerThousand"]);
  });

  it("is nothing where there is no such file, or none that can be read", () => {
    assert.equal(readFilePlan(folder, "nowhere"), undefined);
    writeFileSync(join(folder, "Pulumi.odd.yaml"), "config: [");
    assert.equal(readFilePlan(folder, "odd"), undefined);
  });
});
