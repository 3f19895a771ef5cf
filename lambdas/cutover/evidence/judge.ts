import type { Observation } from "../observe";
import type { Cutover } from "../state";
import { compareTargets, judgeAlarms } from "./health";
import { judgeTraffic, type Strength } from "./traffic";
import { enough, type Verdict } from "./verdict";

/** Judges the standby color. One red finding outweighs everything that is green or unknown. */
export function judge(
  { now, standby, live, traffic }: Observation,
  cutover: Cutover,
): { verdict: Verdict; strength: Strength } {
  const payments = judgeTraffic(cutover, traffic, now);
  const alarms = judgeAlarms(standby.redAlarms, live.redAlarms, cutover.redBefore ?? []);
  // Of two alarms that the same trouble of both colors sets off, one turns red first.
  const isShared = payments.verdict.code === "shared-trouble" && alarms.kind === "worse";
  const findings = [
    compareTargets(standby.targets, live.targets),
    isShared ? payments.verdict : withoutEvidence(alarms, cutover),
    payments.verdict,
  ];
  const verdict =
    findings.find((finding) => finding.kind === "worse") ??
    findings.find((finding) => finding.kind === "not-enough-data") ??
    enough(findings.map((finding) => finding.reason).join(", "));
  return { verdict, strength: payments.strength };
}

/** Without payments no alarm has data: a plan that asks for no evidence cannot ask for that. */
function withoutEvidence(alarms: Verdict, { plan }: Cutover): Verdict {
  return plan.withoutEvidence && alarms.code === "alarms-unknown" ? enough(alarms.reason) : alarms;
}
