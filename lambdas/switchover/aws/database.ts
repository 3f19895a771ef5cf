import type { Statement } from "../../bootstrap/statements";
import { outcomeIsUnknown } from "../../common/aws/client";
import { exactRows } from "../../common/aws/dataApi";
import { COMPARED, LINTS, type Row } from "../lint";
import type { Accounts, Database, Fence, Outcome, Troubles, Written } from "../ports";
import { attempt, type Known, known } from "../ports";
import { type Answers, CHECK_NAMES, type CheckName } from "../preflight";
import * as statements from "../statements";
import { strays } from "../strays";

/** Longest wait for an answer, in milliseconds: payments wait too, and the next pass asks again. */
const STATEMENT_MILLISECONDS = 5_000;

/** Errors of the RDS Data API after which a statement may have run, though they blame the caller. */
const MAYBE_RUN = /^StatementTimeoutException$/;
const CONNECTION_LOST = /communications link|lost connection|connection (was )?(closed|reset)/i;

/** Errors after which a question may be asked again, how often, and after which pause. */
const THROTTLED = /^(Throttling|TooManyRequests)/;
const TRIES = 4;
const PAUSE_MILLISECONDS = 50;

/** A cluster, and as whom statements run in it. */
export interface DatabaseAccess {
  clusterArn: string;
  /** Secret of the administrator, or of the cluster's master user. */
  secretArn: string;
}

type Ask = (statement: Statement) => Promise<Row[]>;

/** One cluster through the RDS Data API: no network of ours, no password in our hands. */
export function dataApiDatabase(access: DatabaseAccess): Database {
  const { clusterArn, secretArn } = access;
  const send = exactRows(clusterArn, secretArn, STATEMENT_MILLISECONDS);
  const ask: Ask = ({ sql }) => send(sql);
  const question: Ask = (statement) => askAgain(ask, statement);
  const act = (statement: Statement) => carryOut(ask, access, statement);
  return {
    setReadOnly: (readOnly) => act(statements.readOnlyStatement(readOnly)),
    setLocked: (users, locked) => act(statements.lockStatement(users, locked)),
    writeMarker: (marker) => act(statements.markerStatement(marker)),
    endSessions: async (users) => {
      const sessions = await listSessions(ask, access, users);
      if (sessions === "unknown") return "unknown";
      // All at once: payments wait. What was refused is told when all have been sent.
      const ends = await Promise.allSettled(
        sessions.map((id) => act(statements.killStatement(id))),
      );
      const refused = ends.find((end) => end.status === "rejected");
      if (refused !== undefined) throw refused.reason;
      const isKnown = ends.every((end) => end.status === "fulfilled" && end.value === "done");
      return isKnown ? "done" : "unknown";
    },
    readFence: () => answered(async () => fenceOf(await question(statements.FENCE_QUESTION))),
    readAccounts: (users) =>
      answered(async () => accountsOf(await question(statements.accountsQuestion(users)))),
    countSessions: (users) =>
      answered(async () => (await question(statements.sessionsQuestion(users))).length),
    countTransactions: (users) =>
      answered(async () => count(await question(statements.transactionsQuestion(users)))),
    countPreparedXa: () => answered(async () => (await question(statements.XA_QUESTION)).length),
    hasMarker: (id) =>
      answered(async () => (await question(statements.markerQuestion(id))).length > 0),
    heartbeatAge: (from) =>
      answered(async () => ageOf(await question(statements.heartbeatQuestion(from)))),
    readPosition: () => answered(() => position(question)),
    readWritten: (since) => answered(() => writtenSince(question, since)),
    readTroubles: () =>
      answered(async () => troublesOf(await question(statements.TROUBLES_QUESTION))),
    readAnswers: () => readAnswers(question),
  };
}

/** Refused for coming too fast, a question is asked again at once: payments may wait for the answer. */
async function askAgain(ask: Ask, statement: Statement): Promise<Row[]> {
  for (let tries = 1; ; tries++)
    try {
      return await ask(statement);
    } catch (error) {
      const isThrottled = error instanceof Error && THROTTLED.test(error.name);
      if (!isThrottled || tries === TRIES) throw error;
      await new Promise((wake) => setTimeout(wake, tries * PAUSE_MILLISECONDS));
    }
}

async function carryOut(
  ask: Ask,
  { clusterArn }: DatabaseAccess,
  statement: Statement,
): Promise<Outcome> {
  try {
    await ask(statement);
    return "done";
  } catch (error) {
    const { name = "", message = "" } = (error ?? {}) as { name?: string; message?: string };
    // A session that has gone by itself is what was wanted.
    if (/unknown thread id/i.test(message)) return "done";
    if (MAYBE_RUN.test(name) || CONNECTION_LOST.test(message) || outcomeIsUnknown(error))
      return "unknown";
    throw new Error(`${clusterArn}: could not ${statement.what}: ${name}: ${message}`);
  }
}

async function listSessions(
  ask: Ask,
  { clusterArn }: DatabaseAccess,
  users: Parameters<Database["endSessions"]>[0],
): Promise<number[] | "unknown"> {
  const question = statements.sessionsQuestion(users);
  try {
    return (await ask(question)).map(([id]) => whole(id));
  } catch (error) {
    if (outcomeIsUnknown(error)) return "unknown";
    const { name, message } = error as Error;
    throw new Error(`${clusterArn}: could not ${question.what}: ${name}: ${message}`);
  }
}

function answered<T>(read: () => Promise<T>): Promise<Known<T>> {
  return attempt(async () => known(await read()));
}

function fenceOf([row]: Row[]): Fence {
  const [readOnly, innodbReadOnly, serverId] = row ?? [];
  if (flag(innodbReadOnly)) throw new Error(`${serverId} only reads: it is not the writer`);
  if (serverId === undefined || serverId === "NULL") throw new Error("no instance is named");
  return { readOnly: flag(readOnly), serverId };
}

function accountsOf(rows: Row[]): Accounts {
  if (rows.length === 0) throw new Error("there are no such accounts");
  // Whatever is not said to be locked is open.
  const named = (isLocked: boolean) =>
    rows
      .filter(([, , locked]) => (locked === "Y") === isLocked)
      .map(([name, host]) => `${name}@${host}`);
  return { locked: named(true), open: named(false) };
}

function ageOf([row]: Row[]): number {
  const [microseconds = "NULL"] = row ?? [];
  if (microseconds === "NULL") throw new Error("no heartbeat has come");
  // Below zero where the clocks differ.
  const sign = microseconds.startsWith("-") ? -1 : 1;
  return (sign * whole(microseconds.replace(/^-/, ""))) / 1000;
}

function troublesOf([row]: Row[]): Troubles {
  const [exceptions, suspendedTables] = row ?? [];
  return { exceptions: whole(exceptions), suspendedTables: whole(suspendedTables) };
}

async function position(ask: Ask): Promise<statements.Position> {
  const [row] = await ask(statements.POSITION_QUESTION);
  const [file, offset] = row ?? [];
  if (file === undefined || file === "") throw new Error("the cluster writes no binary log");
  return { file, offset: whole(offset) };
}

async function writtenSince(ask: Ask, since: statements.Position): Promise<Written> {
  const now = await position(ask);
  if (now.file !== since.file)
    return { position: now, strays: [`a log that goes on in ${now.file}`] };
  if (now.offset < since.offset) return { position: now, strays: ["a log that is shorter"] };
  if (now.offset === since.offset) return { position: now, strays: [] };
  const events = await ask(statements.eventsQuestion(since));
  if (events.length === 0) throw new Error("the binary log shows no events though it has grown");
  const found = strays(events.map(([, , type = "", , , info = ""]) => ({ type, info })));
  return { position: now, strays: found };
}

async function readAnswers(ask: Ask): Promise<Answers> {
  const answers: { [check: string]: Known<Row[]> } = {};
  for (const check of CHECK_NAMES)
    answers[check] = await answered(() => ask({ what: check, sql: sqlOf(check) }));
  return answers as Answers;
}

function sqlOf(check: CheckName): string {
  return check === "columns" || check === "indexes" ? COMPARED[check] : LINTS[check].sql;
}

function count([row]: Row[]): number {
  return whole(row?.[0]);
}

/** A whole number, exactly. Throws on anything else: a count that cannot be read is not zero. */
function whole(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new Error(`expected a whole number, got ${text ?? "nothing"}`);
  return value;
}

function flag(text: string | undefined): boolean {
  if (/^(1|on|true)$/i.test(text ?? "")) return true;
  if (/^(0|off|false)$/i.test(text ?? "")) return false;
  throw new Error(`expected 0 or 1, got ${text ?? "nothing"}`);
}
