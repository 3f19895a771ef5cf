import { EVENT_LIMIT, MARKERS } from "./statements";

/** An event of the binary log, as MySQL tells of it. */
export interface LogEvent {
  /** Such as `Table_map`. */
  type: string;
  /** What is in it, as a text. */
  info: string;
}

/** Events that change nothing themselves. What rows belong to, a `Table_map` before them tells. */
const BOOKKEEPING =
  /^(Format_desc|Previous_gtids|Gtid|Anonymous_Gtid|Gtid_list|Binlog_checkpoint|Heartbeat|Xid|Rows_query|Annotate_rows|(Write|Update|Delete)_rows(_v1)?)$/;

/** Tables in which RDS keeps records of its own. */
const RDS_TABLE = /^mysql\.rds_/;

/**
 * What has been written apart from markers and RDS's own records, in words without any values. Empty
 * is the proof that nothing else was: what is not known to be harmless counts as a write.
 */
export function strays(events: LogEvent[]): string[] {
  const found = events.flatMap(strayOf);
  if (events.length >= EVENT_LIMIT) found.push(`${EVENT_LIMIT} events or more`);
  return [...new Set(found)];
}

function strayOf({ type, info }: LogEvent): string[] {
  if (BOOKKEEPING.test(type)) return [];
  if (type === "Table_map") {
    const table = info.match(/\(([^)]*)\)$/)?.[1] ?? "";
    return table === MARKERS || RDS_TABLE.test(table) ? [] : [`rows of ${table || "a table"}`];
  }
  if (type !== "Query") return [`an event ${type}`];
  if (/^(BEGIN|COMMIT)$/.test(info)) return [];
  // No more than its first words: a statement may hold anything.
  const words = info.replace(/^use [^;]*; */i, "").match(/^[a-z]+( [a-z]+)?/i)?.[0];
  return [`a statement ${words ?? "that cannot be read"}`];
}
