import type { Sent } from "./load";

/** The rows of a cluster: what is a payment there, and what the keys were answered. */
export interface Rows {
  payments: { id: string; amount: number; merchantId: string }[];
  keys: { merchantId: string; key: string; id: string }[];
}

/** What the comparison has found; all are empty when nothing is wrong. */
export interface Findings {
  /** Keys of acknowledged payments of which there is no row with that id, amount and merchant. */
  lost: string[];
  /** Keys of which there is more than one payment. */
  doubled: string[];
  /** Keys whose rows tell of another payment than the merchant was told. */
  contradicted: string[];
  /** Ids of payments that no merchant has sent. */
  foreign: string[];
  /** Ids that the cluster which takes no payments has, and the writer has not or has otherwise. */
  strayed: string[];
  /** Ids that the writer has, and replication has not brought to the other cluster. */
  unreplicated: string[];
}

/**
 * Compares what merchants were told with what is there. No two payments have the same amount: a row with
 * an amount is that payment, whatever its id.
 * @param writer rows of the cluster that takes payments, with nothing under way
 * @param other rows of the other one, once replication has caught up
 */
export function compare(sent: Sent[], writer: Rows, other: Rows): Findings {
  const byAmount = groupBy(writer.payments, ({ amount }) => amount);
  const byKey = new Map(writer.keys.map((row) => [`${row.merchantId}/${row.key}`, row]));
  const findings: Findings = {
    ...{ lost: [], doubled: [], contradicted: [], foreign: [] },
    ...differences(writer, other),
  };
  const known = new Map(sent.map((payment) => [payment.amount, payment]));
  for (const payment of sent) {
    const found = byAmount.get(payment.amount) ?? [];
    if (found.length > 1) findings.doubled.push(payment.key);
    if (payment.id === undefined) continue;
    const isThere = found.some(
      ({ id, merchantId }) => id === payment.id && merchantId === payment.merchantId,
    );
    if (!isThere) findings.lost.push(payment.key);
    if (byKey.get(`${payment.merchantId}/${payment.key}`)?.id !== payment.id)
      findings.contradicted.push(payment.key);
  }
  for (const { id, amount, merchantId } of writer.payments)
    if (known.get(amount)?.merchantId !== merchantId) findings.foreign.push(id);
  return findings;
}

/** A payment that the closed cluster took for itself is nowhere else: nothing replicates from it. */
function differences(writer: Rows, other: Rows): Pick<Findings, "strayed" | "unreplicated"> {
  const [here, there] = [writer, other].map(
    ({ payments }) => new Map(payments.map((row) => [row.id, JSON.stringify(row)])),
  ) as [Map<string, string>, Map<string, string>];
  return {
    strayed: [...there].filter(([id, row]) => here.get(id) !== row).map(([id]) => id),
    unreplicated: [...here.keys()].filter((id) => !there.has(id)),
  };
}

function groupBy<T, K>(items: T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
