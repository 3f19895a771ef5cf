import type { Plan } from "../../lambdas/cutover/contract";
import { expectedOf } from "../../simulation/rehearsable";
import type { CutoverSettings } from "./cutoverSettings";
import type { Result } from "./result";

/** What was asked and what came of it, as JSON with stable names. */
export function resultJson(
  results: readonly Result[],
  asked: { stack: string; seed: number; runs: number; paymentsPerHour: number; hour?: number },
  { plan, live, tickSeconds }: CutoverSettings,
): string {
  const { stack, seed, runs, paymentsPerHour, hour } = asked;
  const scenarios = results.map((result) => scenarioJson(result, plan));
  const environment = { stack, plan, live, tickSeconds, paymentsPerHour, seed, runs };
  return JSON.stringify(
    { ...environment, ...(hour !== undefined && { hour }), scenarios },
    undefined,
    2,
  );
}

function scenarioJson(result: Result, plan: Plan): object {
  const { name, description } = result.scenario;
  const of = { name, description, expected: expectedOf(result.scenario, plan) };
  switch (result.kind) {
    case "skipped":
      return { ...of, skipped: result.why };
    case "many":
      return { ...of, ...changedIn(result), distribution: result.distribution };
    case "single": {
      const { rehearsal, incidents, sampleSeconds, samples } = result.story;
      return { ...of, ...changedIn(result), rehearsal, incidents, sampleSeconds, samples };
    }
  }
}

function changedIn({ changed }: { changed?: string }) {
  return changed === undefined ? {} : { changed };
}
