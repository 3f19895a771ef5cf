import type { Connection, RowDataPacket } from "mysql2/promise";
import { OutcomeUnknown, troubleOf, Unavailable } from "./failures";
import { hashOf, type PaymentRequest } from "./paymentRequest";
import { within } from "./within";

/** A payment as it is answered. */
export interface Payment {
  id: string;
  amount: number;
  currency: string;
  merchantId: string;
  /** ISO 8601, UTC, with milliseconds. */
  createdAt: string;
}

/** What came of a request: a new payment, the answer that its key got before, or a key used twice. */
export type Outcome = { kind: "made" | "repeated"; answer: string } | { kind: "other-request" };

/** Runs one statement. Rejects as the server does, and when it takes too long. */
export type Run = (sql: string, values?: string[]) => Promise<RowDataPacket[]>;

/** @param timeout of a statement, in milliseconds; a session in which one was too long is lost */
export function runIn(connection: Connection, timeout: number): Run {
  return async (sql, values) => {
    const running =
      values === undefined
        ? connection.query<RowDataPacket[]>(sql)
        : connection.execute<RowDataPacket[]>(sql, values);
    const [rows] = await within(timeout, running);
    return rows;
  };
}

/**
 * Makes a payment, or finds what its key has made before. The key and the payment are in one
 * transaction: either both are there or neither, in whichever database they end up. Rejects with
 * `OutcomeUnknown` when COMMIT was sent and not answered; no payment is said to be made before.
 */
export async function makePayment(
  run: Run,
  request: PaymentRequest,
  payment: Payment,
): Promise<Outcome> {
  const answer = JSON.stringify(payment);
  await run("START TRANSACTION");
  try {
    await insertKey(run, request, payment, answer);
  } catch (error) {
    if (troubleOf(error) !== "duplicate") throw error;
    await run("ROLLBACK");
    return findOutcome(run, request);
  }
  await insertPayment(run, payment);
  await commit(run);
  return { kind: "made", answer };
}

/** The payment with this id; undefined when there is none. */
export async function findPayment(run: Run, id: string): Promise<Payment | undefined> {
  const [row] = await run(
    "SELECT id, amount, currency, merchant_id, created_at FROM payment WHERE id = ?",
    [id],
  );
  if (row === undefined) return undefined;
  return {
    id: row.id,
    amount: Number(row.amount),
    currency: row.currency,
    merchantId: row.merchant_id,
    createdAt: row.created_at.toISOString(),
  };
}

/** First, since whoever comes second with the same key waits here for the first one's COMMIT. */
function insertKey(run: Run, request: PaymentRequest, payment: Payment, answer: string) {
  return run(
    "INSERT INTO idempotency (merchant_id, idempotency_key, request_hash, answer, created_at) VALUES (?, ?, ?, ?, ?)",
    [request.merchantId, request.idempotencyKey, hashOf(request), answer, inSql(payment.createdAt)],
  );
}

function insertPayment(run: Run, payment: Payment) {
  return run(
    "INSERT INTO payment (id, amount, currency, merchant_id, created_at) VALUES (?, ?, ?, ?, ?)",
    [
      payment.id,
      String(payment.amount),
      payment.currency,
      payment.merchantId,
      inSql(payment.createdAt),
    ],
  );
}

async function commit(run: Run): Promise<void> {
  try {
    await run("COMMIT");
  } catch (error) {
    // A server that takes no writes has rolled back, and says so. All else may have been carried out.
    if (troubleOf(error) === "fenced") throw error;
    throw new OutcomeUnknown(error);
  }
}

async function findOutcome(run: Run, request: PaymentRequest): Promise<Outcome> {
  const [row] = await run(
    "SELECT request_hash, answer FROM idempotency WHERE merchant_id = ? AND idempotency_key = ?",
    [request.merchantId, request.idempotencyKey],
  );
  // It was there a moment ago.
  if (row === undefined) throw new Unavailable("contended");
  if (row.request_hash !== hashOf(request)) return { kind: "other-request" };
  return { kind: "repeated", answer: row.answer };
}

function inSql(iso: string): string {
  return iso.replace("T", " ").replace("Z", "");
}
