import type { Plan } from "../../lambdas/cutover/contract";
import type { AlarmRule } from "../alarms";
import {
  alarmedRule,
  CODE_DEPLOY_SOURCE,
  canary,
  ECS_SOURCE,
  linear,
  type ScheduledWeight,
} from "./alarmed";
import { ARGO_DEFAULTS, ARGO_SOURCE, type ArgoSettings, argoRule } from "./argo";
import { alarmEyes, cloudWatchEyes, prometheusEyes } from "./eyes";
import { FLAGGER_SOURCE, flaggerRule } from "./flagger";
import { type Peer, peerOf } from "./rule";

/** Window of Flagger's built-in metrics by default, and of Argo's query here. */
const WINDOW_SECONDS = 60;

/** Argo's CloudWatch provider, where no `interval` is set (metricproviders/cloudwatch/cloudwatch.go). */
const ARGO_CLOUDWATCH_WINDOW_MINUTES = 5;

/** How many of how many minutes turn the alarm red; the deployment leaves that to the alarm. */
const ONE_OF_ONE: AlarmRule = { datapointsToAlarm: 1, evaluationPeriods: 1 };
const TWO_OF_TWO: AlarmRule = { datapointsToAlarm: 2, evaluationPeriods: 2 };
const THREE_OF_THREE: AlarmRule = { datapointsToAlarm: 3, evaluationPeriods: 3 };

/**
 * The rules that a plan is compared with. Each is held to the same share of failed payments as the plan.
 * Where its documentation leaves something open that the plan has (weights and their times of Argo
 * Rollouts, the time for which the last weight is watched), it gets the plan's.
 */
export function peersOf({ steps, limits }: Plan): Peer[] {
  const maxFailedShare = limits.maxErrorsPerThousand / 1000;
  const bakeMinutes = steps[steps.length - 1]?.bakeMinutes ?? 0;
  const argoSteps = steps.map((step) => ({
    setWeight: step.weightPercent,
    pauseMinutes: step.bakeMinutes,
  }));
  const alarmed = (deployment: Deployment, rule: AlarmRule) =>
    alarmedPeer(deployment, rule, bakeMinutes, maxFailedShare);
  return [
    flaggerPeer("flagger-default", "Flagger, default", 1, 10, maxFailedShare),
    flaggerPeer("flagger-example", "Flagger, documented example", 10, 5, maxFailedShare),
    argoPeer(argoSteps, maxFailedShare),
    argoCloudWatchPeer(argoSteps, maxFailedShare),
    ...[ONE_OF_ONE, TWO_OF_TWO, THREE_OF_THREE].map((rule) => alarmed(CODE_DEPLOY_CANARY, rule)),
    ...[ONE_OF_ONE, TWO_OF_TWO, THREE_OF_THREE].map((rule) => alarmed(CODE_DEPLOY_LINEAR, rule)),
    ...[TWO_OF_TWO, THREE_OF_THREE].map((rule) => alarmed(ECS_CANARY, rule)),
    ...[TWO_OF_TWO, THREE_OF_THREE].map((rule) => alarmed(ECS_LINEAR, rule)),
  ];
}

/** Both have an interval of a minute and a largest weight of 50 %, after which everything is promoted. */
function flaggerPeer(
  name: string,
  title: string,
  threshold: number,
  stepWeight: number,
  maxFailedShare: number,
): Peer {
  const settings = { intervalSeconds: 60, threshold, stepWeight, maxWeight: 50, maxFailedShare };
  return peerOf(
    {
      name,
      title,
      source: FLAGGER_SOURCE,
      settings: `interval 1m, threshold ${threshold}, stepWeight ${stepWeight}, maxWeight 50, request-success-rate over 1m`,
      // One minute for each weight, then one each to route everything and to be done.
      goodReleaseMinutes: 50 / stepWeight + 2,
    },
    flaggerRule(settings),
    (world) => prometheusEyes(WINDOW_SECONDS, world),
  );
}

function argoPeer(steps: ArgoSettings["steps"], maxFailedShare: number): Peer {
  return peerOf(
    {
      name: "argo-default",
      title: "Argo Rollouts, default",
      source: ARGO_SOURCE,
      settings:
        "the plan's weights and pauses, background analysis by Prometheus over 1m, interval 1m, failureLimit 0, initialDelay 1m",
      goodReleaseMinutes: minutesOf(steps),
    },
    argoRule({
      ...ARGO_DEFAULTS,
      steps,
      intervalSeconds: 60,
      // As its documentation advises, so that the first window is full: without, a query at the start has
      // no value.
      initialDelaySeconds: WINDOW_SECONDS,
      successUpTo: maxFailedShare,
      // A division of nothing by nothing would be NaN, and a failure; this is the milder case.
      noDataIs: "error",
    }),
    (world) => prometheusEyes(WINDOW_SECONDS, world),
  );
}

/** The example in docs/analysis/cloudwatch.md, with the provider's own window. */
function argoCloudWatchPeer(steps: ArgoSettings["steps"], maxFailedShare: number): Peer {
  const window = ARGO_CLOUDWATCH_WINDOW_MINUTES;
  return peerOf(
    {
      name: "argo-cloudwatch",
      title: "Argo Rollouts, CloudWatch",
      source: `${ARGO_SOURCE}, with metricproviders/cloudwatch/cloudwatch.go and docs/analysis/cloudwatch.md`,
      settings: `the plan's weights and pauses, background analysis by CloudWatch over ${window}m, interval 1m, failureLimit 3`,
      goodReleaseMinutes: minutesOf(steps),
    },
    argoRule({
      ...ARGO_DEFAULTS,
      steps,
      intervalSeconds: 60,
      initialDelaySeconds: 0,
      failureLimit: 3,
      successUpTo: maxFailedShare,
      noDataIs: "successful",
    }),
    () => cloudWatchEyes(window),
  );
}

function minutesOf(steps: ArgoSettings["steps"]): number {
  return steps.reduce((total, { pauseMinutes }) => total + pauseMinutes, 0);
}

interface Deployment {
  name: string;
  title: string;
  source: string;
  schedule: ScheduledWeight[];
  /** What the time after the last weight is called there. */
  bakes: string;
}

const CODE_DEPLOY_CANARY: Deployment = {
  name: "codedeploy-canary",
  title: "CodeDeploy Canary10Percent5Minutes",
  source: CODE_DEPLOY_SOURCE,
  schedule: canary(10, 5),
  bakes: "terminationWaitTimeInMinutes",
};
const CODE_DEPLOY_LINEAR: Deployment = {
  ...CODE_DEPLOY_CANARY,
  name: "codedeploy-linear",
  title: "CodeDeploy Linear10PercentEvery1Minutes",
  schedule: linear(10, 1),
};
const ECS_CANARY: Deployment = {
  name: "ecs-canary",
  title: "ECS CANARY",
  source: ECS_SOURCE,
  schedule: canary(5, 10),
  bakes: "bakeTimeInMinutes",
};
const ECS_LINEAR: Deployment = {
  ...ECS_CANARY,
  name: "ecs-linear",
  title: "ECS LINEAR",
  schedule: linear(10, 6),
};

function alarmedPeer(
  { name, title, source, schedule, bakes }: Deployment,
  rule: AlarmRule,
  bakeMinutes: number,
  maxFailedShare: number,
): Peer {
  const { datapointsToAlarm, evaluationPeriods } = rule;
  const lastAt = schedule[schedule.length - 1]?.atMinute ?? 0;
  return peerOf(
    {
      name: `${name}-${datapointsToAlarm}-of-${evaluationPeriods}`,
      title: `${title}, alarm ${datapointsToAlarm}/${evaluationPeriods}`,
      source,
      settings: `first ${schedule[0]?.standbyPercent} %, 100 % after ${lastAt} min, ${bakes} ${bakeMinutes}, alarm on ${datapointsToAlarm} of ${evaluationPeriods} minutes`,
      goodReleaseMinutes: lastAt + bakeMinutes,
    },
    alarmedRule({ schedule, bakeMinutes }),
    () => alarmEyes(rule, maxFailedShare),
  );
}
