import { COLORS, type Color, type Plan, planMistakes, VARIABLES, type Variables } from "./contract";

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
  /** Function that moves the database writer; empty: none does. */
  switchoverFunctionArn: string;
  /** Where clients are led from on-premises to AWS; undefined: nowhere. */
  dns?: { zoneId: string; recordName: string };
  /** This function's own name, which Lambda gives it. */
  functionName: string;
}

/** Lambda sets it. */
const OWN_NAME = "AWS_LAMBDA_FUNCTION_NAME";

/** Throws with everything that is missing or wrong; the invocation then fails and its alarm rises. */
export function readVariables(environment: { [name: string]: string | undefined }): Wiring {
  const wanted = [...VARIABLES, OWN_NAME] as const;
  const missing = wanted.filter((name) => environment[name] === undefined);
  if (missing.length > 0) throw new Error(`environment variables missing: ${missing.join(", ")}`);
  const text = environment as Variables & { [OWN_NAME]: string };
  const plan = readPlan(text.PAYMENTS_PLAN);
  const initialLive = COLORS.find((color) => color === text.PAYMENTS_INITIAL_LIVE);
  const tickSeconds = Number(text.PAYMENTS_TICK_SECONDS);
  const mistakes: string[] = [];
  if (initialLive === undefined)
    mistakes.push(`PAYMENTS_INITIAL_LIVE must be blue or green, got ${text.PAYMENTS_INITIAL_LIVE}`);
  // A pause that is no number, or too long for a timer, would end at once: passes without a pause.
  if (!(tickSeconds > 0 && tickSeconds <= 60))
    mistakes.push(
      `PAYMENTS_TICK_SECONDS must be above 0 and up to 60, got ${text.PAYMENTS_TICK_SECONDS}`,
    );
  if (names(text.PAYMENTS_BLUE_ALARMS).length !== names(text.PAYMENTS_GREEN_ALARMS).length)
    mistakes.push(
      "PAYMENTS_BLUE_ALARMS and PAYMENTS_GREEN_ALARMS must name the same kinds of alarms, in the same order",
    );
  const { PAYMENTS_ZONE_ID: zoneId, PAYMENTS_RECORD_NAME: recordName } = text;
  if ((zoneId === "") !== (recordName === ""))
    mistakes.push(
      "PAYMENTS_ZONE_ID and PAYMENTS_RECORD_NAME must be given together, or both be empty",
    );
  const planFaults = plan === undefined ? ["it is not JSON of a plan"] : planMistakes(plan);
  if (planFaults.length > 0) mistakes.push(`PAYMENTS_PLAN cannot run: ${planFaults.join("; ")}`);
  if (plan === undefined || initialLive === undefined || mistakes.length > 0)
    throw new Error(mistakes.join(". "));
  return wiring(text, plan, initialLive, tickSeconds);
}

function readPlan(text: string): Plan | undefined {
  try {
    const plan = JSON.parse(text) as Partial<Plan> | null;
    const complete = Array.isArray(plan?.steps) && typeof plan.limits === "object" && plan.limits;
    return complete ? (plan as Plan) : undefined;
  } catch {
    return undefined;
  }
}

function wiring(
  text: Variables & { [OWN_NAME]: string },
  plan: Plan,
  initialLive: Color,
  tickSeconds: number,
): Wiring {
  return {
    environment: text.PAYMENTS_ENVIRONMENT,
    initialLive,
    plan,
    tickSeconds,
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
    switchoverFunctionArn: text.PAYMENTS_SWITCHOVER_FUNCTION_ARN,
    functionName: text[OWN_NAME],
    ...(text.PAYMENTS_ZONE_ID !== "" && {
      dns: { zoneId: text.PAYMENTS_ZONE_ID, recordName: text.PAYMENTS_RECORD_NAME },
    }),
  };
}

function names(list: string): string[] {
  return list.split(",").filter((name) => name !== "");
}
