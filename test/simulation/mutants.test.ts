import assert from "node:assert/strict";
import { runSeed } from "../../simulation/campaign/campaign";
import { type Mutant, mutate, withMutant } from "../support/mutant";

/**
 * Goal: a mistake in the controller does not get past the campaign. Method: each mutant is a mistake
 * that a person could make, planted in the source in memory; the campaign must find a violation.
 */

type Row = [mistake: string, file: string, from: string, to: string];

const MUTANTS: Row[] = [
  // Where a cutover may not move on.
  [
    "starts in a freeze",
    "freeze",
    "const frozen = frozenBy(plan.freeze, now);",
    "const frozen = undefined as string | undefined;",
  ],
  [
    "promotes in a freeze",
    "decide",
    "frozenBy(cutover.plan.freeze, now)",
    "undefined as string | undefined",
  ],
  [
    "starts onto targets that are unhealthy or unknown",
    "decide",
    '...(targets.kind === "not-worse" ? []',
    "...(true ? []",
  ],
  ["starts by itself", "decide", 'if (seen.request?.verb === "start")', "if (true)"],
  [
    "promotes on evidence that is unknown or too little",
    "decide",
    'if (verdict.kind !== "not-worse")\n',
    "if (false)\n",
  ],
  [
    "ignores the bake time",
    "decide",
    "if (baked < step.bakeMinutes * MINUTE && !cutover.bakeSkipped)",
    "if (false)",
  ],
  [
    "approves by itself",
    "decide",
    "if (step.approval !== undefined && cutover.approvedBy === undefined)",
    "if (false)",
  ],
  ["ignores a pause", "decide", "if (cutover.pausedBy !== undefined) return", "if (false) return"],
  [
    "moves on though the weights are not in place",
    "decide",
    "if (drift !== undefined)\n    return cutover.bakingSince",
    "if (false)\n    return cutover.bakingSince",
  ],
  [
    "completes before the last step",
    "decide",
    "if (nextIndex === cutover.plan.steps.length)",
    "if (nextIndex >= cutover.plan.steps.length - 1)",
  ],
  [
    "skips a step",
    "decide",
    "const nextIndex = cutover.stepIndex + 1;",
    "const nextIndex = Math.min(cutover.stepIndex + 2, cutover.plan.steps.length);",
  ],
  [
    "completes and keeps the old color live",
    "decide",
    "live: cutover.target, phase",
    "live: state.live, phase",
  ],
  [
    "waits for no lease when it promotes",
    "decide",
    "const lease = leaseRunning(state, now);",
    "const lease = undefined as string | undefined;",
  ],
  // Taking payments back.
  [
    "does not take back what hurts payments",
    "decide",
    'if (verdict.kind === "worse") return',
    "if (false) return",
  ],
  [
    "holds forever",
    "decide",
    "if (heldTooLong(now, since, cutover, stepAt(plan, stepIndex)))",
    "if (false)",
  ],
  ["refuses a person's rollback", "decide", 'if (seen.request?.verb === "rollback")', "if (false)"],
  [
    "rolls back to the new color",
    "decide",
    "const weights = weightsFor(state.live, 100);",
    "const weights = weightsFor(cutover.target, 100);",
  ],
  [
    "rolls back to no color at all",
    "decide",
    "const weights = weightsFor(state.live, 100);",
    "const weights = { blue: 0, green: 0 };",
  ],
  [
    "rolls back half",
    "decide",
    "const weights = weightsFor(state.live, 100);",
    "const weights = weightsFor(state.live, 50);",
  ],
  [
    "rolls back on record only",
    "decide",
    "    setWeights(weights),\n    notify(reason),",
    "    notify(reason),",
  ],
  [
    "tells people before it sets the weights of a rollback",
    "decide",
    "    setWeights(weights),\n    notify(reason),",
    "    notify(reason),\n    setWeights(weights),",
  ],
  [
    "forgets the latch",
    "decide",
    'const phase = { name: "rolled-back" as const, cutover, cause };',
    'const phase = { name: "idle" as const };',
  ],
  ["clears the latch by itself", "decide", 'return seen.request?.verb === "clear"', "return true"],
  [
    "ends a rollback without reading the weights back",
    "decide",
    "if (drift === undefined && seen.weights.known) {",
    "if (true) {",
  ],
  [
    "takes unknown weights for those of the rollback",
    "decide",
    "if (drift === undefined && seen.weights.known) {",
    "if (drift === undefined) {",
  ],
  [
    "waits for no lease when a rollback ends",
    "decide",
    "const lease = leaseRunning(state, seen.now);",
    "const lease = undefined as string | undefined;",
  ],
  [
    "leaves the weights as it finds them at rest",
    "decide",
    "if (drift !== undefined) return healDrift",
    "if (false) return healDrift",
  ],
  [
    "ends a step before the database writer has moved",
    "switchoverStep",
    "if (!stepAt(plan, stepIndex).switchover || asked?.isDone) return undefined;",
    "if (true) return undefined;",
  ],
  // Leading clients.
  [
    "leads clients on before DNS has reached them",
    "migration/decide",
    "const REACH_MILLISECONDS = DNS_REACH_SECONDS * 1000;",
    "const REACH_MILLISECONDS = 0;",
  ],
  [
    "leads clients on without evidence",
    "migration/decide",
    'if (verdict.kind !== "not-worse")\n',
    "if (false)\n",
  ],
  [
    "does not lead clients back from what hurts their payments",
    "migration/decide",
    'if (verdict.kind === "worse")\n',
    "if (false)\n",
  ],
  [
    "leads clients back on record only",
    "migration/decide",
    "    setAwsPercent(fromPercent),\n    notify(reason),",
    "    notify(reason),",
  ],
  [
    "leads clients back to nobody",
    "migration/decide",
    "{ ...state, awsPercent: fromPercent, phase },",
    "{ ...state, awsPercent: 0, phase },",
  ],
  [
    "leads clients on by itself",
    "decide",
    'if (seen.request?.verb === "migrate")',
    "if (seen.awsPercent !== undefined)",
  ],
  [
    "leaves the weights of DNS as it finds them",
    "migration/heal",
    "if (drift === undefined || isDone",
    "if (true || isDone",
  ],
  [
    "waits for no lease when clients are back",
    "migration/decide",
    "const lease = leaseRunning(state, seen.now);",
    "const lease = undefined as string | undefined;",
  ],
  // Recording and acting.
  [
    "enters a step on record only",
    "decision",
    "setWeights(weights), notify(reason)",
    "notify(reason)",
  ],
  [
    "takes what people did to a step over to the next",
    "decision",
    "const fresh: Cutover = { id,",
    "const fresh: Cutover = { ...cutover, bakingSince: undefined as never, id,",
  ],
  [
    "acts although its decision was not stored",
    "tick",
    'if (outcome !== "saved") return',
    'if (outcome === "unknown") return',
  ],
  [
    "acts although nobody knows whether its decision was stored",
    "tick",
    'if (outcome !== "saved") return',
    'if (outcome === "conflict") return',
  ],
  [
    "acts again without a record",
    "tick",
    "return !repeats || setsWeights(decision.actions) ||",
    "return !repeats ||",
  ],
  ["acts however late", "act", "if (ports.clock.now() > actsBefore)", "if (false)"],
  // A lease that is missing or too short shows in one of a thousand runs: interleavings.test.ts has it.
  [
    "stops at a weight that could not be set",
    "act",
    "} catch (error) {",
    "} catch (error) { throw error;",
  ],
];

/** The least that finds all mutants is much smaller: see how fast they are found. */
const MOST_SEEDS = 300;

async function firstToFind(): Promise<{ seed: number; violations: string[] } | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { violations } = await runSeed(seed);
    if (violations.length > 0) return { seed, violations };
  }
  return undefined;
}

describe("the campaign finds a controller that", () => {
  for (const [mistake, file, from, to] of MUTANTS)
    it(mistake, async () => {
      const mutant: Mutant = { mistake, file: `cutover/${file}`, from, to };
      const found = await withMutant(mutant, firstToFind);
      assert.ok(found, `${MOST_SEEDS} seeds found nothing`);
    });

  it("is looked for in the source as it stands: a mutant that is not there is no mutant", () => {
    const row = { mistake: "none", file: "decide", to: "" };
    assert.throws(() => mutate("a b a", { ...row, from: "a" }), /stands 2 times, not once: a/);
    assert.throws(() => mutate("a b a", { ...row, from: "c" }), /stands 0 times/);
    assert.equal(mutate("a b a", { ...row, from: "b", to: "$&" }), "a $& a");
  });
});
