import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import { leaveOut } from "../support/leaveOut";
import { DrillCluster } from "./cluster";
import { type Links, makeLinks } from "./links";
import { Carrier } from "./replication/carrier";
import { isMapped } from "./replication/mapping";

const LEFT_OUT = "the drill's stand-in for AWS DMS";
const PACE = { poll: 50, commit: 50, recover: 100 };

/**
 * Goal: the stand-in for AWS DMS carries every row once and in order, is bound by what binds AWS DMS,
 * and says so when it cannot go on.
 * Method: two real servers, the real binary log of one, and sessions of AWS DMS's users.
 */
describe("the drill's replication", function () {
  this.timeout(60_000);
  let blue: DrillCluster;
  let green: DrillCluster;
  let links: Links;
  let app: Connection;
  let paid = 0;

  before(async function () {
    const [one, other] = await Promise.all([
      DrillCluster.start("blue"),
      DrillCluster.start("green"),
    ]);
    if (one === undefined || other === undefined)
      return leaveOut(this, LEFT_OUT, "mariadbd is not installed");
    [blue, green] = [one, other];
    links = makeLinks({ blue, green }, "blue", PACE);
    app = await login();
    links.carriers.blue.run(await blue.position());
  });
  after(async () => {
    app?.destroy();
    await Promise.all([links?.carriers.blue.stop(), links?.carriers.green.stop()]);
    await Promise.all([blue?.db.stop(), green?.db.stop()]);
  });

  async function login(): Promise<Connection> {
    const session = await blue.as("application");
    session.on("error", () => {});
    return session;
  }

  async function pay(session = app): Promise<void> {
    paid += 1;
    await session.query("INSERT INTO payments.payment VALUES (?, ?, 'EUR', 'shop', ?)", [
      `id-${paid}`,
      "9007199254740993",
      "2026-02-28 23:59:59.987",
    ]);
  }

  const SELECT =
    "SELECT *, CAST(amount AS CHAR), CAST(created_at AS CHAR) FROM payments.payment ORDER BY id";

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await isSo()); tries++) {
      assert.ok(tries < 400, `not so after 20 s: ${isSo}`);
      await pause(50);
    }
  }
  async function equal(): Promise<boolean> {
    const [here, there] = await Promise.all([blue.ask(SELECT), green.ask(SELECT)]);
    return JSON.stringify(here) === JSON.stringify(there);
  }

  it("carries what the tasks of the infrastructure carry", () => {
    assert.ok(isMapped("payments", "anything"));
    assert.ok(isMapped("cutover", "marker"));
    assert.ok(!isMapped("cutover", "migrations"));
    assert.ok(!isMapped("mysql", "global_priv"));
  });

  it("carries rows as they are: inserted, changed and deleted", async () => {
    for (let count = 0; count < 20; count++) await pay();
    await app.query("UPDATE payments.payment SET amount = -1 WHERE id = 'id-2'");
    await app.query("DELETE FROM payments.payment WHERE id = 'id-3'");
    const admin = await blue.as("administrator");
    await admin.query(
      "INSERT INTO cutover.marker (id, epoch, direction, kind) VALUES ('m', 3, 'blue-to-green', 'barrier')",
    );
    admin.destroy();
    const MARKER = "SELECT *, CAST(written_at AS CHAR) FROM cutover.marker";
    await until(async () => (await green.ask(MARKER)).length > 0);
    assert.ok(await equal());
    assert.deepEqual(await green.ask(MARKER), await blue.ask(MARKER));
  });

  it("goes on after its account was locked and its session ended, and leaves nothing out", async () => {
    const name = "dms_target";
    const lock = (on: boolean) =>
      green.ask(`ALTER USER ${name}@'%' ACCOUNT ${on ? "LOCK" : "UNLOCK"}`);
    await lock(true);
    for (const [id] of await green.ask(
      `SELECT id FROM information_schema.processlist WHERE user = '${name}'`,
    ))
      await green.ask(`KILL ${id}`);
    await pay();
    await pause(400);
    assert.ok(!(await equal()));
    assert.ok(links.carriers.blue.isRunning);
    await lock(false);
    await until(equal);
  });

  it("cannot write behind a fence, and goes on when it is lifted", async () => {
    await green.ask("SET GLOBAL read_only = 1");
    await pay();
    await pause(400);
    assert.ok(!(await equal()));
    await green.ask("SET GLOBAL read_only = 0");
    await until(equal);
  });

  it("goes on from where it was when a server or its own machine fails", async () => {
    await Promise.all([pay(), pay()]);
    await blue.db.crash();
    app = await login();
    await pay();
    await until(equal);
    await pay();
    await links.carriers.blue.breakDown("its machine failed");
    assert.equal(links.carriers.blue.failure?.message, "its machine failed");
    for (let count = 0; count < 5; count++) await pay();
    links.carriers.blue.run(undefined);
    await pay();
    await until(equal);
  });

  it("can be stopped while the target does not answer", async () => {
    const hung = () => new Promise<never>(() => {});
    const ends = { openSource: () => blue.as("replicationSource"), openTarget: hung };
    const carrier = new Carrier("hung", 4_100, ends, PACE, () => {});
    carrier.run(await blue.position());
    await pause(300);
    const beganAt = performance.now();
    await carrier.stop();
    assert.ok(performance.now() - beganAt < 5_000);
    assert.ok(!carrier.isRunning);
    assert.equal(carrier.failure, undefined);
  });

  it("carries nothing that was written before the position that it is told", async () => {
    await links.carriers.blue.stop();
    await app.query("UPDATE payments.payment SET amount = 1 WHERE id = 'id-5'");
    const position = await blue.position();
    await app.query("UPDATE payments.payment SET amount = 2 WHERE id = 'id-6'");
    links.carriers.blue.run(position);
    const amounts =
      "SELECT CAST(amount AS CHAR) FROM payments.payment WHERE id IN ('id-5', 'id-6') ORDER BY id";
    await until(async () => (await green.ask(amounts))[1]?.[0] === "2");
    assert.deepEqual(await green.ask(amounts), [["9007199254740993"], ["2"]]);
  });

  it("stops at a row that is there already, notes it, and is failed", async () => {
    await green.ask("INSERT INTO payments.payment VALUES ('id-clash', 1, 'EUR', 'other', NOW(3))");
    await app.query("INSERT INTO payments.payment VALUES ('id-clash', 2, 'EUR', 'shop', NOW(3))");
    await until(async () => !links.carriers.blue.isRunning);
    assert.match(String(links.carriers.blue.failure?.message), /payments.payment: Duplicate/);
    const noted = await green.ask("SELECT table_name FROM awsdms_control.awsdms_apply_exceptions");
    assert.deepEqual(noted, [["payments.payment"]]);
    assert.deepEqual(await green.ask("SELECT amount FROM payments.payment WHERE id = 'id-clash'"), [
      ["1"],
    ]);
  });
});
