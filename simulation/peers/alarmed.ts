import type { AlarmState } from "../alarms";
import type { Rule, Standing } from "./rule";

/** A weight, and when it is set. */
export interface ScheduledWeight {
  /** Since the first. */
  atMinute: number;
  standbyPercent: number;
}

/** A deployment that goes by the clock, and back when an alarm turns red. */
export interface AlarmedSettings {
  /** In the order of their times; the first at minute 0, the last with 100 %. */
  schedule: readonly ScheduledWeight[];
  /** How long the alarm is watched after the last of them. */
  bakeMinutes: number;
}

export interface AlarmedState extends Standing {
  beganAt: number;
  lookedAt: number;
}

export const CODE_DEPLOY_SOURCE =
  "AWS CodeDeploy user guide, predefined deployment configurations for Amazon ECS, and botocore 1.43.107 codedeploy";
export const ECS_SOURCE =
  "Amazon ECS developer guide, canary and linear deployments, and botocore 1.43.107 ecs";

const MINUTE = 60_000;
const SECOND = 1_000;

/**
 * CodeDeploy's and Amazon ECS's rule: weights by the clock, everything back on ALARM, and nothing else
 * counts. An alarm without data is not in ALARM, so the deployment goes on.
 *
 * Taken in its favor: neither says how often it asks for the alarm's state, so it is known in the second in
 * which it changes, and no request for it is throttled. With `DEPLOYMENT_STOP_ON_ALARM`, or ECS's
 * `rollback`, set.
 */
export function alarmedRule(settings: AlarmedSettings): Rule<AlarmedState, AlarmState> {
  const { schedule, bakeMinutes } = settings;
  const lastAt = schedule[schedule.length - 1]?.atMinute ?? 0;
  return {
    begin: (now) => ({ beganAt: now, lookedAt: now, standbyPercent: percentAt(schedule, 0) }),
    nextLookAt: ({ lookedAt }) => lookedAt + SECOND,
    look(state, alarm, now) {
      if (alarm === "ALARM")
        return { ...state, lookedAt: now, standbyPercent: 0, end: "rolled-back" };
      const minutes = (now - state.beganAt) / MINUTE;
      const standbyPercent = percentAt(schedule, minutes);
      const isOver = minutes >= lastAt + bakeMinutes;
      return { ...state, lookedAt: now, standbyPercent, ...(isOver && { end: "completed" }) };
    },
  };
}

function percentAt(schedule: readonly ScheduledWeight[], minutes: number): number {
  const due = schedule.filter(({ atMinute }) => atMinute <= minutes);
  return due[due.length - 1]?.standbyPercent ?? 0;
}

/** A small share first, and everything else after a while. */
export function canary(percent: number, minutes: number): ScheduledWeight[] {
  return [
    { atMinute: 0, standbyPercent: percent },
    { atMinute: minutes, standbyPercent: 100 },
  ];
}

/** Equal steps; the last one may be smaller. */
export function linear(percent: number, minutes: number): ScheduledWeight[] {
  return Array.from({ length: Math.ceil(100 / percent) }, (_, index) => ({
    atMinute: index * minutes,
    standbyPercent: Math.min((index + 1) * percent, 100),
  }));
}
