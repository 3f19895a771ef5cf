import type { Connection } from "mysql2/promise";
import { DMS_CONTROL_SCHEMA } from "../../../lambdas/bootstrap/contract";
import type { Position } from "../../../lambdas/switchover/statements";
import { rows } from "../../support/mariadb";
import type { Transaction } from "./dump";
import { isMapped } from "./mapping";
import type { RowChange, Value } from "./rowEvents";

/** A row that cannot be applied: another one is there, or none where one should be. */
export class Conflict extends Error {
  constructor(
    readonly table: string,
    readonly statement: string,
    reason: string,
  ) {
    super(`${table}: ${reason}`);
  }
}

/** Control tables, as AWS DMS makes them where it writes; the columns that somebody here reads. */
const CONTROL_TABLES = [
  `CREATE TABLE IF NOT EXISTS ${DMS_CONTROL_SCHEMA}.awsdms_txn_state (task_name VARCHAR(128) PRIMARY KEY, checkpoint VARCHAR(512))`,
  `CREATE TABLE IF NOT EXISTS ${DMS_CONTROL_SCHEMA}.awsdms_apply_exceptions (task_name VARCHAR(128), table_name VARCHAR(128), error_time TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6), statement TEXT, error TEXT)`,
  `CREATE TABLE IF NOT EXISTS ${DMS_CONTROL_SCHEMA}.awsdms_suspended_tables (task_name VARCHAR(128), table_name VARCHAR(128), suspend_reason VARCHAR(32))`,
];

/** Puts changes into the target as an ordinary session of AWS DMS's user. */
export class Applier {
  private readonly columns = new Map<string, { names: string[]; keys: string[] }>();

  constructor(
    private readonly task: string,
    private readonly source: Connection,
    private readonly target: Connection,
  ) {}

  /** Makes the control tables; `start`: from where, whatever an earlier run has left there. */
  async prepare(start: Position | undefined): Promise<void> {
    for (const sql of CONTROL_TABLES) await this.target.query(sql);
    // As rows of other time zones would be put down otherwise.
    await this.target.query("SET time_zone = '+00:00'");
    if (start !== undefined) await this.noteCheckpoint(start);
  }

  /** Where the target stands in the source's log; undefined when no run has noted it. */
  async checkpoint(): Promise<Position | undefined> {
    const found = await rows(
      this.target,
      `SELECT checkpoint FROM ${DMS_CONTROL_SCHEMA}.awsdms_txn_state WHERE task_name = '${this.task}'`,
    );
    const [file, offset] = found[0]?.[0]?.split(":") ?? [];
    return file === undefined ? undefined : { file, offset: Number(offset) };
  }

  async begin(): Promise<void> {
    await this.target.query("START TRANSACTION");
  }

  /** @returns how many changes were applied; those of tables that are not mapped are none */
  async apply({ changes }: Transaction): Promise<number> {
    const mapped = changes.filter(({ schema, table }) => isMapped(schema, table));
    for (const change of mapped) await this.applyOne(change);
    return mapped.length;
  }

  /** The position is in the same transaction: no change is applied twice, and none left out. */
  async commit(end: Position): Promise<void> {
    await this.noteCheckpoint(end);
    await this.target.query("COMMIT");
  }

  async rollback(): Promise<void> {
    await this.target.query("ROLLBACK");
  }

  async noteException({ table, statement, message }: Conflict): Promise<void> {
    await this.target.query(
      `INSERT INTO ${DMS_CONTROL_SCHEMA}.awsdms_apply_exceptions (task_name, table_name, statement, error) VALUES (?, ?, ?, ?)`,
      [this.task, table, statement, message],
    );
  }

  private async noteCheckpoint({ file, offset }: Position): Promise<void> {
    await this.target.query(
      `REPLACE INTO ${DMS_CONTROL_SCHEMA}.awsdms_txn_state (task_name, checkpoint) VALUES (?, ?)`,
      [this.task, `${file}:${offset}`],
    );
  }

  private async applyOne(change: RowChange): Promise<void> {
    const name = `${change.schema}.${change.table}`;
    const [sql, values] = statementOf(name, change, await this.columnsOf(change));
    try {
      const [result] = await this.target.query(sql, values);
      const { affectedRows } = result as { affectedRows: number };
      if (affectedRows !== 1) throw new Conflict(name, sql, `${affectedRows} rows were changed`);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === "ER_DUP_ENTRY") throw new Conflict(name, sql, message);
      throw error;
    }
  }

  /** The log has no names: the source is asked for them, as AWS DMS does. */
  private async columnsOf({ schema, table }: RowChange) {
    const known = this.columns.get(`${schema}.${table}`);
    if (known !== undefined) return known;
    const found = await rows(
      this.source,
      `SELECT column_name, column_key FROM information_schema.columns WHERE table_schema = '${schema}' AND table_name = '${table}' ORDER BY ordinal_position`,
    );
    const names = found.map(([name = ""]) => name);
    const keys = found.filter(([, key]) => key === "PRI").map(([name = ""]) => name);
    this.columns.set(`${schema}.${table}`, { names, keys });
    return { names, keys };
  }
}

function statementOf(
  table: string,
  { before, after }: RowChange,
  { names, keys }: { names: string[]; keys: string[] },
): [string, Value[]] {
  const row = before ?? after ?? [];
  // A table that was altered meanwhile has other columns than the log tells of.
  if (row.length !== names.length || keys.length === 0)
    throw new Error(`${table} has ${names.length} columns, the log ${row.length}`);
  const where = keys.map((key) => `\`${key}\` = ?`).join(" AND ");
  const keyValues = keys.map((key) => before?.[names.indexOf(key)] ?? null);
  if (before === undefined)
    return [`INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`, after ?? []];
  if (after === undefined) return [`DELETE FROM ${table} WHERE ${where}`, keyValues];
  const set = names.map((name) => `\`${name}\` = ?`).join(", ");
  return [`UPDATE ${table} SET ${set} WHERE ${where}`, [...after, ...keyValues]];
}
