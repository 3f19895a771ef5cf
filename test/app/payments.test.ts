import assert from "node:assert/strict";
import { type Client, payment } from "./client";
import type { Cluster } from "./cluster";
import { World } from "./world";

/**
 * Goal: a payment is made once and as it was asked for, or its mistakes are named.
 * Method: the service over HTTPS, with a real database whose users have production's grants.
 */
describe("the payment service", function () {
  this.timeout(60_000);
  let world: World;
  let blue: Cluster;
  let client: Client;

  before(async function () {
    world = await World.begin(this, "the payment service", ["blue"]);
    blue = world.cluster("blue");
    ({ client } = await world.serve());
  });
  after(() => world?.stop());

  beforeEach(() => blue.forgetPayments());

  describe("a payment", () => {
    it("is made, and can be read", async () => {
      const made = await client.pay("key-1");
      assert.equal(made.status, 201);
      assert.match(made.body.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-\w{12}$/);
      assert.equal(made.headers.location, `/payments/${made.body.id}`);
      assert.equal(made.headers["cache-control"], "no-store");
      assert.deepEqual(Object.keys(made.body), [
        "id",
        "amount",
        "currency",
        "merchantId",
        "createdAt",
      ]);
      const read = await client.get(`/payments/${made.body.id}`);
      assert.equal(read.status, 200);
      assert.deepEqual(read.body, made.body);
      assert.deepEqual(await blue.payments(), [[made.body.id, "shop-1", "1250"]]);
      assert.deepEqual(await blue.keys(), [["key-1", made.body.id]]);
    });

    it("of the largest amount loses nothing on its way", async () => {
      const made = await client.pay("key-1", payment({ amount: 999_999_999_999 }));
      const read = await client.get(`/payments/${made.body.id}`);
      assert.equal(read.body.amount, 999_999_999_999);
    });

    it("that nobody made is not found", async () => {
      for (const id of ["01890a5d-ac96-774b-bcce-b302099a8057", "1", "%00"])
        assert.equal((await client.get(`/payments/${id}`)).status, 404);
    });
  });

  describe("the same key", () => {
    it("gets the same answer again, and no second payment", async () => {
      const first = await client.pay("key-1");
      const second = await client.pay("key-1");
      assert.equal(second.status, 201);
      assert.equal(second.headers["idempotent-replayed"], "true");
      assert.equal(first.headers["idempotent-replayed"], undefined);
      assert.deepEqual(second.body, first.body);
      assert.equal((await blue.payments()).length, 1);
    });

    it("fifty times at once is one payment", async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => client.pay("key-1")));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
      assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
      assert.equal((await blue.payments()).length, 1);
      const repeated = answers.filter(({ headers }) => headers["idempotent-replayed"] === "true");
      assert.equal(repeated.length, 49);
    });

    it("with another body is refused", async () => {
      await client.pay("key-1");
      for (const change of [{ amount: 1251 }, { currency: "USD" }]) {
        const { status, body } = await client.pay("key-1", payment(change));
        assert.equal(status, 422);
        assert.equal(body.error, "key_reused");
      }
      assert.equal((await blue.payments()).length, 1);
    });

    it("is another key for another merchant, or in other letters", async () => {
      const answers = [
        await client.pay("key-1"),
        await client.pay("key-1", payment({ merchantId: "shop-2" })),
        await client.pay("KEY-1"),
      ];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [201, 201, 201],
      );
      assert.equal((await blue.payments()).length, 3);
    });

    it("may hold any visible character", async () => {
      const key = "a'b\\c\"d`e;--%_{}";
      const first = await client.pay(key);
      assert.deepEqual((await client.pay(key)).body, first.body);
      assert.equal((await blue.keys())[0]?.[0], key);
    });
  });

  describe("bad input", () => {
    it("is answered with all of its mistakes at once", async () => {
      const card = "4111111111111111";
      const body = { amount: 12.5, currency: "EURO", merchantId: "", [card]: card };
      const { status, body: answer } = await client.send(
        "POST",
        "/payments",
        {},
        JSON.stringify(body),
      );
      assert.equal(status, 400);
      assert.equal(answer.error, "invalid");
      assert.deepEqual(answer.mistakes, [
        {
          field: "Idempotency-Key",
          allowed: "1 to 255 visible ASCII characters, the same ones for each try of a payment",
        },
        { field: "Content-Type", allowed: "application/json" },
        {
          field: "amount",
          allowed: "a whole number of the currency's smallest unit, from 1 to 999999999999",
        },
        { field: "currency", allowed: "a currency of ISO 4217, such as EUR" },
        { field: "merchantId", allowed: "1 to 64 letters, digits, - and _" },
        { field: "body", allowed: "no fields but amount, currency, merchantId" },
      ]);
      assert.match(answer.message, /amount must be .*; currency must be /);
      // Nor in the answer, nor in the log.
      assert.doesNotMatch(JSON.stringify(answer) + world.lines.join(), new RegExp(card));
    });

    it("is no payment", async () => {
      const bad = [
        { amount: 0 },
        { amount: -1 },
        { amount: 1e12 },
        { amount: "5" },
        { currency: 1 },
      ];
      for (const change of bad)
        assert.equal((await client.pay("key-1", payment(change))).status, 400);
      const headers = { "Idempotency-Key": "k", "Content-Type": "application/json" };
      for (const body of ["", "{", "null", "[]", "1"])
        assert.equal((await client.send("POST", "/payments", headers, body)).status, 400);
      assert.deepEqual(await blue.payments(), []);
    });

    it("is cut off when it is too long, announced or not", async () => {
      const long = JSON.stringify({ ...payment(), merchantId: "x".repeat(20_000) });
      const headers = { "Idempotency-Key": "k", "Content-Type": "application/json" };
      for (const [name, value] of [
        ["Content-Length", "20100"],
        ["Transfer-Encoding", "chunked"],
      ] as const) {
        const all = { ...headers, [name]: value };
        const answer = await client.send("POST", "/payments", all, long.padEnd(20_100));
        assert.equal(answer.status, 413);
        assert.equal(answer.headers.connection, "close");
      }
    });

    it("of a method or a path gets its own answer", async () => {
      const answer = await client.send("DELETE", "/payments");
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.allow, "POST");
      assert.equal((await client.send("POST", "/healthz/live")).status, 405);
      assert.equal((await client.get("/")).status, 404);
    });
  });

  it("keeps connections longer than the load balancer does", async () => {
    const { headers } = await client.get("/healthz/live");
    assert.equal(headers["keep-alive"], "timeout=75");
  });
});
