import { tableOf } from "../../terminal/table";
import type { Terminal } from "../../terminal/terminal";
import { count, duration } from "../../terminal/texts";
import { planInWords } from "../words";
import type { Advice } from "./advise";
import type { FaultAppraisal } from "./appraise";
import type { Comparison } from "./compare";

/** The advice for people. */
export function adviceText(advice: Advice, terminal: Terminal): string {
  const { colors } = terminal;
  const { stack, settings, conditions } = advice;
  return [
    `${colors.bold(`The plan of ${stack}`)}: ${planInWords(settings.plan)}, at ${count(conditions.paymentsPerHour)} payments an hour.`,
    "",
    ...costs(advice),
    "",
    "A release that fails more payments than the live color, which fails 0.1 %:",
    tableOf(
      ["of its payments fail", "taken back", "from fault to rollback", "payments hurt"],
      advice.own.faults.map(faultRow),
      terminal,
    ),
    smallestInWords(advice),
    "",
    `What a change would do, each rehearsed ${conditions.runs} times on the same seeds:`,
    tableOf(
      ["change", "verdict", "a good release takes", "payments hurt by 20, 2, 0.5 %"],
      advice.changes.map(({ name, comparison }) => [
        name,
        comparison.verdict,
        longer(comparison.moreMinutes),
        comparison.hurtFactors.map(({ factor }) => `x ${factor.toFixed(2)}`).join(", "),
      ]),
      terminal,
    ),
    ...recommended(advice, terminal),
  ].join("\n");
}

function costs({ own, settings }: Advice): string[] {
  const { good, runs } = own;
  const { mean, p95 } = good.durationSeconds;
  const { releasesPerFalseRollback } = settings.plan.limits;
  const takenBack = good.outcomes["rolled-back"] ?? 0;
  return [
    `A good release takes ${duration(mean)}; 95 of 100 take no more than ${duration(p95)}.`,
    `What payments show takes back at most one good release in ${count(releasesPerFalseRollback)}; of ${count(runs)} here ${takenBack === 0 ? "none" : count(takenBack)} went back.`,
    ...good.unexpected.slice(0, 1).map(({ reason }) => `The first of them: ${reason}`),
  ];
}

function faultRow(fault: FaultAppraisal): string[] {
  const { failurePercent, takenBackRatio, hurt, secondsFromFaultToRollback: seconds } = fault;
  return [
    `${failurePercent} %`,
    `${Math.round(100 * takenBackRatio)} %`,
    seconds === undefined ? "-" : `${duration(seconds.mean)} (95 %: ${duration(seconds.p95)})`,
    `${rounded(hurt.mean)} (95 %: ${rounded(hurt.p95)})`,
  ];
}

function rounded(value: number): string {
  return value < 100 ? String(Math.round(value * 10) / 10) : count(Math.round(value));
}

function smallestInWords({ own: { smallestSeenPercent, runs } }: Advice): string {
  return smallestSeenPercent === undefined
    ? "It takes back no fault for certain: too few payments come, or its steps are too short."
    : `The smallest fault that it takes back for certain fails ${smallestSeenPercent} % of the payments (19 of 20, in ${runs} runs of each).`;
}

function longer(minutes: number): string {
  const told = duration(Math.abs(minutes) * 60);
  if (Math.abs(minutes) < 0.25) return "as long";
  return minutes > 0 ? `${told} longer` : `${told} less`;
}

const VERDICTS: { [verdict in Comparison["verdict"]]: string | undefined } = {
  better: "better: it costs hardly anything",
  trade: "a matter of taste: it buys something, and costs something",
  worse: undefined,
  same: undefined,
};

function recommended({ changes }: Advice, { colors }: Terminal): string[] {
  const worth = (["better", "trade"] as const).flatMap((verdict) =>
    changes.filter(({ comparison }) => comparison.verdict === verdict),
  );
  if (worth.length === 0) return ["No such change would buy anything: keep the plan."];
  return worth.flatMap(({ name, how, comparison: { verdict } }) => [
    `${colors.bold(capitalized(name))} would be ${VERDICTS[verdict]}.`,
    `  ${how}`,
  ]);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same for machines. */
export function adviceJson({ stack, settings, conditions, own, changes }: Advice): string {
  return JSON.stringify({ stack, ...settings, ...conditions, own, changes }, undefined, 2);
}
