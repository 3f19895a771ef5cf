import { otherColor } from "../../../lambdas/cutover/contract";
import type { Counts } from "../../../lambdas/cutover/ports";
import { count } from "../../terminal/texts";
import { nearness } from "../proof";
import type { Status } from "../status";
import { barRow, type Look, row } from "./look";

/** What payments have shown against what is wanted: bars that are full when something follows. */
export function evidenceRows(status: Status, look: Look): string[] {
  const { evidence } = status;
  if (evidence === undefined) return [];
  const { strength, isOfRecord } = evidence;
  const { worse, rollBackAt, notWorse, promoteAt } = strength;
  const { green, red } = look.colors;
  const then = isOfRecord ? ", as on record" : "";
  const good = `${told(notWorse)} of ${told(promoteAt)}`;
  const bad = `${told(worse)} of ${told(rollBackAt)}`;
  return [
    ...countRows(status, look),
    ...barRow(
      look,
      "proof",
      nearness(notWorse, promoteAt),
      `${good}: good enough when full${then}`,
      green,
      good,
    ),
    ...barRow(
      look,
      "doubt",
      nearness(worse, rollBackAt),
      `${bad}: taken back when full${then}`,
      red,
      bad,
    ),
  ];
}

function countRows({ evidence, move }: Status, look: Look): string[] {
  const { counts, minimumPayments = 0 } = evidence ?? {};
  if (counts === undefined || move?.target === undefined) return [];
  const { standby, live, source } = counts;
  const { target } = move;
  // Those come by the minute, and minutes late.
  const by = source === "application" ? "" : " (the load balancer's)";
  const text = `${target} ${inWords(standby)}; ${otherColor(target)} ${inWords(live)}${by}`;
  const lines = row(look, "payments", text);
  if (standby.payments >= minimumPayments) return lines;
  const share = standby.payments / minimumPayments;
  const wanted = `${count(standby.payments)} of at least ${count(minimumPayments)}`;
  return [...lines, ...barRow(look, "", share, wanted, look.colors.cyan)];
}

/** Such as `833: 3 failed, 2 slow`. */
function inWords({ payments, failures, slow, rejected }: Counts): string {
  const told = rejected > 0 ? `, ${count(rejected)} rejected` : "";
  return `${count(payments)}: ${count(failures)} failed, ${count(slow)} slow${told}`;
}

/** Two digits are enough for people. */
function told(purse: number): string {
  return purse >= 100 ? count(Math.round(purse)) : String(Number(purse.toPrecision(2)));
}
