import { APPLICATION_CADENCE } from "../simulation/metrics";
import { HORIZON_SECONDS } from "../simulation/peers/trial";
import { type Bound, boundAlongPlan, boundAtFirstStep } from "./peersBound";
import { type Extent, RULES, type Rule, SMALL_FAULT, scenarioOf } from "./peersGrid";
import type { CellSummary } from "./peersSummary";
import { atTraffic, type Better, percent, type Verdict } from "./peersTargets";
import { PRODUCTION_PLAN } from "./plan";
import { machineInWords, type Results as ProgramResults, row } from "./report";
import type { Interval } from "./statistics";

export interface Report {
  date: string;
  machine: ProgramResults["machine"];
  /** How it was run, as a sentence. */
  extent: Extent & { isQuick: boolean; seconds: number };
  rules: Rule[];
  cells: CellSummary[];
  /** By the names of ours. */
  verdicts: { [rule: string]: Verdict[] };
  /** Peers that are better than that one of ours. */
  better: { [rule: string]: Better[] };
  bounds: BoundRow[];
}

/** How far one of ours is from what is possible. */
export interface BoundRow {
  rule: string;
  faultPercent: number;
  paymentsPerHour: number;
  atFirstStep: Bound;
  alongPlan: Bound;
  /** What comes on top whatever the test. */
  delays: Delays;
  measured: { seconds?: number; failed: number };
}

/** A changed rule takes one to three seconds. */
const RULE_SECONDS = 2;

/** What passes on average, in seconds, between a failure and the last payment, beside the test's own time. */
export interface Delays {
  /** Until its line is sent and can be read. */
  metrics: number;
  /** Until the next pass. */
  pass: number;
  /** Until the changed rule is in place. */
  rule: number;
}

export function delaysOf(tickSeconds: number): Delays {
  const { batch, delay } = APPLICATION_CADENCE;
  return { metrics: (batch / 2 + delay) / 1000, pass: tickSeconds / 2, rule: RULE_SECONDS };
}

export function boundRows(cells: readonly CellSummary[]): BoundRow[] {
  return cells.flatMap(({ rule, faultPercent, paymentsPerHour, fromFirstPayment, failed }) => {
    const tickSeconds = RULES.find(({ name }) => name === rule)?.tickSeconds;
    if (tickSeconds === undefined || faultPercent === 0) return [];
    const { live, standby } = scenarioOf(faultPercent);
    const { backgroundFailureRatio, releaseFailureRatio } = standby;
    const failing = {
      live: live.backgroundFailureRatio,
      standby: releaseFailureRatio + (1 - releaseFailureRatio) * backgroundFailureRatio,
    };
    const seconds = fromFirstPayment?.value;
    return [
      {
        ...{ rule, faultPercent, paymentsPerHour },
        atFirstStep: boundAtFirstStep(PRODUCTION_PLAN, paymentsPerHour, failing),
        alongPlan: boundAlongPlan(PRODUCTION_PLAN, paymentsPerHour, failing),
        delays: delaysOf(tickSeconds),
        measured: { ...(seconds !== undefined && { seconds }), failed: failed.value },
      },
    ];
  });
}

export function peersMarkdown(report: Report): string {
  const { date, machine, extent, rules, cells, verdicts, bounds } = report;
  const of = (paymentsPerHour: number) =>
    cells.filter((cell) => cell.paymentsPerHour === paymentsPerHour);
  return [
    `${date}: ${machineInWords(machine)}. ${extentInWords(extent)}`,
    "",
    ...ruleTable(rules),
    ...Object.entries(verdicts).flatMap(([rule, all]) => verdictTable(titleOf(rule), all)),
    ...boundTable(bounds.filter(({ rule }) => rule === RULES[0]?.name)),
    ...extent.traffics.flatMap((paymentsPerHour) => [
      `### ${atTraffic(paymentsPerHour)}`,
      "",
      ...healthyTable(of(paymentsPerHour)),
      ...failedTable(of(paymentsPerHour), extent),
      ...timeTable(of(paymentsPerHour), extent),
    ]),
  ].join("\n");
}

function extentInWords({ isQuick, seconds, ...extent }: Report["extent"]): string {
  const { seeds, healthyTimes, ourHealthyTimes } = extent;
  const quick = isQuick
    ? " Quick: few seeds and one traffic, to see that it works; quote no figure of it."
    : "";
  return `${seeds} seeds for each fault, ${seeds * healthyTimes} for a healthy release and for ours at ${SMALL_FAULT.faultPercent} % and ${atTraffic(SMALL_FAULT.paymentsPerHour)}, ${seeds * ourHealthyTimes} for a healthy release under ${RULES[0]?.name}, in ${seconds.toFixed(0)} s.${quick}`;
}

function ruleTable(rules: readonly Rule[]): string[] {
  return table(
    "Rules; each holds the release to the same share of failed payments:",
    ["name", "rule", "settings", "source"],
    rules.map(({ name, title, settings, source }) => [name, title, settings, source]),
  );
}

function verdictTable(title: string, all: readonly Verdict[]): string[] {
  return table(
    `Targets, ${title}:`,
    ["target", "where", "", "figures"],
    all.map(({ target, where, outcome, figures }) => [target, where, outcome, figures]),
  );
}

function boundTable(rows: readonly BoundRow[]): string[] {
  const { metrics = 0, pass = 0, rule = 0 } = rows[0]?.delays ?? {};
  return table(
    [
      `Distance to the information bound, ${titleOf(rows[0]?.rule ?? "")}. The bound is that of the relative test which knows`,
      "the fault, on average: as long as the first step's weight lasts, and along the plan's weights. On top come, on average,",
      `${metrics} s of metrics, ${pass} s until the next pass and ${rule} s of the rule; all are taken off before the ratio.`,
    ].join("\n"),
    [
      ...["an hour", "fault", "errors needed", "bound at first step, s", "along the plan, s"],
      ...["measured from first payment, s", "less delays, to bound", "failed, bound", "measured"],
    ],
    rows.map(boundCells),
  );
}

function boundCells({ atFirstStep, alongPlan, delays, measured, ...given }: BoundRow): string[] {
  const shown = (value: number | undefined) => (value === undefined ? "" : shortened(value));
  const delay = delays.metrics + delays.pass + delays.rule;
  const [bound, seconds] = [alongPlan.seconds, measured.seconds];
  const isKnown = bound !== undefined && seconds !== undefined;
  return [
    given.paymentsPerHour.toLocaleString("en-US"),
    `${given.faultPercent} %`,
    shown(atFirstStep.errors),
    shown(atFirstStep.seconds),
    shown(bound),
    shown(seconds),
    isKnown ? (Math.max(seconds - delay, 0) / bound).toFixed(1) : "",
    shown(alongPlan.failed),
    shown(measured.failed),
  ];
}

function healthyTable(cells: readonly CellSummary[]): string[] {
  return table(
    "Healthy releases:",
    ["rule", "taken back", "share, 95 % interval", "found worse", "held too long", "duration, min"],
    cells
      .filter(({ faultPercent }) => faultPercent === 0)
      .map(({ rule, trials, takenBack, takenBackShare, foundWorse, held, minutes }) => [
        rule,
        `${takenBack} of ${trials}`,
        `${percent(takenBackShare.low)} to ${percent(takenBackShare.high)}`,
        rule.startsWith("ours") ? String(foundWorse) : "",
        rule.startsWith("ours") ? String(held) : "",
        minutes === undefined ? "none completed" : minutes.toFixed(1),
      ]),
  );
}

function failedTable(cells: readonly CellSummary[], extent: Extent): string[] {
  return faultTable(
    `Payments failed because of the release within ${HORIZON_SECONDS / 3600} h of its start, mean ± half of its 95 % interval:`,
    cells,
    extent,
    ({ failed }) => withHalf(failed),
  );
}

function timeTable(cells: readonly CellSummary[], extent: Extent): string[] {
  return faultTable(
    "Share taken back; seconds from the first failed payment to the last on the standby color, mean (95 % within):",
    cells,
    extent,
    ({ takenBackShare, fromFirstFailure }) =>
      fromFirstFailure === undefined
        ? percent(takenBackShare.value)
        : `${percent(takenBackShare.value)}; ${shortened(fromFirstFailure.value)} (${fromFirstFailure.p95.toFixed(0)})`,
  );
}

function faultTable(
  title: string,
  cells: readonly CellSummary[],
  { faultPercents }: Extent,
  shown: (cell: CellSummary) => string,
): string[] {
  const faults = faultPercents.filter((fault) => fault > 0);
  const names = [...new Set(cells.map(({ rule }) => rule))];
  return table(
    title,
    ["rule", ...faults.map((fault) => `${fault} %`)],
    names.map((name) => [
      name,
      ...faults.map((fault) => {
        const cell = cells.find((one) => one.rule === name && one.faultPercent === fault);
        return cell === undefined ? "" : shown(cell);
      }),
    ]),
  );
}

function table(title: string, head: string[], rows: string[][]): string[] {
  const [first = "", ...rest] = head;
  const lines = rows.map(([name = "", ...cells]) => row(name, cells));
  return [title, "", row(first, rest), `|${"---|".repeat(head.length)}`, ...lines, ""];
}

function titleOf(name: string): string {
  return RULES.find((rule) => rule.name === name)?.title ?? name;
}

function withHalf({ value, high }: Interval): string {
  return `${shortened(value)} ± ${shortened(high - value)}`;
}

/** Three digits, but no fraction of a thousand. */
function shortened(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
