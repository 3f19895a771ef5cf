import type { Known, RedAlarm, TargetHealth } from "../ports";
import { enough, lacking, type Verdict, worse } from "./verdict";

/** Whether a color could take payments at all: every target answers its health check. */
export function judgeTargets(targets: Known<TargetHealth>): Verdict {
  if (!targets.known)
    return lacking("targets-unknown", `target health is unknown (${targets.reason})`);
  const { healthy, unhealthy, initial } = targets.value;
  const total = totalOf(targets.value);
  if (unhealthy > 0)
    return worse("unhealthy-targets", `${unhealthy} of ${total} targets are unhealthy`);
  if (healthy === 0)
    return lacking("no-healthy-targets", `none of ${total} targets is healthy yet`);
  if (initial > 0)
    return lacking("starting-targets", `${healthy} of ${total} targets are healthy yet`);
  return enough(`${healthy} of ${total} targets are healthy`);
}

/** What hurts the live color's targets as much is no fault of the standby's, and no way back from it. */
export function compareTargets(standby: Known<TargetHealth>, live: Known<TargetHealth>): Verdict {
  const verdict = judgeTargets(standby);
  if (verdict.kind !== "worse" || !standby.known || !live.known) return verdict;
  if (unhealthyShare(live.value) < unhealthyShare(standby.value)) return verdict;
  const { unhealthy } = live.value;
  const ofLive = `${unhealthy} of ${totalOf(live.value)} on the live color`;
  return lacking("shared-trouble", `both colors are in trouble: ${verdict.reason}, ${ofLive}`);
}

function unhealthyShare(targets: TargetHealth): number {
  return targets.unhealthy / Math.max(totalOf(targets), 1);
}

function totalOf({ healthy, unhealthy, initial }: TargetHealth): number {
  return healthy + unhealthy + initial;
}

/**
 * An alarm counts unless the live color's alarm of its kind is red too, or it was red before the cutover
 * began: it then says nothing of the release, and the counts of payments judge alone.
 * @param redBefore names of the standby color's alarms that have been red since before the start
 */
export function judgeAlarms(
  standby: Known<RedAlarm[]>,
  live: Known<RedAlarm[]>,
  redBefore: string[],
): Verdict {
  if (!standby.known)
    return lacking("alarms-unknown", `the alarms' state is unknown (${standby.reason})`);
  const fresh = standby.value.filter(({ name }) => !redBefore.includes(name));
  const redOnLive = live.known ? live.value.map(({ name }) => name) : [];
  const own = fresh.filter(({ counterpart }) => !redOnLive.includes(counterpart));
  if (own.length > 0) return worse("alarm", areRed(own.map(({ name }) => name)));
  if (fresh.length > 0) {
    const names = fresh.flatMap(({ name, counterpart }) => [name, counterpart]);
    return lacking("shared-trouble", `both colors are in trouble: ${areRed(names)}`);
  }
  const old = standby.value.map(({ name }) => name);
  return enough(old.length === 0 ? "no alarm is red" : `${areRed(old)}, as before the start`);
}

function areRed(names: string[]): string {
  return `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} red`;
}
