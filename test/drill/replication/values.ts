/** A column as the binary log describes it: the protocol's number of its type, and how it is packed. */
export interface ColumnType {
  type: number;
  metadata: number;
}

/** As it is put into a statement again: whole numbers beyond a double's reach are texts. */
export type Value = string | number | Buffer | null;

const INTEGER_BYTES: { [type: number]: number } = { 1: 1, 2: 2, 9: 3, 3: 4 };
const [LONGLONG, VARCHAR, TIMESTAMP2, DATETIME2, ENUM, BLOB, STRING] = [
  8, 15, 17, 18, 247, 252, 254,
];
/** What a DATETIME is moved by, so that it sorts as bytes do. */
const DATETIME_ZERO = 0x8000000000;

/**
 * The value at a place, and where it ends. Throws on a type that no table of ours has: a replication
 * that guesses would lose data.
 */
export function readValue(
  event: Buffer,
  at: number,
  { type, metadata }: ColumnType,
): [Value, number] {
  const bytes = INTEGER_BYTES[type];
  if (bytes !== undefined) return [event.readIntLE(at, bytes), at + bytes];
  switch (type) {
    case LONGLONG:
      return [event.readBigInt64LE(at).toString(), at + 8];
    case VARCHAR:
    case STRING:
      return readText(event, at, metadata > 255 ? 2 : 1);
    case ENUM:
      return [event.readUIntLE(at, metadata), at + metadata];
    case BLOB: {
      const start = at + metadata;
      const end = start + event.readUIntLE(at, metadata);
      return [Buffer.from(event.subarray(start, end)), end];
    }
    case TIMESTAMP2:
      return withFraction(event, at + 4, metadata, fromEpoch(event.readUInt32BE(at)));
    case DATETIME2:
      return withFraction(event, at + 5, metadata, dateTime(event.readUIntBE(at, 5)));
    default:
      throw new Error(`columns of type ${type} are not replicated`);
  }
}

function readText(event: Buffer, at: number, lengthBytes: number): [string, number] {
  const start = at + lengthBytes;
  const end = start + event.readUIntLE(at, lengthBytes);
  return [event.toString("utf8", start, end), end];
}

/** The zero date is none. */
function fromEpoch(seconds: number): string {
  if (seconds === 0) return "0000-00-00 00:00:00";
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** Month and day are packed by bits, the years with 13 months each. */
function dateTime(packed: number): string {
  const value = packed - DATETIME_ZERO;
  const [date, time] = [Math.floor(value / 2 ** 17), value % 2 ** 17];
  const months = date >> 5;
  const day = [two(Math.floor(months / 13), 4), two(months % 13), two(date & 31)].join("-");
  return `${day} ${[two(time >> 12), two((time >> 6) & 63), two(time & 63)].join(":")}`;
}

function withFraction(event: Buffer, at: number, digits: number, text: string): [string, number] {
  if (digits === 0) return [text, at];
  const bytes = (digits + 1) >> 1;
  // Of an odd number of digits the last one packed is always 0.
  const packed = two(event.readUIntBE(at, bytes), bytes * 2).slice(0, digits);
  return [`${text}.${packed}`, at + bytes];
}

function two(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
