import { COLORS, type Plan } from "../../lambdas/cutover/contract";
import { failures } from "../../simulation/payments";
import type { Progress } from "../../simulation/rehearse";
import { count } from "../terminal/texts";

/** Where things stand, on one line. */
export function progressLine({ weightsInPlace, counts }: Progress): string {
  return COLORS.map((color) => {
    const { payments } = counts[color];
    return `${color} ${weightsInPlace[color]} %: ${count(payments)} payments, ${count(failures(counts[color]))} failed`;
  }).join("; ");
}

/** `10 % for 5 min, 50 % for 10 min, then 100 % for 15 min`. */
export function planInWords({ steps }: Plan): string {
  const words = steps.map(
    ({ weightPercent, bakeMinutes, approval, switchover }) =>
      `${weightPercent} % for ${bakeMinutes} min${approval === undefined ? "" : " and an approval"}${switchover ? " and the switchover of the databases" : ""}`,
  );
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")}, then ${words.at(-1)}`;
}
