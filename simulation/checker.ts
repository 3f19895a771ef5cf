import { COLORS, type Color, otherColor, type Weights } from "../lambdas/cutover/contract";
import type { CutoverState, Phase } from "../lambdas/cutover/state";

/** An invariant that did not hold: a fault of the controller, whatever the scenario. */
export class Violation extends Error {
  override name = "Violation";
}

/** Watches effects, not decisions: it shares no rule with the controller that it watches. */
export interface Checker {
  /** To be told of the weights by which payments are split, whenever they may have changed. */
  sawInPlace(weights: Weights): void;
  /** To be told of each write of weights that reaches the load balancer. */
  sawWrite(weights: Weights): void;
  /** To be told of each state that was stored. */
  sawStored(next: CutoverState): void;
  /**
   * Throws a `Violation` that names every invariant broken so far. Kept apart from the above,
   * because the controller rightly catches what its ports throw.
   */
  throwIfBroken(): void;
}

type PhaseName = Phase["name"];

/** The only ways from one phase to another. A completion is checked further, below. */
const EDGES: { [from in PhaseName]: PhaseName[] } = {
  idle: ["idle", "shifting"],
  shifting: ["shifting", "rolling-back", "idle"],
  "rolling-back": ["rolling-back", "rolled-back"],
  "rolled-back": ["rolled-back", "idle"],
};

/** Checks from the moment when `live` carries everything and nothing has been stored yet. */
export function createChecker(live: Color): Checker {
  const broken: string[] = [];
  const expect = (holds: boolean, sentence: string) => {
    if (!holds) broken.push(sentence);
  };
  let stored = { live, phase: "idle" as PhaseName, weights: undefined as Weights | undefined };
  let inPlace: Weights | undefined;
  /** Percent that the standby color may at most be given while a rollback runs or is latched. */
  let standbyCeiling = 100;

  function sawInPlace(weights: Weights): void {
    expect(isWhole(weights), `weights in place are ${told(weights)}`);
    inPlace = weights;
  }

  function sawWrite(weights: Weights): void {
    expect(isWhole(weights), `weights were set to ${told(weights)}`);
    expect(
      stored.weights !== undefined && equal(stored.weights, weights),
      `weights were set to ${told(weights)} without that intent on record (${told(stored.weights)})`,
    );
    const standbyWeight = weights[otherColor(stored.live)];
    const takenBack = stored.phase === "rolling-back" || stored.phase === "rolled-back";
    expect(
      !takenBack || standbyWeight <= standbyCeiling,
      `after a rollback, the standby color's weight rose from ${standbyCeiling} to ${standbyWeight}`,
    );
    standbyCeiling = takenBack ? Math.min(standbyCeiling, standbyWeight) : standbyWeight;
  }

  function sawStored(next: CutoverState): void {
    const phase = next.phase.name;
    const edge = `from ${stored.phase} to ${phase}`;
    expect(EDGES[stored.phase].includes(phase), `the phase went ${edge}`);
    const completes = stored.phase === "shifting" && phase === "idle";
    const livesChanges = next.live !== stored.live;
    expect(completes === livesChanges, `live became ${next.live} as the phase went ${edge}`);
    expect(
      !livesChanges || inPlace?.[next.live] === 100,
      `live became ${next.live} while the weights in place were ${told(inPlace)}`,
    );
    stored = { live: next.live, phase, weights: next.weights };
  }

  function throwIfBroken(): void {
    if (broken.length > 0) throw new Violation(broken.join("; "));
  }

  return { sawInPlace, sawWrite, sawStored, throwIfBroken };
}

function isWhole(weights: Weights): boolean {
  return weights.blue + weights.green === 100 && COLORS.every((color) => weights[color] >= 0);
}

function equal(left: Weights, right: Weights): boolean {
  return COLORS.every((color) => left[color] === right[color]);
}

function told(weights: Weights | undefined): string {
  return weights === undefined ? "none" : `blue ${weights.blue} green ${weights.green}`;
}
