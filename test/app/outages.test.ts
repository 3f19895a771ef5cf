import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Answered, Client } from "./client";
import type { Cluster } from "./cluster";
import { until, World } from "./world";

/**
 * Goal: what was answered 201 is in the database, once, whatever the database does in between; and what
 * was not is answered so that the client asks again.
 * Method: the service over HTTPS, with a real database and a network that can be cut.
 */
describe("the payment service in trouble", function () {
  this.timeout(60_000);
  let world: World;
  let blue: Cluster;
  let client: Client;

  before(async function () {
    world = await World.begin(this, "the payment service in trouble", ["blue"]);
    blue = world.cluster("blue");
    ({ client } = await world.serve());
  });
  after(() => world?.stop());

  beforeEach(() => blue.forgetPayments());

  function refusedForAMoment({ status, headers, body }: Answered, message: RegExp): void {
    assert.equal(status, 503);
    assert.equal(headers["retry-after"], "5");
    assert.equal(body.error, "unavailable");
    assert.match(body.message, message);
  }

  describe("a database that takes no writes", () => {
    afterEach(async () => {
      await blue.setReadOnly(false);
      await blue.unlock();
    });

    it("is waited for, and then the client may ask again", async () => {
      await blue.setReadOnly(true);
      refusedForAMoment(await client.pay("key-1"), /not taken for a moment/);
      await blue.setReadOnly(false);
      assert.equal((await client.pay("key-1")).status, 201);
      assert.equal((await blue.payments()).length, 1);
    });

    it("is not noticed by a client whose request is held until it does", async () => {
      const { client: patient } = await world.serve({ hold: 5_000 });
      await blue.setReadOnly(true);
      const held = patient.pay("key-1");
      setTimeout(() => blue.setReadOnly(false), 300);
      assert.equal((await held).status, 201);
    });

    it("can still be read, and leaves the task ready", async () => {
      const made = await client.pay("key-1");
      await blue.setReadOnly(true);
      assert.equal((await client.get(`/payments/${made.body.id}`)).status, 200);
      assert.equal((await client.get("/healthz/ready")).status, 200);
    });

    it("may lock the application out and end its sessions", async () => {
      await blue.lock();
      assert.ok((await blue.kill()) > 0);
      refusedForAMoment(await client.pay("key-1"), /not taken for a moment/);
      assert.equal((await client.get("/healthz/ready")).status, 200);
      await blue.unlock();
      assert.equal((await client.pay("key-1")).status, 201);
    });

    it("lets a task that has just started become ready", async () => {
      await blue.lock();
      await world.serve();
    });

    it("may end sessions that are idle, which no payment notices", async () => {
      const { client: impatient } = await world.serve({ hold: 0 });
      await impatient.pay("key-1");
      assert.ok((await blue.kill()) > 0);
      await pause(50);
      assert.equal((await impatient.pay("key-2")).status, 201);
    });

    it("may be out of reach", async () => {
      await blue.bridge.close();
      refusedForAMoment(await client.pay("key-1"), /not taken for a moment/);
      await blue.bridge.open();
      assert.equal((await client.pay("key-1")).status, 201);
    });
  });

  describe("an answer to COMMIT that never comes", () => {
    beforeEach(async () => {
      // A session with all its statements prepared.
      await client.pay("key-0");
      await blue.holdCommits();
    });
    afterEach(async () => {
      blue.bridge.losesAnswers = false;
      await blue.releaseCommits();
    });

    it("because the session was ended: 503, and the retry makes the payment", async () => {
      const asked = client.pay("key-1");
      await until(() => blue.isCommitting());
      assert.equal(await blue.kill("COMMIT"), 1);
      refusedForAMoment(await asked, /not known whether/);
      await blue.releaseCommits();
      assert.deepEqual(
        (await blue.keys()).map(([key]) => key),
        ["key-0"],
      );
      const retried = await client.pay("key-1");
      assert.equal(retried.status, 201);
      assert.equal(retried.headers["idempotent-replayed"], undefined);
      assert.equal((await blue.payments()).length, 2);
    });

    it("because the network lost it: 503, and the retry finds the payment", async () => {
      const asked = client.pay("key-1");
      await until(() => blue.isCommitting());
      blue.bridge.losesAnswers = true;
      await blue.releaseCommits();
      await until(async () => (await blue.keys()).length === 2);
      blue.bridge.breakAll();
      refusedForAMoment(await asked, /not known whether/);
      blue.bridge.losesAnswers = false;
      const retried = await client.pay("key-1");
      assert.equal(retried.status, 201);
      assert.equal(retried.headers["idempotent-replayed"], "true");
      assert.deepEqual((await blue.keys())[1], ["key-1", retried.body.id]);
      assert.equal((await blue.payments()).length, 2);
    });

    it("and the network is silent: 503 in time, and the retry finds the payment", async () => {
      const asked = client.pay("key-1");
      await until(() => blue.isCommitting());
      blue.bridge.losesAnswers = true;
      await blue.releaseCommits();
      refusedForAMoment(await asked, /not known whether/);
      blue.bridge.losesAnswers = false;
      const retried = await client.pay("key-1");
      assert.equal(retried.headers["idempotent-replayed"], "true");
      assert.equal((await blue.payments()).length, 2);
    });
  });

  describe("under more than it can do", () => {
    it("turns away what is too much, and stays healthy", async () => {
      const { client: small } = await world.serve({ requests: 5, sessions: 2, hold: 3_000 });
      await blue.root.query("LOCK TABLES payments.idempotency READ");
      const asked = Array.from({ length: 30 }, (_, i) => small.pay(`key-${i}`));
      const early = await Promise.race([asked[29], asked[0]]);
      refusedForAMoment(early as Answered, /too many payments at once/);
      assert.equal((await small.get("/healthz/live")).status, 200);
      assert.equal((await small.get("/healthz/ready")).status, 200);
      await blue.root.query("UNLOCK TABLES");
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 201).length, 5);
      assert.equal(statuses.filter((status) => status === 503).length, 25);
      assert.equal((await blue.payments()).length, 5);
    });
  });

  describe("a login that fails", () => {
    it("takes a password that was rotated meanwhile", async () => {
      const arn = blue.secretArn("application");
      await blue.root.query("ALTER USER app@'%' IDENTIFIED BY 'rotated' REQUIRE SSL");
      world.aws.secrets[arn] = blue.secretText("application", "rotated");
      await blue.kill();
      // It asks for a secret once a second at most.
      await pause(1_000);
      assert.equal((await client.pay("key-1")).status, 201);
    });

    it("works on while AWS does not answer", async () => {
      world.aws.isDown = true;
      await blue.kill();
      assert.equal((await client.pay("key-1")).status, 201);
      world.aws.isDown = false;
    });
  });

  describe("the log of all that", () => {
    it("says what was wrong in its log, and nothing that is secret", () => {
      const log = world.lines.join("\n");
      assert.match(log, /ER_OPTION_PREVENTS_STATEMENT|ER_ACCOUNT_HAS_BEEN_LOCKED/);
      assert.doesNotMatch(log, /password|rotated|key-\d|shop-/);
    });
  });
});
