import { neverSeen, type Total } from "../../simulation/campaign/total";
import { tableOf } from "../terminal/table";
import type { Terminal } from "../terminal/terminal";
import { count } from "../terminal/texts";
import type { Arguments } from "./arguments";

/** The phases, in the order in which a move goes through them. */
const PHASES = ["idle", "shifting", "migrating", "rolling-back", "migrating-back", "rolled-back"];

/** How to see one run again. */
export function replay(seed: number, { concurrency }: Arguments): string {
  return `npm run simulate -- --seed ${seed} --runs 1 --concurrency ${concurrency} --trace`;
}

/** The result for machines. */
export function resultJson(total: Total, seconds: number, asked: Arguments) {
  const violations = total.violations.map((one) => ({ ...one, replay: replay(one.seed, asked) }));
  return { ...total, violations, neverSeen: neverSeen(total), seconds: round(seconds) };
}

/** The result for people. */
export function resultText(
  total: Total,
  seconds: number,
  asked: Arguments,
  terminal: Terminal,
): string {
  const { colors } = terminal;
  const { runs, firstSeed, lastSeed, passes, invocations } = total;
  const { completed, migrated, rolledBack, answers } = total;
  const hours = round(total.virtualMinutes / 60);
  const faults = Object.entries(total.injected).map(([name, times]) => `${name} ${count(times)}`);
  const missing = neverSeen(total);
  const verdict =
    total.violations.length === 0 ? colors.green("0 violations") : colors.red(broken(total));
  return [
    `\n${count(runs)} runs, seeds ${firstSeed} to ${lastSeed}: ${count(passes)} passes in ${count(invocations)} invocations, at most ${asked.concurrency} at once`,
    `${hours} h of virtual time in ${round(seconds)} s`,
    `Cutovers: ${count(completed)} completed; migrations: ${count(migrated)} completed; ${count(rolledBack)} rolled back`,
    `Releases by CloudFormation: answered ${count(answers.SUCCESS)} times with SUCCESS, ${count(answers.FAILED)} times with FAILED`,
    `Faults: ${faults.join(", ")}`,
    coverageTable(total, terminal),
    missing.length === 0
      ? "Every decision was seen."
      : colors.yellow(`Never seen: ${missing.join(", ")}`),
    ...total.violations.map(
      ({ seed, sentences }) => `seed ${seed}: ${sentences.join("; ")}\n  ${replay(seed, asked)}`,
    ),
    verdict,
  ].join("\n");
}

function broken({ violations }: Total): string {
  return `${count(violations.length)} ${violations.length === 1 ? "run" : "runs"} with violations`;
}

/** How often each decision was reported, beside the phase that it led to. */
function coverageTable({ seen }: Total, terminal: Terminal): string {
  const codes = [...new Set(Object.values(seen).flatMap((one) => Object.keys(one)))].sort();
  const rows = codes.map((code) => [
    code,
    ...PHASES.map((phase) => count(seen[phase]?.[code] ?? 0)),
  ]);
  return tableOf(["decision", ...PHASES], rows, terminal);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
