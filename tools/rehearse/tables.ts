import { hurtIn } from "../../simulation/collectStory";
import type { Spread } from "../../simulation/distribution";
import { tableOf } from "../terminal/table";
import type { Terminal } from "../terminal/terminal";
import { count, duration } from "../terminal/texts";
import type { Many, Single } from "./result";

/** One row for each rehearsal. */
export function storyTable(results: readonly Single[], terminal: Terminal): string {
  const head = ["scenario", "outcome", "duration", "failed", "by the release", "fault to rollback"];
  return tableOf(
    head,
    results.map(({ scenario, story: { rehearsal } }) => {
      const { outcome, durationSeconds, counts } = rehearsal;
      const { failed, byRelease } = hurtIn(counts);
      return [
        ...[scenario.name, outcome, duration(durationSeconds), count(failed), count(byRelease)],
        faultToRollback(rehearsal.faultAtSeconds, rehearsal.secondsFromFaultToRollback),
      ];
    }),
    terminal,
  );
}

/** One row for each scenario; figures are means, and what 95 of 100 do not exceed. */
export function distributionTable(results: readonly Many[], terminal: Terminal): string {
  const head = [
    ...["scenario", "runs", "outcomes", "duration", "by the release", "fault to rollback"],
    "not as it should",
  ];
  return tableOf(
    head,
    results.map(({ scenario, distribution }) => {
      const { runs, outcomes, durationSeconds, hurt, secondsFromFaultToRollback } = distribution;
      const ends = Object.entries(outcomes).map(([outcome, times]) => `${outcome} ${count(times)}`);
      return [
        ...[scenario.name, count(runs), ends.join(", ")],
        spread(durationSeconds, duration),
        spread(hurt, (value) => count(Math.round(value * 10) / 10)),
        secondsFromFaultToRollback === undefined
          ? "-"
          : spread(secondsFromFaultToRollback, duration),
        count(distribution.unexpected.length),
      ];
    }),
    terminal,
  );
}

/** `4 min 1 s (95 %: 7 min)` */
function spread({ mean, p95 }: Spread, told: (value: number) => string): string {
  return `${told(mean)} (95 %: ${told(p95)})`;
}

function faultToRollback(faultAt: number | undefined, seconds: number | undefined): string {
  if (faultAt === undefined) return "no fault";
  return seconds === undefined ? "-" : duration(seconds);
}
