import { type ColumnType, readValue, type Value } from "./values";

export type { Value } from "./values";

/** What a `Table_map` says: which table the rows after it belong to, and how they are written. */
export interface TableMap {
  schema: string;
  table: string;
  columns: ColumnType[];
}

/** A change of one row; an inserted row has no `before`, a deleted one no `after`. */
export interface RowChange {
  schema: string;
  table: string;
  before?: Value[];
  after?: Value[];
}

const HEADER_BYTES = 19;
const POST_HEADER_BYTES = 8;
const VARCHARS = [15, 253];
const STRINGS = [254, 247, 248];
const TWO_BYTES_OF_METADATA = [...VARCHARS, 246, 16];
/** FLOAT, DOUBLE, BLOB, JSON, TIMESTAMP2, DATETIME2, TIME2. */
const ONE_BYTE_OF_METADATA = [4, 5, 252, 245, 17, 18, 19];

/** Number of the table in this log, and what it is. Throws on an event that is cut off. */
export function readTableMap(event: Buffer): [number, TableMap] {
  let at = HEADER_BYTES + POST_HEADER_BYTES;
  const name = () => {
    const length = event.readUInt8(at);
    const text = event.toString("utf8", at + 1, at + 1 + length);
    // A zero ends it.
    at += length + 2;
    return text;
  };
  const [schema, table] = [name(), name()];
  const [count, typesAt] = readLength(event, at);
  const types = [...event.subarray(typesAt, typesAt + count)];
  const [, metadataAt] = readLength(event, typesAt + count);
  return [tableNumber(event), { schema, table, columns: withMetadata(types, event, metadataAt) }];
}

function withMetadata(types: number[], event: Buffer, metadataAt: number): ColumnType[] {
  let at = metadataAt;
  return types.map((type) => {
    if (STRINGS.includes(type)) {
      const [first, second] = [event.readUInt8(at), event.readUInt8(at + 1)];
      at += 2;
      return stringType(first, second);
    }
    if (TWO_BYTES_OF_METADATA.includes(type)) {
      at += 2;
      return { type, metadata: event.readUInt16LE(at - 2) };
    }
    if (!ONE_BYTE_OF_METADATA.includes(type)) return { type, metadata: 0 };
    at += 1;
    return { type, metadata: event.readUInt8(at - 1) };
  });
}

/** The real type of what is sent as a string, and its length, whose upper bits hide in the type. */
function stringType(first: number, second: number): ColumnType {
  if ((first & 0x30) === 0x30) return { type: first, metadata: second };
  return { type: first | 0x30, metadata: second | (((first & 0x30) ^ 0x30) << 4) };
}

export function tableNumber(event: Buffer): number {
  return event.readUIntLE(HEADER_BYTES, 6);
}

/** Rows of a `Write_rows_v1`, `Update_rows_v1` or `Delete_rows_v1`, which is what MariaDB writes. */
export function readRows(
  event: Buffer,
  kind: "insert" | "update" | "delete",
  map: TableMap,
): RowChange[] {
  const { schema, table, columns } = map;
  const [count, bitmapAt] = readLength(event, HEADER_BYTES + POST_HEADER_BYTES);
  const bitmapBytes = (count + 7) >> 3;
  let at = bitmapAt + bitmapBytes * (kind === "update" ? 2 : 1);
  const row = () => {
    const nullsAt = at;
    at += bitmapBytes;
    return columns.map((column, index): Value => {
      if ((event.readUInt8(nullsAt + (index >> 3)) & (1 << (index & 7))) !== 0) return null;
      const [value, next] = readValue(event, at, column);
      at = next;
      return value;
    });
  };
  const changes: RowChange[] = [];
  while (at < event.length) {
    const before = kind === "insert" ? {} : { before: row() };
    const after = kind === "delete" ? {} : { after: row() };
    changes.push({ schema, table, ...before, ...after });
  }
  return changes;
}

/** A length as the protocol packs it, and where it ends. */
function readLength(event: Buffer, at: number): [number, number] {
  const first = event.readUInt8(at);
  if (first < 251) return [first, at + 1];
  if (first === 252) return [event.readUInt16LE(at + 1), at + 3];
  if (first === 253) return [event.readUIntLE(at + 1, 3), at + 4];
  throw new Error(`a length of ${first} is none that a table of ours has`);
}
