import type { Weights } from "../../lambdas/cutover/contract";
import { SWITCHOVER_RECORD } from "../../lambdas/switchover/contract";
import { type Records, recordsReader, type Trail, take } from "./aws/records";

/** One decision on record. Times are epoch milliseconds. */
export interface Entry {
  /** What it is about. */
  of: "payments" | "writer";
  at: number;
  code: string;
  /** The decision as a sentence. */
  reason: string;
  who: string;
  /** After it. @default it is about the writer */
  weights?: Weights;
  /** Percent of the clients that DNS should lead to AWS. @default there is no on-premises endpoint */
  awsPercent?: number;
}

export interface Story {
  environment: string;
  /** Oldest first. */
  entries: Entry[];
  /** Whether there are older ones within the time that was asked for. */
  isCut: boolean;
}

export interface Wanted {
  limit: number;
  /** Epoch milliseconds. @default the beginning */
  since?: number;
  /** Kinds of records. */
  kinds: (keyof Records)[];
}

/** Reads the records of both functions, of each as many as could be wanted. */
export async function readStory(trail: Trail, wanted: Wanted): Promise<Story> {
  const { limit, since = 0, kinds } = wanted;
  const found = await Promise.all(
    kinds.map(async (kind) => {
      // One more than wanted tells whether there are more.
      const records = recordsReader(trail)(kind, limit + 1);
      const taken = await take<Records[typeof kind]>(records, limit + 1, ({ at }) => at >= since);
      return taken.map((record) => entryOf(kind, record));
    }),
  );
  const all = found.flat();
  return { environment: trail.environment, ...merged(all, limit) };
}

/** The newest so many, in the order of their times; of the same time, in the order in which they came. */
export function merged(entries: Entry[], limit: number): Pick<Story, "entries" | "isCut"> {
  const newestFirst = [...entries].sort((one, other) => other.at - one.at);
  return { entries: newestFirst.slice(0, limit).reverse(), isCut: newestFirst.length > limit };
}

function entryOf(kind: keyof Records, record: Records[keyof Records]): Entry {
  const { at, code, reason, who } = record;
  const of = kind === SWITCHOVER_RECORD ? "writer" : "payments";
  return {
    ...{ of, at, code, reason, who },
    ...("weights" in record && { weights: record.weights }),
    ...("awsPercent" in record && { awsPercent: record.awsPercent }),
  };
}
