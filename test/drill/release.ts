import { setTimeout as pause } from "node:timers/promises";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import {
  type Color,
  DEFAULT_LIMITS,
  otherColor,
  type Plan,
  TABLE_KEYS,
  type Variables,
} from "../../lambdas/cutover/contract";
import type { CutoverState } from "../../lambdas/cutover/state";
import type { Random } from "../../simulation/random";
import { alarmNames } from "../emulator/resources";
import { awsEnvironment } from "../support/moto";
import { startProxy } from "../support/proxy";
import { ENVIRONMENT } from "./aws";
import type { Fault } from "./faults";
import { Functions } from "./functions";
import { MetricsFeed, SLOW_MILLISECONDS } from "./metricsFeed";
import { switchOver, type Tried } from "./switchOver";
import { type DrillWorld, FUNCTION_NAME } from "./world";

/**
 * A plan of minutes instead of hours, with the switchover in its middle. A limit so high that few payments
 * show that it is kept; and for the pause, which hits both colors alike, one that bears it.
 */
const PLAN: Plan = {
  steps: [
    { weightPercent: 10, bakeMinutes: 0.1 },
    { weightPercent: 50, bakeMinutes: 0.1, switchover: true },
    { weightPercent: 100, bakeMinutes: 0.1 },
  ],
  limits: {
    ...DEFAULT_LIMITS,
    maxErrorsPerThousand: 40,
    minimumPayments: 50,
    longestHoldMinutes: 10,
    maxP99Milliseconds: SLOW_MILLISECONDS,
  },
};

const TICK_SECONDS = 1;
/** As in AWS: the schedule comes each minute, and an invocation lasts nearly as long. */
const SCHEDULE_MILLISECONDS = 20_000;
const INVOCATION_SECONDS = 28;
const LOOK_MILLISECONDS = 500;
const LONGEST_MILLISECONDS = 15 * 60_000;

/** How a release went. */
interface Released {
  ended: "completed" | "rolled-back";
  /** Codes of the controller's decisions on the way. */
  decisions: string[];
}

/** What a release is among the faults: nothing goes wrong. */
export const RELEASE: Fault = {
  name: "release",
  about:
    "the cutover controller moves the payments by their evidence, and the writer in the middle",
  expected: "switched",
  arrange: ({ strike }) => {
    strike();
    return () => {};
  },
};

/** Releases a color with the switchover in the middle. Throws when the release is taken back. */
export async function releaseTo(world: DrillWorld, to: Color, random: Random): Promise<Tried> {
  let releasing: Promise<Released> | undefined;
  const tried = await switchOver(world, to, RELEASE, random, async (_, __, epoch) => {
    releasing = release(world, otherColor(to));
    // Looked at below; it may fail while the writer is waited for.
    releasing.catch(() => {});
    const isAsked = async () => ((await world.aws.state())?.epoch ?? 0) > epoch;
    while (!(await Promise.race([isAsked(), releasing.then(() => true)])))
      await pause(LOOK_MILLISECONDS);
    return [];
  });
  const released = await releasing;
  if (released?.ended !== "completed")
    throw new Error(`the release of ${to} was taken back: ${released?.decisions.join(", ")}`);
  return tried;
}

const CUTOVER_NAME = "cutover-drill";

/** What Lambda tells a function of itself. */
interface OwnName {
  AWS_LAMBDA_FUNCTION_NAME: string;
}

/** The cutover controller releases a color: it moves the payments, and the writer in the middle. */
async function release(world: DrillWorld, live: Color): Promise<Released> {
  const { aws } = world;
  const proxy = await startProxy(aws.url);
  const feed = new MetricsFeed(aws.clients.cloudwatch, world.instances);
  const environment = { ...awsEnvironment(proxy.url), ...variables(world, live) };
  const cutover = new Functions({
    program: "cutoverSandbox",
    timeoutSeconds: INVOCATION_SECONDS,
    variablesOf: () => ({ ...environment, AWS_ENDPOINT_URL_LAMBDA: world.functions.url }),
  });
  world.functions.others.set(CUTOVER_NAME, cutover);
  const close = () => {
    world.functions.others.delete(CUTOVER_NAME);
    cutover.close();
    feed.close();
    proxy.close();
  };
  world.onStop(close);
  try {
    const { result } = await cutover.invoke({ verb: "start", who: "drill", why: "a release" });
    const { answer } = result as { answer?: { code?: string } };
    if (answer?.code !== "start")
      throw new Error(`no release could be started: ${JSON.stringify(result).slice(0, 500)}`);
    cutover.schedule(SCHEDULE_MILLISECONDS);
    return await follow(world);
  } finally {
    close();
  }
}

async function follow(world: DrillWorld): Promise<Released> {
  const decisions: string[] = [];
  const until = performance.now() + LONGEST_MILLISECONDS;
  for (;;) {
    const state = await stateOf(world);
    if (state?.lastCode !== undefined && state.lastCode !== decisions.at(-1)) {
      decisions.push(state.lastCode);
      world.note(`the cutover: ${state.lastCode} (${state.weights.blue}/${state.weights.green})`);
    }
    const { name } = state?.phase ?? { name: "idle" };
    const isOver = decisions.length > 1 && (name === "idle" || name === "rolled-back");
    if (isOver) return { ended: name === "idle" ? "completed" : "rolled-back", decisions };
    if (performance.now() > until) throw new Error(`the release is still ${state?.lastCode}`);
    await pause(LOOK_MILLISECONDS);
  }
}

async function stateOf({ aws }: DrillWorld): Promise<CutoverState | undefined> {
  const command = new dynamodb.GetItemCommand({
    TableName: aws.table,
    Key: {
      [TABLE_KEYS.partition]: { S: `cutover#${ENVIRONMENT}` },
      [TABLE_KEYS.sort]: { S: "state" },
    },
    ConsistentRead: true,
  });
  const text = (await aws.clients.dynamodb.send(command)).Item?.body?.S;
  return text === undefined ? undefined : (JSON.parse(text) as CutoverState);
}

function variables({ aws }: DrillWorld, live: Color): Variables & OwnName {
  const { service } = aws;
  return {
    PAYMENTS_ENVIRONMENT: ENVIRONMENT,
    PAYMENTS_INITIAL_LIVE: live,
    PAYMENTS_PLAN: JSON.stringify(PLAN),
    PAYMENTS_TICK_SECONDS: String(TICK_SECONDS),
    PAYMENTS_STATE_TABLE: aws.table,
    PAYMENTS_TOPIC_ARN: aws.topicArn,
    PAYMENTS_RULE_ARN: service.ruleArn,
    PAYMENTS_LOAD_BALANCER_DIMENSION: service.loadBalancer,
    PAYMENTS_BLUE_TARGET_GROUP_ARN: service.targetGroupArns.blue,
    PAYMENTS_GREEN_TARGET_GROUP_ARN: service.targetGroupArns.green,
    PAYMENTS_BLUE_ALARMS: alarmNames("blue").join(","),
    PAYMENTS_GREEN_ALARMS: alarmNames("green").join(","),
    PAYMENTS_ZONE_ID: "",
    PAYMENTS_RECORD_NAME: "",
    PAYMENTS_SWITCHOVER_FUNCTION_ARN: `arn:aws:lambda:us-east-1:123456789012:function:${FUNCTION_NAME}`,
    AWS_LAMBDA_FUNCTION_NAME: CUTOVER_NAME,
  };
}
