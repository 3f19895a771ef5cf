import assert from "node:assert/strict";
import { compare, type Findings, type Rows } from "./ledger";
import type { Sent } from "./load";

const NOTHING: Findings = {
  ...{ lost: [], doubled: [], contradicted: [], foreign: [], strayed: [], unreplicated: [] },
};

function sent(amount: number, id?: string): Sent {
  const times = { firstTriedAt: 0, tries: 1, ...(id !== undefined && { id, acknowledgedAt: 1 }) };
  return { merchantId: "shop", key: `key-${amount}`, amount, ...times };
}

/** Rows of payments by amount and id, each with its key. */
function rows(...payments: [amount: number, id: string][]): Rows {
  return {
    payments: payments.map(([amount, id]) => ({ id, amount, merchantId: "shop" })),
    keys: payments.map(([amount, id]) => ({ merchantId: "shop", key: `key-${amount}`, id })),
  };
}

/** Goal: the check of the drill itself finds what it is there to find. */
describe("the drill's ledger", () => {
  const ledger = [sent(1, "a"), sent(2, "b"), sent(3)];
  const right = rows([1, "a"], [2, "b"]);
  const found = (writer: Rows, other = writer) => compare(ledger, writer, other);

  it("finds nothing where every payment is there once", () => {
    assert.deepEqual(found(right), NOTHING);
  });

  it("leaves it open whether a payment was made that was never acknowledged", () => {
    assert.deepEqual(found(rows([1, "a"], [2, "b"], [3, "c"])), NOTHING);
  });

  it("finds a payment that was acknowledged and is not there", () => {
    assert.deepEqual(found({ ...right, payments: right.payments.slice(1) }).lost, ["key-1"]);
  });

  it("finds one that is there with another id, another amount or for another merchant", () => {
    assert.deepEqual(found(rows([1, "x"], [2, "b"])).lost, ["key-1"]);
    const otherAmount = found({ ...right, payments: rows([7, "a"], [2, "b"]).payments });
    assert.deepEqual(otherAmount.lost, ["key-1"]);
    assert.deepEqual(otherAmount.foreign, ["a"]);
    const [first, ...others] = right.payments;
    const moved = [{ ...first, merchantId: "thief" }, ...others] as Rows["payments"];
    assert.deepEqual(found({ ...right, payments: moved }).lost, ["key-1"]);
  });

  it("finds one that is there twice, acknowledged or not", () => {
    const extra = rows([1, "a"], [2, "b"], [2, "z"], [3, "c"], [3, "d"]);
    const { doubled, lost } = found({ ...right, payments: extra.payments });
    assert.deepEqual([doubled, lost], [["key-2", "key-3"], []]);
  });

  it("finds a key that tells of another payment, or none", () => {
    const other = rows([1, "x"], [2, "b"]).keys;
    assert.deepEqual(found({ ...right, keys: other }).contradicted, ["key-1"]);
    assert.deepEqual(found({ ...right, keys: [] }).contradicted, ["key-1", "key-2"]);
  });

  it("finds payments that nobody has sent", () => {
    assert.deepEqual(found(rows([1, "a"], [2, "b"], [99, "f"])).foreign, ["f"]);
  });

  it("finds what the closed cluster has for itself, and what it lacks", () => {
    const other = rows([1, "a"], [8, "s"]);
    const { strayed, unreplicated } = found(right, other);
    assert.deepEqual([strayed, unreplicated], [["s"], ["b"]]);
    assert.deepEqual(found(right, rows([1, "a"], [3, "b"])).strayed, ["b"]);
  });
});
