/** What the infrastructure and the release gate both know. Imports nothing: either side may read it. */

export const RESOURCE_TYPE = "Custom::PaymentsReleaseGate";

/**
 * When the gate answers.
 * - `attached`: when the cutover has ended, so that a failed one fails the deployment.
 * - `detached`: as soon as the cutover has been put on record; how it ends is told by the topic alone.
 */
export const RELEASE_MODES = ["attached", "detached"] as const;
export type ReleaseMode = (typeof RELEASE_MODES)[number];

/** Properties of the custom resource, beside what CloudFormation itself reads. All are texts. */
export interface ReleaseProperties {
  Environment: string;
  /** Color that should carry the payments. */
  Live: string;
  /** What runs in each color, for people who look at the stack. */
  BlueImage: string;
  GreenImage: string;
  /** ARNs of each color's ECS service, and of the task definition that it should run. */
  BlueServiceArn: string;
  GreenServiceArn: string;
  BlueTaskArn: string;
  GreenTaskArn: string;
  /** One of `RELEASE_MODES`. */
  Mode: string;
}

/** Longest that CloudFormation waits for a custom resource, in seconds (its `ServiceTimeout`). */
export const SERVICE_TIMEOUT_SECONDS = 3600;
/** Minutes after a request at which a cutover that has not ended is taken back, while there is time to say so. */
export const TAKE_BACK_MINUTES = 55;
/** Minutes after a request at which it is answered in any case: later, nobody would hear the reason. */
export const LAST_ANSWER_MINUTES = 59;
/** Longest that a start waits until the standby color can take payments, in minutes. */
export const LONGEST_WAIT_MINUTES = 15;
/** What a step takes beside its bake time, in minutes: passes on both sides of it, and late metrics. */
export const MINUTES_BESIDE_BAKE = 1;

/** What a switchover takes until the way back is proven, in minutes; most of it is AWS DMS's, by our guess. */
export const SWITCHOVER_MINUTES = 5;

/** The part of a plan that says how long it takes. */
export interface TimedStep {
  bakeMinutes: number;
  approval?: string;
  switchover?: true;
}

/** How long a cutover takes that nothing holds, in minutes. */
export function minutesOf(steps: readonly TimedStep[]): number {
  return steps.reduce((sum, { bakeMinutes, switchover }) => {
    const once = bakeMinutes + MINUTES_BESIDE_BAKE;
    return sum + (switchover ? 2 * once + SWITCHOVER_MINUTES : once);
  }, 0);
}

/** Why CloudFormation cannot wait for the end of a plan; empty when it can. */
export function attachedMistakes(steps: readonly TimedStep[]): string[] {
  const mistakes: string[] = [];
  const minutes = minutesOf(steps);
  if (minutes > TAKE_BACK_MINUTES)
    mistakes.push(
      `it takes ${minutes} minutes (bakeMinutes, and ${MINUTES_BESIDE_BAKE} more for each step), and CloudFormation waits ${TAKE_BACK_MINUTES}`,
    );
  if (steps.some(({ approval }) => approval !== undefined))
    mistakes.push("a step of it asks for approval, and CloudFormation may not wait for a person");
  return mistakes;
}
