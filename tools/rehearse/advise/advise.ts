import type { Terminal } from "../../terminal/terminal";
import type { CutoverSettings } from "../cutoverSettings";
import { progressOf } from "../progress";
import { type Appraisal, appraise, type Conditions, smallestSeen } from "./appraise";
import { type Comparison, compare } from "./compare";
import { type Variant, variantsOf } from "./variants";

/** What a plan costs and buys, and what changes of it would. */
export interface Advice {
  stack: string;
  settings: CutoverSettings;
  conditions: Conditions;
  own: Appraisal;
  changes: (Pick<Variant, "name" | "how"> & { appraisal: Appraisal; comparison: Comparison })[];
}

/** Share of the payments that a release fails, in percent: all that anybody asks of. */
const PERCENTS = [100, 20, 5, 2, 1, 0.5, 0.3] as const;

/** Enough to tell one plan from another. */
const PERCENTS_FOR_CHANGES = [20, 2, 0.5] as const;

const USUAL_RUNS = 20;

/** Rehearses the plan and its variants, on the same seeds. */
export async function seekAdvice(
  asked: Conditions & { stack: string; json: boolean },
  settings: CutoverSettings,
  terminal: Terminal,
): Promise<Advice> {
  const { stack, paymentsPerHour, hour, seed, json } = asked;
  const runs = asked.runs > 1 ? asked.runs : USUAL_RUNS;
  const conditions: Conditions = {
    paymentsPerHour,
    seed,
    runs,
    ...(hour !== undefined && { hour }),
  };
  const variants = variantsOf(settings);
  const perVariant = (1 + PERCENTS_FOR_CHANGES.length) * runs;
  const all = (1 + PERCENTS.length) * runs + variants.length * perVariant;
  const progress = json ? () => {} : progressOf("rehearsals for the advice", all, terminal);
  let done = 0;
  const onRun = () => progress(++done);
  const own = await appraise(settings, conditions, PERCENTS, onRun);
  const changes: Advice["changes"] = [];
  for (const { name, how, settings: changed } of variants) {
    const appraisal = await appraise(changed, conditions, PERCENTS_FOR_CHANGES, onRun);
    changes.push({ name, how, appraisal, comparison: compare(comparable(own), appraisal) });
  }
  terminal.endDrawing();
  return { stack, settings, conditions, own, changes };
}

/** The smallest fault that is seen must be one that both were tried with. */
function comparable(own: Appraisal): Appraisal {
  const tried: readonly number[] = PERCENTS_FOR_CHANGES;
  const faults = own.faults.filter(({ failurePercent }) => tried.includes(failurePercent));
  const { smallestSeenPercent: _, ...rest } = own;
  return { ...rest, faults, ...smallestSeen(faults) };
}

export { adviceJson, adviceText } from "./text";
