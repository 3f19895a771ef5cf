import { EventEmitter } from "node:events";
import type { Connection } from "mysql2/promise";
import type { Position } from "../../../lambdas/switchover/statements";
import { rows } from "../../support/mariadb";
import { type RowChange, readRows, readTableMap, type TableMap, tableNumber } from "./rowEvents";

/** A transaction of the source, in the order of commits, and where the next one begins. */
export interface Transaction {
  changes: RowChange[];
  end: Position;
}

/** What a session of the protocol can do that its types do not tell. */
interface Wire {
  addCommand(command: object): void;
  writePacket(packet: object): void;
  _resetSequenceId(): void;
}

interface Packet {
  buffer: Buffer;
  offset: number;
  end: number;
  isError(): boolean;
  isEOF(): boolean;
  asError(encoding: string): Error;
}

const COM_BINLOG_DUMP = 0x12;
const KINDS: { [type: number]: "insert" | "update" | "delete" } = {
  23: "insert",
  24: "update",
  25: "delete",
};
const [QUERY, ROTATE, XID, TABLE_MAP] = [2, 4, 16, 19];
/** Row events that are packed otherwise: passed over, they would be lost. */
const UNREAD = [20, 21, 22, 30, 31, 32, 166, 167, 168, 169, 170, 171];

/**
 * Reads a server's binary log as a replica does, from a position on and without end.
 * @param replicaId number that no other replica of this server has
 * @param onEnd with the reason, once: the log cannot be read on
 */
export async function dumpBinlog(
  connection: Connection,
  { from, replicaId }: { from: Position; replicaId: number },
  onTransaction: (transaction: Transaction) => void,
  onEnd: (reason: Error) => void,
): Promise<void> {
  const checksumBytes = await agreeOnChecksum(connection);
  const reader = new Reader(from.file, onTransaction);
  const wire = (connection as unknown as { connection: Wire }).connection;
  const take = (event: Buffer) => reader.take(event.subarray(0, event.length - checksumBytes));
  wire.addCommand(new Dump({ from, replicaId }, take, onEnd));
}

/** Tells the server that its checksums are known here; how many bytes they take at an event's end. */
async function agreeOnChecksum(connection: Connection): Promise<number> {
  await connection.query("SET @master_binlog_checksum = @@global.binlog_checksum");
  const [[algorithm = ""] = []] = await rows(connection, "SELECT @master_binlog_checksum");
  return algorithm === "NONE" ? 0 : 4;
}

/** The one command, of which the server's answer never ends. */
class Dump extends EventEmitter {
  private hasBegun = false;
  private hasEnded = false;

  constructor(
    private readonly where: { from: Position; replicaId: number },
    private readonly take: (event: Buffer) => void,
    private readonly onEnd: (reason: Error) => void,
  ) {
    super();
  }

  /** Called by the session for each packet; true when the command is over. */
  execute(packet: Packet | undefined, wire: Wire): boolean {
    if (!this.hasBegun) {
      this.hasBegun = true;
      wire._resetSequenceId();
      wire.writePacket(this.request());
      return false;
    }
    if (packet === undefined || this.hasEnded) return false;
    if (packet.isError()) return this.end(packet.asError("utf8"));
    if (packet.isEOF()) return this.end(new Error("the server ended its binary log"));
    try {
      // The first byte says that it is an event. The buffer is used again.
      this.take(Buffer.from(packet.buffer.subarray(packet.offset + 1, packet.end)));
    } catch (error) {
      return this.end(error as Error);
    }
    return false;
  }

  private end(reason: Error): boolean {
    this.hasEnded = true;
    this.onEnd(reason);
    this.emit("end");
    return true;
  }

  private request() {
    const { from, replicaId } = this.where;
    const name = Buffer.from(from.file);
    const buffer = Buffer.alloc(15 + name.length);
    buffer.writeUInt8(COM_BINLOG_DUMP, 4);
    buffer.writeUInt32LE(from.offset, 5);
    buffer.writeUInt16LE(0, 9);
    buffer.writeUInt32LE(replicaId, 11);
    name.copy(buffer, 15);
    return {
      buffer,
      length: () => buffer.length,
      writeHeader: (sequence: number) => {
        buffer.writeUIntLE(buffer.length - 4, 0, 3);
        buffer.writeUInt8(sequence, 3);
      },
    };
  }
}

/** Puts events together to transactions. */
class Reader {
  private readonly tables = new Map<number, TableMap>();
  private changes: RowChange[] = [];

  constructor(
    private file: string,
    private readonly onTransaction: (transaction: Transaction) => void,
  ) {}

  take(event: Buffer): void {
    const type = event.readUInt8(4);
    const offset = event.readUInt32LE(13);
    const kind = KINDS[type];
    if (type === ROTATE) this.file = event.toString("utf8", 19 + 8);
    else if (type === TABLE_MAP) this.tables.set(...readTableMap(event));
    else if (kind !== undefined) this.changes.push(...readRows(event, kind, this.tableOf(event)));
    else if (type === XID) this.commit(offset);
    else if (type === QUERY) this.query(event, offset);
    else if (UNREAD.includes(type)) throw new Error(`events of type ${type} are not replicated`);
  }

  private tableOf(event: Buffer): TableMap {
    const map = this.tables.get(tableNumber(event));
    if (map === undefined) throw new Error("rows of a table that the log has not named");
    return map;
  }

  /** Statements change tables or accounts, which is not replicated; but the log goes on behind them. */
  private query(event: Buffer, offset: number): void {
    const schemaBytes = event.readUInt8(19 + 8);
    const statusBytes = event.readUInt16LE(19 + 11);
    const sql = event.toString("utf8", 19 + 13 + statusBytes + schemaBytes + 1);
    if (sql === "BEGIN") this.changes = [];
    else this.commit(offset);
  }

  private commit(offset: number): void {
    const { changes, file } = this;
    this.changes = [];
    this.onTransaction({ changes, end: { file, offset } });
  }
}
