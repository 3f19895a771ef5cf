import { otherColor, type Plan } from "../../lambdas/cutover/contract";
import { type Rehearsal, rehearse } from "../rehearse";
import type { World } from "../world";
import { type Cause, failedLater, HORIZON_SECONDS, type Trial, type TrialOptions } from "./trial";

export interface OurTrialOptions extends Omit<TrialOptions, "limits"> {
  plan: Plan;
  /** Between two passes while something moves. */
  tickSeconds: number;
}

/** Runs one release under the production controller, and tells of it as of a peer's. */
export async function tryOurs({ live = "blue", ...options }: OurTrialOptions): Promise<Trial> {
  let world: World | undefined;
  let failed = 0;
  const rehearsal = await rehearse({
    ...options,
    live,
    interpose: (ports, given) => {
      world = given;
      return ports;
    },
    // A step may be held for longer than the horizon reaches.
    onEvent: (event) => {
      if (event.kind === "progress" && event.atSeconds <= HORIZON_SECONDS)
        failed = event.counts[otherColor(live)].failedByRelease;
    },
  });
  if (world === undefined) throw new Error("the rehearsal has told of no world");
  const { outcome, durationSeconds } = rehearsal;
  return {
    end: outcome,
    durationSeconds,
    failed: failed + failedLater(world),
    ...(outcome === "rolled-back" && { cause: causeOf(rehearsal), ...timesOf(rehearsal) }),
  };
}

function timesOf(rehearsal: Rehearsal): Partial<Trial> {
  const { faultAtSeconds, firstHurtAtSeconds, secondsFromFaultToRollback } = rehearsal;
  if (faultAtSeconds === undefined || secondsFromFaultToRollback === undefined) return {};
  const takenBackAt = faultAtSeconds + secondsFromFaultToRollback;
  return {
    secondsFromFirstPayment: secondsFromFaultToRollback,
    ...(firstHurtAtSeconds !== undefined && {
      secondsFromFirstFailure: takenBackAt - firstHurtAtSeconds,
    }),
  };
}

/** Why payments were taken back, by the decision's own words. */
export function causeOf({ decisions }: Pick<Rehearsal, "decisions">): Cause {
  const rollback = decisions.find(({ code }) => code === "roll-back");
  return rollback?.reason.includes("held too long") ? "held" : "found-worse";
}
