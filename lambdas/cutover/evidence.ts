import type { Limits } from "./contract";
import type { ColorFacts } from "./observe";
import type { Known, TargetHealth, Traffic } from "./ports";

/**
 * What the facts say about the standby color.
 * - "worse" means that it hurts payments: take them back.
 * - "not-worse" means that there is enough evidence to go on.
 * - "not-enough-data" means neither: hold.
 */
export type Verdict = {
  kind: "worse" | "not-worse" | "not-enough-data";
  /** Stable name of the finding. */
  code: string;
  /** The finding as a clause, to stand after "because". */
  reason: string;
};

/** Judges the standby color. One red finding outweighs everything that is green or unknown. */
export function judge(facts: ColorFacts, limits: Limits): Verdict {
  const findings = [
    judgeTargets(facts.targets),
    judgeAlarms(facts.redAlarms),
    judgeTraffic(facts.traffic, limits),
  ];
  return (
    findings.find((finding) => finding.kind === "worse") ??
    findings.find((finding) => finding.kind === "not-enough-data") ??
    enough(findings.map((finding) => finding.reason).join(", "))
  );
}

/** Whether a color could take payments at all: every target answers its health check. */
export function judgeTargets(targets: Known<TargetHealth>): Verdict {
  if (!targets.known)
    return lacking("targets-unknown", `target health is unknown (${targets.reason})`);
  const { healthy, unhealthy, initial } = targets.value;
  const total = healthy + unhealthy + initial;
  if (unhealthy > 0)
    return worse("unhealthy-targets", `${unhealthy} of ${total} targets are unhealthy`);
  if (healthy === 0)
    return lacking("no-healthy-targets", `none of ${total} targets is healthy yet`);
  return enough(`${healthy} of ${total} targets are healthy`);
}

export function judgeAlarms(redAlarms: Known<string[]>): Verdict {
  if (!redAlarms.known)
    return lacking("alarms-unknown", `the alarms' state is unknown (${redAlarms.reason})`);
  if (redAlarms.value.length > 0)
    return worse(
      "alarm",
      `${redAlarms.value.join(" and ")} ${plural(redAlarms.value, "is", "are")} red`,
    );
  return enough("no alarm is red");
}

/**
 * Counts failures against the number that the limit allows for the payments seen, but never for
 * fewer than `minimumPayments`: so a gross fault shows after a handful of failures, and a single
 * failure among the first few payments does not.
 */
export function judgeTraffic(traffic: Known<Traffic>, limits: Limits): Verdict {
  if (!traffic.known)
    return lacking("traffic-unknown", `payments are not counted (${traffic.reason})`);
  const { payments, failures } = traffic.value;
  const seen = `${failures} of ${payments} payments failed`;
  const judgedOn = Math.max(payments, limits.minimumPayments);
  // Whole numbers on both sides: 27 of 3000 must not be over 9 per thousand by a rounding error.
  if (failures * 1000 > limits.maxErrorsPerThousand * judgedOn)
    return worse(
      "errors",
      `${seen}, over the limit of ${limits.maxErrorsPerThousand} per thousand`,
    );
  if (payments < limits.minimumPayments)
    return lacking(
      "few-payments",
      `${seen}, fewer than the ${limits.minimumPayments} needed to judge`,
    );
  return enough(seen);
}

function worse(code: string, reason: string): Verdict {
  return { kind: "worse", code, reason };
}

function lacking(code: string, reason: string): Verdict {
  return { kind: "not-enough-data", code, reason };
}

function enough(reason: string): Verdict {
  return { kind: "not-worse", code: "not-worse", reason };
}

function plural(list: unknown[], one: string, many: string): string {
  return list.length === 1 ? one : many;
}
