import { type Color, type Plan, planMistakes, VARIABLES, type Variables } from "./contract";

/** The function's environment variables, read and checked once per cold start. */
export interface Wiring {
  environment: string;
  initialLive: Color;
  plan: Plan;
  tickSeconds: number;
  stateTable: string;
  topicArn: string;
  ruleArn: string;
  loadBalancerDimension: string;
  targetGroupArns: { [color in Color]: string };
  alarmNames: { [color in Color]: string[] };
}

/** Throws with everything that is missing or wrong; the invocation then fails and its alarm rises. */
export function readVariables(environment: { [name: string]: string | undefined }): Wiring {
  const missing = VARIABLES.filter((name) => environment[name] === undefined);
  if (missing.length > 0) throw new Error(`environment variables missing: ${missing.join(", ")}`);
  const text = environment as Variables;
  const plan = JSON.parse(text.PAYMENTS_PLAN) as Plan;
  const mistakes = planMistakes(plan);
  if (mistakes.length > 0) throw new Error(`PAYMENTS_PLAN cannot run: ${mistakes.join("; ")}`);
  return {
    environment: text.PAYMENTS_ENVIRONMENT,
    initialLive: text.PAYMENTS_INITIAL_LIVE === "green" ? "green" : "blue",
    plan,
    tickSeconds: Number(text.PAYMENTS_TICK_SECONDS),
    stateTable: text.PAYMENTS_STATE_TABLE,
    topicArn: text.PAYMENTS_TOPIC_ARN,
    ruleArn: text.PAYMENTS_RULE_ARN,
    loadBalancerDimension: text.PAYMENTS_LOAD_BALANCER_DIMENSION,
    targetGroupArns: {
      blue: text.PAYMENTS_BLUE_TARGET_GROUP_ARN,
      green: text.PAYMENTS_GREEN_TARGET_GROUP_ARN,
    },
    alarmNames: {
      blue: names(text.PAYMENTS_BLUE_ALARMS),
      green: names(text.PAYMENTS_GREEN_ALARMS),
    },
  };
}

function names(list: string): string[] {
  return list.split(",").filter((name) => name !== "");
}
