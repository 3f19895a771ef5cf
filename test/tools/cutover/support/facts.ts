import { known } from "../../../../lambdas/common/ports";
import type { Plan } from "../../../../lambdas/cutover/contract";
import { decide } from "../../../../lambdas/cutover/decide";
import type { CutoverState, DecisionRecord } from "../../../../lambdas/cutover/state";
import type { Wiring } from "../../../../lambdas/cutover/variables";
import type { Facts } from "../../../../tools/cutover/facts";
import type { Stack } from "../../../../tools/cutover/stack";
import { NOW, PLAN, type SeenChanges, seen } from "../../../support/facts";

/** What an operator's commands are tested with: all is well unless the test says otherwise. */

export const STACK: Stack = {
  name: "prod",
  choice: "--stack prod",
  environment: "prod",
  accountId: "111122223333",
  region: "us-east-1",
  cutoverFunctionName: "cutover-function-prod",
  topicArn: "arn:aws:sns:us-east-1:111122223333:cutover-topic-prod",
};

export function wiring(plan: Plan = PLAN): Wiring {
  return {
    environment: "prod",
    initialLive: "blue",
    plan,
    tickSeconds: 10,
    stateTable: "cutover-state-prod",
    topicArn: STACK.topicArn ?? "",
    ruleArn: "rule",
    loadBalancerDimension: "app/alb/1",
    targetGroupArns: { blue: "blue", green: "green" },
    alarmNames: { blue: ["blue-errors"], green: ["green-errors"] },
    switchoverFunctionArn: "",
  } as Wiring;
}

/** What is read of an environment in this state. */
export function factsOf(state: CutoverState, changes: SeenChanges = {}, plan: Plan = PLAN): Facts {
  const observation = seen(state, changes);
  return {
    stack: STACK,
    now: NOW,
    deployed: known({ state: "Active", lastUpdate: "Successful", wiring: wiring(plan) }),
    state,
    seen: observation,
    foreseen: decide(state, observation, plan),
    last: known(RECORD),
    writer: known(undefined),
  };
}

export const RECORD: DecisionRecord = {
  at: NOW - 60_000,
  code: "start",
  reason: "Started the cutover to green (release 42): 10 % to green.",
  who: "arn:aws:sts::111122223333:assumed-role/Operators/alice",
  weights: { blue: 90, green: 10 },
};
