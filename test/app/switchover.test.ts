import assert from "node:assert/strict";
import dns, { lookup } from "node:dns";
import { mock } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Settings } from "../../app/settings";
import { type Answered, type Client, payment } from "./client";
import { type Cluster, ENDPOINT } from "./cluster";
import { PARAMETER, until, World } from "./world";

/** What a merchant remembers of one payment: its key, and the id that it was given in the end. */
interface Entry {
  key: string;
  amount: number;
  id: string | undefined;
  /** Tries that were answered 503. */
  refused: number;
}

/**
 * Goal: when the writer moves to the other database under load, every payment is made there, and none that
 * was acknowledged is lost or doubled.
 * Method: two real databases and the steps of a switchover; merchants that ask until they are told
 * 201, each with one key; their ledger is compared with the tables. What replication does is done
 * by copying the rows: how it carries them is not what is tested.
 */
describe("the payment service at a switchover", function () {
  this.timeout(60_000);
  let world: World;
  let blue: Cluster;
  let green: Cluster;
  let client: Client;

  before(async function () {
    const leftOut = "the payment service at a switchover";
    world = await World.begin(this, leftOut, ["blue", "green"]);
    blue = world.cluster("blue");
    green = world.cluster("green");
    await green.lock();
    ({ client } = await world.serve());
  });
  after(() => world?.stop());

  /** Asks until the payment is made, as a client should. */
  async function payStubbornly(entry: Entry): Promise<void> {
    while (entry.id === undefined) {
      const answer: Answered = await client.pay(entry.key, payment({ amount: entry.amount }));
      if (answer.status === 201) entry.id = answer.body.id;
      else {
        assert.equal(answer.status, 503, JSON.stringify(answer.body));
        entry.refused += 1;
        await pause(20);
      }
    }
  }

  /** Merchants that make one payment after the other until they are told to stop. */
  function beginLoad(): { ledger: Entry[]; end(): Promise<void> } {
    const ledger: Entry[] = [];
    let ending = false;
    const merchant = async () => {
      while (!ending) {
        const number = ledger.length + 1;
        const entry = { key: `key-${number}`, amount: number, id: undefined, refused: 0 };
        ledger.push(entry);
        await payStubbornly(entry);
      }
    };
    const merchants = Promise.all(Array.from({ length: 12 }, merchant));
    return {
      ledger,
      async end() {
        ending = true;
        await merchants;
      },
    };
  }

  const paid = (ledger: Entry[]) => ledger.filter(({ id }) => id !== undefined).length;

  async function fence(cluster: Cluster): Promise<void> {
    await cluster.setReadOnly(true);
    await cluster.lock();
    await cluster.kill();
  }

  async function copyRows(from: Cluster, to: Cluster): Promise<void> {
    for (const table of ["payment", "idempotency"]) {
      const [found] = await from.root.query({
        sql: `SELECT * FROM payments.${table}`,
        rowsAsArray: true,
      });
      if ((found as unknown[]).length > 0)
        await to.root.query(`INSERT INTO payments.${table} VALUES ?`, [found]);
    }
  }

  it("loses no payment, and makes none twice", async () => {
    const { ledger, end } = beginLoad();
    await until(() => paid(ledger) > 100);
    await fence(blue);
    const before = await blue.payments();
    // Long enough that requests which are held are refused as well.
    await until(() => ledger.filter(({ refused }) => refused > 0).length >= 12);
    assert.equal((await client.get("/healthz/ready")).status, 200);
    await copyRows(blue, green);
    await green.unlock();
    world.pointTo(green);
    const atOpening = paid(ledger);
    await until(() => paid(ledger) > atOpening + 100);
    await end();

    const found = await green.payments();
    const expected = ledger.map(({ id, amount }) => [String(id), "shop-1", String(amount)]);
    assert.deepEqual(found, expected.sort());
    assert.equal((await green.keys()).length, ledger.length);
    // The old writer has had none since it was fenced.
    assert.deepEqual(await blue.payments(), before);
    assert.ok(before.length < found.length);
  });

  it("goes where the pointer points while both databases let it in, without a restart", async () => {
    await blue.setReadOnly(false);
    await blue.unlock();
    world.pointTo(blue);
    await until(async () => {
      const { body } = await client.pay("back", payment({ merchantId: "shop-2" }));
      return (await blue.payments()).some(([id]) => id === body.id);
    });
  });

  it("is found as soon as something fails, and not only at the next look", async () => {
    const { client: slow } = await world.serve({ pointerPoll: 60_000, hold: 2_000 });
    assert.equal((await slow.pay("blue", payment({ merchantId: "shop-4" }))).status, 201);
    world.pointTo(green);
    await fence(blue);
    const { status, body } = await slow.pay("green", payment({ merchantId: "shop-4" }));
    assert.equal(status, 201);
    assert.ok((await green.payments()).some(([id]) => id === body.id));
    await blue.setReadOnly(false);
    await blue.unlock();
    world.pointTo(blue);
  });

  it("does not follow a pointer that says nothing of use", async () => {
    const text = world.aws.parameters[PARAMETER] ?? "";
    for (const nonsense of ["", "{", "{}", '{"color":"green"}']) {
      world.aws.parameters[PARAMETER] = nonsense;
      const asked = world.aws.actions.length;
      await until(() => world.aws.actions.length > asked + 1);
      const { status } = await client.pay(`nonsense-${nonsense.length}`);
      assert.equal(status, 201);
    }
    world.aws.parameters[PARAMETER] = text;
  });

  it("trusts no server that nobody vouches for, or that has another name", async () => {
    const resolve = lookup as unknown as (...query: unknown[]) => void;
    // Both other names lead to the same server.
    const misled = mock.method(dns, "lookup", (_: string, ...query: unknown[]) =>
      resolve(ENDPOINT, ...query),
    );
    const endpoints = { named: ENDPOINT, renamed: "database.example", unnamed: "127.0.0.1" };
    for (const [name, endpoint] of Object.entries(endpoints))
      world.aws.parameters[`/${name}`] = JSON.stringify({
        ...JSON.parse(blue.pointerText),
        endpoint,
      });
    const statusOf = async (differences: Partial<Settings>) => {
      const { client } = await world.start(differences);
      const { status } = await client.pay("key", payment({ merchantId: "shop-3" }));
      const ready = await client.get("/healthz/ready");
      assert.equal(ready.status, status === 201 ? 200 : 503);
      return status;
    };
    try {
      assert.equal(await statusOf({ writerParameter: "/named" }), 201);
      assert.equal(await statusOf({ writerParameter: "/renamed" }), 503);
      // Never asked: this is a mistake, not a moment.
      assert.equal(await statusOf({ writerParameter: "/unnamed" }), 500);
      const databaseCaPem = green.caPem;
      assert.equal(await statusOf({ writerParameter: "/named", databaseCaPem }), 503);
    } finally {
      misled.mock.restore();
    }
  });
});
