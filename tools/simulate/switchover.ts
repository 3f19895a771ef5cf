import { runSwitchover } from "../../simulation/switchover/run";
import {
  addSwitchovers,
  emptySwitchovers,
  neverSeen,
  percentile,
  type SwitchoverTotal,
} from "../../simulation/switchover/total";
import { tableOf } from "../terminal/table";
import type { Terminal } from "../terminal/terminal";
import { count } from "../terminal/texts";
import type { Arguments } from "./arguments";

/** The phases, in the order in which an attempt goes through them. */
const PHASES = ["prepared", "fencing", "fenced", "draining", "drained", "sealed"];
const OTHER_PHASES = ["opening", "reversing", "steady", "aborting"];

/** Runs the switchover under faults and says what came of it. Resolves to the exit code. */
export async function simulateSwitchovers(asked: Arguments, terminal: Terminal): Promise<number> {
  const { runs, seed, json, trace } = asked;
  const total = emptySwitchovers(seed);
  const onTrace = trace && !json ? terminal.print : undefined;
  const began = performance.now();
  for (let run = 0; run < runs; run++) {
    addSwitchovers(total, await runSwitchover(seed + run, { ...(onTrace && { onTrace }) }));
    if (terminal.interactive && !json && !trace)
      terminal.draw([`${count(total.runs)} of ${count(runs)} runs, ${count(total.passes)} passes`]);
  }
  terminal.endDrawing();
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (json) terminal.print(JSON.stringify(asJson(total, seconds), undefined, 2));
  else terminal.print(asText(total, seconds, terminal));
  return total.violations.length === 0 ? 0 : 1;
}

/** How to see one run again. */
function replay(seed: number): string {
  return `npm run simulate -- --switchover --seed ${seed} --runs 1 --trace`;
}

/** Median, 99 of 100, and longest, in milliseconds. */
function pausesOf(values: number[]) {
  const [median, most, longest] = [50, 99, 100].map((percent) =>
    Math.round(percentile(values, percent)),
  );
  return { times: values.length, median, most, longest };
}

function asJson(total: SwitchoverTotal, seconds: number) {
  const { without, underFaults } = total.pauses;
  const pauses = { without: pausesOf(without), underFaults: pausesOf(underFaults) };
  const violations = total.violations.map((one) => ({ ...one, replay: replay(one.seed) }));
  return { ...total, pauses, violations, neverSeen: neverSeen(total), seconds };
}

function asText(total: SwitchoverTotal, seconds: number, terminal: Terminal): string {
  const { colors } = terminal;
  const { runs, payments, passes, completed, aborted, pauses } = total;
  const faults = Object.entries(total.injected).map(([name, times]) => `${name} ${count(times)}`);
  const missing = neverSeen(total);
  const inWords = (values: number[]) => {
    const { times, median = 0, most = 0, longest = 0 } = pausesOf(values);
    return `${count(times)} times, median ${count(median)} ms, 99 of 100 within ${count(most)} ms, longest ${count(longest)} ms`;
  };
  const broken = total.violations.length;
  return [
    `\n${count(runs)} runs from seed ${total.firstSeed}: ${count(passes)} passes, ${count(payments)} payments, ${Math.round(total.virtualMinutes / 60)} h of virtual time in ${seconds} s`,
    `Switchovers: ${count(completed)} completed, ${count(aborted)} aborted`,
    `Payments waited for a new writer, nothing going wrong: ${inWords(pauses.without)}`,
    `Under faults: ${inWords(pauses.underFaults)}`,
    `Faults: ${faults.join(", ")}`,
    coverage(total, terminal),
    missing.length === 0
      ? "Every decision was seen."
      : colors.yellow(`Never seen: ${missing.join(", ")}`),
    ...total.violations.map(
      ({ seed, sentences }) => `seed ${seed}: ${sentences.join("; ")}\n  ${replay(seed)}`,
    ),
    broken === 0 ? colors.green("0 violations") : colors.red(`${broken} runs with violations`),
  ].join("\n");
}

/** How often each decision was made, beside the phase that it led to. */
function coverage({ seen }: SwitchoverTotal, terminal: Terminal): string {
  const codes = [...new Set(Object.values(seen).flatMap((one) => Object.keys(one)))].sort();
  const phases = [...PHASES, ...OTHER_PHASES];
  const rows = codes.map((code) => [
    code,
    ...phases.map((phase) => count(seen[phase]?.[code] ?? 0)),
  ]);
  return tableOf(["decision", ...phases], rows, terminal);
}
