import type { Weights } from "./contract";
import type { Known } from "./ports";

/** How the load balancer's weights differ from those on record, as a clause; undefined if not, or unknown. */
export function driftOf(live: Known<Weights>, intended: Weights): string | undefined {
  if (!live.known) return undefined;
  const { blue, green } = live.value;
  if (blue === intended.blue && green === intended.green) return undefined;
  return `found blue ${blue} green ${green}, on record are blue ${intended.blue} green ${intended.green}`;
}

/** The same of the percentage of clients that DNS leads to AWS. */
export function dnsDriftOf(
  read: Known<number> | undefined,
  intended: number | undefined,
): string | undefined {
  if (!read?.known || intended === undefined || read.value === intended) return undefined;
  return `DNS leads ${read.value} % of the clients to AWS, on record are ${intended} %`;
}
