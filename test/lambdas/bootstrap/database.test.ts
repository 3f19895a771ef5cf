import assert from "node:assert/strict";
import type { Connection } from "mysql2/promise";
import { DATABASE_USERS, type DatabaseUser, USER_NAMES } from "../../../lambdas/bootstrap/contract";
import { serve } from "../../../lambdas/bootstrap/handler";
import type { Ports, Sql } from "../../../lambdas/bootstrap/ports";
import { inMariaDbsWords, MASTER, type MariaDb, rows, startMariaDb } from "../../support/mariadb";
import { rotate } from "./rotate";
import { FakeWorld, prepareRequest, secretText, startRequest } from "./world";

/**
 * Goal: the statements do on a database what they are meant to do, and no user may do more.
 * Method: all of them on a real server, run by a user with the privileges of Aurora's master user.
 */
describe("the bootstrap on a real database", function () {
  this.timeout(60_000);
  let db: MariaDb;
  let master: Connection;
  let root: Connection;
  /** Secrets and tasks; its clusters are not used. */
  let world: FakeWorld;
  let ports: Ports;

  before(async function () {
    db = await startMariaDb(this, "the bootstrap on a real database");
    root = await db.asRoot();
    master = await db.connect(MASTER.username, MASTER.password);
  });
  after(() => {
    for (const session of [root, master]) session?.destroy();
    return db?.stop();
  });

  beforeEach(async () => {
    await root.query("SET GLOBAL read_only = 0");
    for (const schema of ["payments", "cutover", "awsdms_control"])
      await root.query(`DROP DATABASE IF EXISTS ${schema}`);
    for (const [name] of await rows(root, "SELECT user FROM mysql.user WHERE host = '%'"))
      if (name !== MASTER.username) await root.query(`DROP USER '${name}'@'%'`);
    world = new FakeWorld();
    ports = { ...world.ports, sql: sqlOf(master) };
    await prepare();
    await root.query("CREATE TABLE payments.payment (id INT PRIMARY KEY, cents INT)");
  });

  function prepare() {
    return serve(ports, prepareRequest());
  }

  const passwordOf = (user: DatabaseUser) => `blue-${user}-password`;
  const asApp = () => db.connect("app", passwordOf("application"));
  const asAdmin = () => db.connect("payments_admin", passwordOf("administrator"));

  /** Runs statements one after the other in one session. */
  async function as<T>(login: Promise<Connection>, use: (session: Connection) => Promise<T>) {
    const session = await login;
    try {
      return await use(session);
    } finally {
      await session.end();
    }
  }

  async function refuses(login: Promise<Connection>, why: RegExp, sql = "SELECT 1"): Promise<void> {
    await assert.rejects(
      as(login, (session) => session.query(sql)),
      why,
    );
  }

  async function grantsOf(user: string): Promise<string[]> {
    const lines = await rows(root, `SHOW GRANTS FOR '${user}'@'%'`);
    // In an order that comes of nothing but where each was put.
    return lines.map(([line = ""]) => line.replace(/IDENTIFIED BY PASSWORD '.*?' /, "")).sort();
  }

  async function isLocked(user: string): Promise<boolean> {
    const [[text = ""] = []] = await rows(root, `SHOW CREATE USER '${user}'@'%'`);
    return text.endsWith("ACCOUNT LOCK");
  }

  const everything = async () => ({
    grants: await Promise.all([...names(), MASTER.username].map(grantsOf)),
    locked: await Promise.all(names().map(isLocked)),
    marker: await rows(root, "SHOW CREATE TABLE cutover.marker"),
    settings: await rows(root, "SELECT * FROM mysql.rds_settings"),
  });
  const names = () => DATABASE_USERS.map((user) => USER_NAMES[user]);

  it("keeps the binary log for a week", async () => {
    const settings = await rows(root, "SELECT name, value FROM mysql.rds_settings");
    assert.deepEqual(settings, [["binlog retention hours", "168"]]);
  });

  it("changes nothing when it runs again", async () => {
    const before = await everything();
    const answer = { verb: "prepare", statements: 36, firstTime: false };
    assert.deepEqual(await prepare(), answer);
    assert.deepEqual(await everything(), before);
  });

  it("sets passwords with any character in them", async () => {
    const password = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");
    for (const user of DATABASE_USERS) world.setSecret("blue", user, secretText(user, password));
    await prepare();
    for (const name of names()) await as(db.connect(name, password), async () => {});
    await refuses(asApp(), /Access denied/);
  });

  it("lets nobody in without TLS", async () => {
    for (const user of DATABASE_USERS) {
      const name = USER_NAMES[user];
      await as(db.connect(name, passwordOf(user)), async () => {});
      await refuses(db.connect(name, passwordOf(user), false), /Access denied/);
    }
  });

  describe("the application", () => {
    it("reads and writes payments", async () => {
      await as(asApp(), async (app) => {
        await app.query("INSERT INTO payments.payment VALUES (1, 100)");
        await app.query("UPDATE payments.payment SET cents = 200");
        assert.deepEqual(await rows(app, "SELECT id, cents FROM payments.payment"), [["1", "200"]]);
        await app.query("DELETE FROM payments.payment");
      });
    });

    for (const sql of [
      "CREATE TABLE payments.other (id INT)",
      "ALTER TABLE payments.payment ADD note TEXT",
      "DROP TABLE payments.payment",
      "SELECT * FROM cutover.marker",
      "SELECT * FROM mysql.user",
      "CREATE USER somebody",
      "ALTER USER dms_source ACCOUNT LOCK",
      "CREATE DATABASE more",
      "CREATE TABLE awsdms_control.x (id INT)",
      "SHOW MASTER STATUS",
      "GRANT SELECT ON payments.* TO dms_source",
      "CALL mysql.rds_set_read_only(0)",
      "SET GLOBAL read_only = 1",
    ])
      it(`may not ${sql}`, () => refuses(asApp(), /denied/, sql));

    it("sees no session but its own", async () => {
      await as(asApp(), async (app) => {
        const users = await rows(app, "SELECT DISTINCT user FROM information_schema.processlist");
        assert.deepEqual(users, [["app"]]);
      });
    });
  });

  describe("the user of migrations", () => {
    const asSchema = () => db.connect("app_schema", passwordOf("migration"));

    it("adds to the tables, and keeps a record of it", async () => {
      await as(asSchema(), async (schema) => {
        await schema.query("CREATE TABLE payments.refund (id INT PRIMARY KEY, payment INT)");
        await schema.query("ALTER TABLE payments.payment ADD note TEXT");
        await schema.query("CREATE INDEX by_payment ON payments.refund (payment)");
        await schema.query("CREATE TABLE cutover.migrations (name VARCHAR(9) PRIMARY KEY)");
        await schema.query("INSERT INTO cutover.migrations VALUES ('0001')");
      });
    });

    for (const sql of [
      "DROP TABLE payments.payment",
      "TRUNCATE payments.payment",
      "DELETE FROM payments.payment",
      "UPDATE payments.payment SET cents = 1",
      "SELECT * FROM cutover.marker",
      "CREATE TABLE cutover.other (id INT)",
      "CREATE DATABASE more",
    ])
      it(`may not ${sql}`, () => refuses(asSchema(), /denied/, sql));
  });

  describe("replication's users", () => {
    const asSource = () => db.connect("dms_source", passwordOf("replicationSource"));
    const asTarget = () => db.connect("dms_target", passwordOf("replicationTarget"));

    it("read payments, markers, and the binary log", async () => {
      await as(asSource(), async (source) => {
        await source.query("SELECT * FROM payments.payment");
        await source.query("SELECT * FROM cutover.marker");
        await source.query("SHOW MASTER STATUS");
        await source.query("SHOW BINARY LOGS");
      });
    });

    for (const sql of [
      "INSERT INTO payments.payment VALUES (1, 1)",
      "INSERT INTO cutover.marker VALUES (UUID(), 1, 'blue-to-green', 'barrier', NOW())",
      "SELECT * FROM mysql.user",
    ])
      it(`dms_source may not ${sql}`, () => refuses(asSource(), /denied/, sql));

    it("write payments, markers and tables of their own", async () => {
      await as(asTarget(), async (target) => {
        await target.query("INSERT INTO payments.payment VALUES (1, 1)");
        await target.query("CREATE TABLE payments.refund (id INT PRIMARY KEY)");
        await target.query("CREATE INDEX by_cents ON payments.payment (cents)");
        await target.query("CREATE TABLE awsdms_control.awsdms_txn_state (id INT)");
        await target.query("INSERT INTO awsdms_control.awsdms_txn_state VALUES (1)");
        const marker = "(UUID(), 1, 'green-to-blue', 'heartbeat', NOW(3))";
        await target.query(`INSERT INTO cutover.marker VALUES ${marker}`);
      });
    });

    for (const sql of ["SELECT * FROM mysql.user", "SHOW MASTER STATUS", "CREATE DATABASE more"])
      it(`dms_target may not ${sql}`, () => refuses(asTarget(), /denied/, sql));
  });

  describe("the administrator", () => {
    for (const user of DATABASE_USERS.filter((one) => one !== "administrator"))
      it(`rotates ${user} as AWS's function does, there and back`, async () => {
        const [name, twin] = twins(user);
        await as(asAdmin(), async (admin) => {
          await rotate(admin, name, twin, "first");
          await rotate(admin, twin, name, "second");
        });
        for (const [account, password] of [
          [twin, "first"],
          [name, "second"],
        ] as const) {
          await as(db.connect(account, password), async () => {});
          await refuses(db.connect(account, password, false), /Access denied/);
        }
        const ofTwin = (await grantsOf(twin)).map((line) => line.replaceAll(twin, name));
        assert.deepEqual(ofTwin, await grantsOf(name));
        assert.ok(ofTwin.length >= 2);
      });

    it("changes its own password", async () => {
      await as(asAdmin(), (admin) => admin.query("SET PASSWORD = PASSWORD('new')"));
      await as(db.connect("payments_admin", "new"), async () => {});
    });

    it("fences payments, and still writes the marker", async () => {
      const insert = "INSERT INTO payments.payment VALUES (1, 100)";
      await as(asAdmin(), async (admin) => {
        await admin.query("CALL mysql.rds_set_read_only(1)");
        await refuses(asApp(), /read-only/, insert);
        const marker =
          "(id, epoch, direction, kind) VALUES (UUID(), 1, 'blue-to-green', 'barrier')";
        await admin.query(`INSERT INTO cutover.marker ${marker}`);
        assert.equal((await rows(admin, "SELECT id FROM cutover.marker")).length, 1);
        await admin.query("ALTER USER app ACCOUNT LOCK");
        await admin.query("SHOW MASTER STATUS");
        await admin.query("CALL mysql.rds_set_read_only(0)");
        await admin.query("ALTER USER app ACCOUNT UNLOCK");
      });
      await as(asApp(), (app) => app.query(insert));
    });

    it("ends sessions of a locked user, which the lock leaves open", async () => {
      const session = await asApp();
      session.on("error", () => {});
      await as(asAdmin(), async (admin) => {
        await admin.query("ALTER USER app ACCOUNT LOCK");
        await session.query("INSERT INTO payments.payment VALUES (1, 100)");
        const open = "SELECT id FROM information_schema.processlist WHERE user = 'app'";
        const [[id] = []] = await rows(admin, open);
        await admin.query(`CALL mysql.rds_kill(${id})`);
        await assert.rejects(session.query("SELECT 1"));
        assert.deepEqual(await rows(admin, open), []);
      });
    });

    for (const sql of [
      "GRANT SELECT ON *.* TO app",
      "GRANT SUPER ON *.* TO app",
      "CALL mysql.rds_set_configuration('binlog retention hours', 0)",
      "CREATE DATABASE more",
      "CREATE VIEW payments.all_payments AS SELECT * FROM payments.payment",
    ])
      it(`may not ${sql}`, () => refuses(asAdmin(), /denied/, sql));
  });

  describe("a lock", () => {
    it("stops log-ins of the application's users there, and of replication's", async () => {
      await as(asAdmin(), (admin) => rotate(admin, "app", "app_clone", "of the twin"));
      const { reason } = (await serve(ports, startRequest())) as { reason: string };
      assert.equal(reason, "no task had ever run");
      await refuses(asApp(), /account is locked/);
      await refuses(db.connect("app_clone", "of the twin"), /account is locked/);
      const target = passwordOf("replicationTarget");
      await refuses(db.connect("dms_target", target), /account is locked/);
      await as(db.connect("dms_source", passwordOf("replicationSource")), async () => {});
    });

    it("outlives another preparation, with a new password too", async () => {
      await root.query("ALTER USER app ACCOUNT LOCK");
      world.setSecret("blue", "application", secretText("application", "new"));
      await prepare();
      await refuses(db.connect("app", "new"), /account is locked/);
      await root.query("ALTER USER app ACCOUNT UNLOCK");
      await as(db.connect("app", "new"), async () => {});
    });

    it("is there from the start for a user that writes, in a cluster that was prepared before", async () => {
      for (const name of names()) await root.query(`DROP USER '${name}'@'%'`);
      await prepare();
      assert.deepEqual(await Promise.all(names().map(isLocked)), [false, true, false, false, true]);
      await refuses(asApp(), /account is locked/);
    });
  });

  it("after a rotation agrees with the secret, and leaves the other twin in use", async () => {
    await as(asAdmin(), (admin) => rotate(admin, "app", "app_clone", "lost"));
    await root.query("REVOKE ALL PRIVILEGES, GRANT OPTION FROM app");
    const text = secretText("application", "of the secret", { username: "app_clone" });
    world.setSecret("blue", "application", text);
    await prepare();
    const read = (session: Connection) => session.query("SELECT * FROM payments.payment");
    await as(db.connect("app_clone", "of the secret"), read);
    await as(asApp(), read);
  });

  it("tells what the engine did not like, without the password", async () => {
    const sql: Sql = {
      execute: (cluster, text) =>
        ports.sql.execute(cluster, text.replace("IDENTIFIED BY", "IDENTIFIED AS")),
    };
    await assert.rejects(serve({ ...ports, sql }, prepareRequest()), ({ message }: Error) => {
      assert.match(message, /cluster:blue: could not make user payments_admin: Error: You have an/);
      assert.doesNotMatch(message, /blue-administrator|-password/);
      return true;
    });
  });
});

function twins(user: DatabaseUser): [name: string, twin: string] {
  const { username } = JSON.parse(secretText(user, "")) as { username: string };
  return [username, `${username}_clone`];
}

function sqlOf(master: Connection): Sql {
  return { execute: (_cluster, sql) => rows(master, inMariaDbsWords(sql)) };
}
