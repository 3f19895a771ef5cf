import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Color } from "../../lambdas/cutover/contract";
import type { DecisionRecord } from "../../lambdas/cutover/state";
import type { RunReport } from "../../simulation/campaign/campaign";

/** What a controller stored during one run, as the table holds it. */
export interface History {
  schemaVersion: number;
  /** Which controller wrote it. */
  writtenBy: string;
  /** The color that carried everything at the beginning. */
  live: Color;
  stored: { record: DecisionRecord; body: string }[];
}

const FOLDER = join(__dirname, "..", "lambdas", "cutover", "histories");

export function readHistories(): [name: string, history: History][] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name, JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as History]);
}

/** A run of the campaign as a history: of each decision in each phase, the first. */
export function historyOf({ seed, options, stored }: RunReport): History {
  const seen = new Set<string>();
  const kept = stored.filter(({ record, state }) => {
    const kind = `${state.phase.name} ${record.code}`;
    return !seen.has(kind) && seen.add(kind);
  });
  return {
    schemaVersion: stored[0]?.state.schemaVersion ?? 0,
    writtenBy: `npm run simulate -- --seed ${seed}`,
    live: options.live,
    stored: kept.map(({ record, state }) => ({ record, body: JSON.stringify(state) })),
  };
}
