import type { Color } from "../lambdas/cutover/contract";
import type { Behavior } from "./behavior";
import { shareOnAws } from "./dns";
import type { World } from "./world";

/** Targets behind each color: one in each of three zones. */
const TARGETS = 3;

/** Health of a color's targets now, as the load balancer's health checks see them. */
export function targetsOf(world: World, color: Color) {
  const unhealthy = Math.round(TARGETS * behaviorOf(world, color).unhealthyTargetRatio);
  return { healthy: TARGETS - unhealthy, unhealthy, initial: 0 };
}

/** How a color treats its payments now. */
export function behaviorOf(world: World, color: Color): Behavior {
  const { now, startedAt, firstPaymentAt } = world;
  const { scenario, live } = world.options;
  const befalls = scenario.bothAt?.((now - startedAt) / 1000);
  if (color === live) return overloaded(world, { ...scenario.live, ...befalls });
  const first = firstPaymentAt[color];
  const becomes = first === undefined ? {} : scenario.standbyAt?.((now - first) / 1000);
  return overloaded(world, { ...scenario.standby, ...becomes, ...befalls });
}

function overloaded({ dns, now, options }: World, behavior: Behavior): Behavior {
  const { overload } = options.scenario;
  if (overload === undefined || dns === undefined) return behavior;
  if (shareOnAws(dns, now) <= overload.abovePercent) return behavior;
  return { ...behavior, releaseFailureRatio: overload.failureRatio };
}
