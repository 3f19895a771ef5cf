import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { refusalOf } from "./migrationRules";
import { readStatements } from "./sqlStatements";

/** A step forward; there is none back. */
export interface Migration {
  /** Of its file; they run in the order of their names. */
  name: string;
  statements: string[];
  /** SHA-256 of the file, in hexadecimal. */
  hash: string;
}

/** Reads a folder of migrations. Throws one error that names everything in it that must not run. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const read = names.map((name) => readMigration(name, readFileSync(join(folder, name), "utf8")));
  const mistakes = read.flatMap(({ mistakes }) => mistakes);
  if (mistakes.length > 0) throw new Error(`refused, nothing was run:\n  ${mistakes.join("\n  ")}`);
  return read.map(({ migration }) => migration);
}

function readMigration(name: string, text: string): { migration: Migration; mistakes: string[] } {
  const statements = readStatements(text);
  const mistakes = statements
    .map(({ judged }) => refusalOf(judged))
    .filter((refusal) => refusal !== undefined)
    .map((refusal) => `${name}: ${refusal}`);
  if (!/^\d{4}-[\w-]+\.sql$/.test(name))
    mistakes.push(`${name}: a name must be like 0001-payments.sql`);
  const hash = createHash("sha256").update(text).digest("hex");
  return { migration: { name, statements: statements.map(({ sql }) => sql), hash }, mistakes };
}

/** Of files, by their names. */
type Hashes = { [name: string]: string | undefined };

/** Seconds to wait for another run to end. */
const PATIENCE = 30;

/** A column, table or index that is there already: a run before this one got so far, and broke off. */
const ALREADY_THERE = [1050, 1060, 1061];

/**
 * Which migrations ran in this cluster. Beside the payments' schema, of which everything is replicated: there a
 * record that is of one cluster only would fail the validation of rows, and one that is in both
 * would meet its own copy and stop replication.
 */
const RECORD = "cutover.migrations";

const CREATE_RECORD = `CREATE TABLE IF NOT EXISTS ${RECORD} (
  name VARCHAR(128) NOT NULL PRIMARY KEY,
  hash CHAR(64) NOT NULL,
  applied_at DATETIME(3) NOT NULL
) DEFAULT CHARACTER SET ascii COLLATE ascii_bin`;

/**
 * Brings a cluster's tables forward; one run at a time. What broke off goes on where it stopped.
 * @returns names of those that ran now
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<string[]> {
  await lock(connection);
  try {
    await connection.query(CREATE_RECORD);
    const due = choose(migrations, await doneIn(connection));
    for (const migration of due) await apply(connection, migration);
    return due.map(({ name }) => name);
  } finally {
    // A session that broke has freed it already.
    await connection.query("DO RELEASE_LOCK('payments.migrations')").catch(() => undefined);
  }
}

/** Also freed by the server when the session ends. */
async function lock(connection: Connection): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT GET_LOCK('payments.migrations', ?) AS got",
    [PATIENCE],
  );
  if (row?.got !== 1) throw new Error(`another migration has been running for ${PATIENCE} s`);
}

/** Those that are still to run. Throws when one that ran is another by now. */
function choose(migrations: readonly Migration[], done: Hashes): Migration[] {
  const changed = migrations.filter(({ name, hash }) => (done[name] ?? hash) !== hash);
  if (changed.length === 0) return migrations.filter(({ name }) => done[name] === undefined);
  const names = changed.map(({ name }) => name).join(", ");
  throw new Error(`changed after they ran: ${names}. Write a new migration instead.`);
}

async function doneIn(connection: Connection): Promise<Hashes> {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT name, hash FROM ${RECORD}`);
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  const { name, hash, statements } = migration;
  for (const statement of statements)
    await connection.query(statement).catch((error) => {
      if (!ALREADY_THERE.includes(error.errno)) throw new Error(`${name}: ${error.message}`);
    });
  await connection.query(
    `INSERT INTO ${RECORD} (name, hash, applied_at) VALUES (?, ?, UTC_TIMESTAMP(3))`,
    [name, hash],
  );
}
