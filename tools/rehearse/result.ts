import type { Distribution } from "../../simulation/distribution";
import type { Scenario } from "../../simulation/scenarios";
import type { Story } from "../../simulation/story";

interface Of {
  scenario: Scenario;
  /** What of the plan is not the environment's own, as a sentence. */
  changed?: string;
}

/** One rehearsal of a scenario, with its story. */
export interface Single extends Of {
  kind: "single";
  story: Story;
}

/** Many rehearsals of a scenario. */
export interface Many extends Of {
  kind: "many";
  distribution: Distribution;
}

/** A scenario that no plan like the environment's can have. */
export interface Skipped {
  kind: "skipped";
  scenario: Scenario;
  /** As a sentence. */
  why: string;
}

export type Result = Single | Many | Skipped;
