import { COLORS, type Color, otherColor } from "../../lambdas/cutover/contract";
import { type Cluster, isOpen } from "./clusters";

/**
 * What must hold whatever happens. It sees payments and databases, and knows nothing of the function
 * that is tested.
 */
export interface Ledger {
  /** A client was told of its payment. */
  acknowledged(key: string, payment: string): void;
  /** A payment was committed there. */
  committed(color: Color, at: number): void;
  /** Replication has written there. */
  applied(color: Color): void;
  /** Replication met a row that was there already. */
  conflict(color: Color, key: string): void;
  /** Looks at what the databases would let happen. To be called after each change. */
  look(): void;
  /** What was broken, as sentences. */
  broken: string[];
  payments(): number;
  /** Milliseconds from the last commit in one cluster to the first in the other, each time. */
  pauses: number[];
  /** Holds the acknowledged payments against the rows of one cluster. */
  settle(writer: Color): void;
}

export function createLedger(clusters: { [color in Color]: Cluster }): Ledger {
  const told: { [key: string]: string } = {};
  const broken: string[] = [];
  const pauses: number[] = [];
  let last: { color: Color; at: number } | undefined;
  const isBroken = (what: string) => {
    if (!broken.includes(what)) broken.push(what);
  };

  function checkHandOver(from: Color, to: Color): void {
    const [old, next] = [clusters[from].rows, clusters[to].rows];
    const missing = Object.keys(old).filter((key) => next[key] !== old[key]);
    if (missing.length > 0)
      isBroken(`${to} took payments without ${missing.length} of ${from}'s, such as ${missing[0]}`);
  }

  return {
    broken,
    pauses,
    payments: () => Object.keys(told).length,
    acknowledged(key, payment) {
      if (told[key] !== undefined && told[key] !== payment)
        isBroken(`payment ${key} was made twice`);
      told[key] = payment;
    },
    committed(color, at) {
      if (last !== undefined && last.color !== color) {
        checkHandOver(last.color, color);
        pauses.push(at - last.at);
      }
      last = { color, at };
    },
    applied(color) {
      if (isOpen(clusters[color])) isBroken(`replication wrote to ${color}, which takes payments`);
    },
    conflict: (color, key) => isBroken(`replication brought ${key} to ${color}, which had it`),
    look() {
      if (COLORS.every((color) => isOpen(clusters[color])))
        isBroken("both clusters could take payments");
    },
    settle(writer) {
      const { rows } = clusters[writer];
      const lost = Object.entries(told).filter(([key, payment]) => rows[key] !== payment);
      if (lost.length > 0)
        isBroken(`${lost.length} acknowledged payments are not in ${writer}, such as ${lost[0]}`);
      if (last !== undefined) checkHandOver(otherColor(writer), writer);
    },
  };
}
