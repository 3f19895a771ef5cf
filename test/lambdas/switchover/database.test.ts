import assert from "node:assert/strict";
import type { Connection } from "mysql2/promise";
import type { DatabaseUser } from "../../../lambdas/bootstrap/contract";
import type { Statement } from "../../../lambdas/bootstrap/statements";
import * as statements from "../../../lambdas/switchover/statements";
import { strays } from "../../../lambdas/switchover/strays";
import { type MariaDb, rows, startMariaDb } from "../../support/mariadb";
import { rotate } from "../bootstrap/rotate";
import { login, makeCluster, run } from "./cluster";

const ID = "11111111-2222-4333-8444-555555555555";
const MARKER: statements.Marker = { id: ID, epoch: 7, from: "blue", kind: "barrier" };
const INSERT = "INSERT INTO payments.payment VALUES (1, 100)";
const WRITERS: DatabaseUser[] = ["application", "migration"];

/**
 * Goal: the statements of a switchover do on a database what the procedure takes them to do.
 * Method: each on a real server that the bootstrap has prepared, as the administrator, beside
 * sessions of the users that it is done to.
 */
describe("the switchover's statements on a real database", function () {
  this.timeout(60_000);
  let db: MariaDb;
  let admin: Connection;
  let sessions: Connection[];

  before(async function () {
    db = await startMariaDb(this, "the switchover's statements on a real database");
  });
  after(() => db?.stop());

  beforeEach(async () => {
    sessions = [];
    await makeCluster(db);
    admin = await as("administrator");
  });
  afterEach(() => {
    for (const session of sessions) session.destroy();
  });

  async function as(user: DatabaseUser): Promise<Connection> {
    const session = await login(db, user);
    sessions.push(session);
    return session;
  }
  const execute = (statement: Statement) => run(admin, statement);
  const fence = () => execute(statements.FENCE_QUESTION).then(([row]) => row?.slice(0, 2));
  const payments = () => rows(admin, "SELECT id FROM payments.payment");
  const locked = async (users: DatabaseUser[]) =>
    (await execute(statements.accountsQuestion(users))).map(([name, , lock]) => `${name} ${lock}`);

  async function position(): Promise<statements.Position> {
    const [[file = "", offset] = []] = await execute(statements.POSITION_QUESTION);
    return { file, offset: Number(offset) };
  }
  async function straysSince(since: statements.Position): Promise<string[]> {
    const events = await execute(statements.eventsQuestion(since));
    return strays(events.map(([, , type = "", , , info = ""]) => ({ type, info })));
  }
  /**
   * Asks until the answer is there: a session that is ended takes a moment to be gone. InnoDB shows
   * new transactions to nobody while it is asked more often than every 100 ms.
   */
  async function until<T>(ask: () => Promise<T>, expected: T): Promise<void> {
    for (let tries = 1; ; tries++) {
      const answer = await ask();
      if (JSON.stringify(answer) === JSON.stringify(expected)) return;
      if (tries === 50) assert.deepEqual(answer, expected);
      await new Promise((wake) => setTimeout(wake, 150));
    }
  }

  describe("the fence", () => {
    it("refuses writes and lets reads through, until it is lifted", async () => {
      const app = await as("application");
      assert.deepEqual(await fence(), ["0", "0"]);
      await execute(statements.readOnlyStatement(true));
      assert.deepEqual(await fence(), ["1", "0"]);
      await assert.rejects(app.query(INSERT), /read-only/);
      await app.query("SELECT * FROM payments.payment");
      await execute(statements.readOnlyStatement(false));
      await app.query(INSERT);
      assert.deepEqual(await payments(), [["1"]]);
    });

    it("refuses the commit of a transaction that was open before", async () => {
      const app = await as("application");
      await app.query("BEGIN");
      await app.query(INSERT);
      await execute(statements.readOnlyStatement(true));
      await assert.rejects(app.query("COMMIT"), /read-only/);
      assert.deepEqual(await payments(), []);
    });

    for (const user of ["migration", "replicationTarget"] as const)
      it(`binds ${user} too`, async () => {
        await execute(statements.readOnlyStatement(true));
        const session = await as(user);
        await assert.rejects(session.query(INSERT), /read-only/);
      });

    it("stands when it is put up twice, and is gone when it is lifted twice", async () => {
      for (const readOnly of [true, true, false, false]) {
        await execute(statements.readOnlyStatement(readOnly));
        assert.deepEqual(await fence(), [readOnly ? "1" : "0", "0"]);
      }
    });

    it("is gone after a restart, while the lock of an account holds", async () => {
      await execute(statements.readOnlyStatement(true));
      await execute(statements.lockStatement(WRITERS, true));
      await db.restart();
      admin = await as("administrator");
      assert.deepEqual(await fence(), ["0", "0"]);
      for (const user of WRITERS) await assert.rejects(as(user), /account is locked/);
    });
  });

  describe("a lock", () => {
    it("shuts out both names of a rotated user, and nobody else", async () => {
      await rotate(admin, "app", "app_clone", "of the twin");
      await execute(statements.lockStatement(["application"], true));
      assert.deepEqual(await locked(["application"]), ["app Y", "app_clone Y"]);
      await assert.rejects(as("application"), /account is locked/);
      await assert.rejects(db.connect("app_clone", "of the twin"), /account is locked/);
      for (const user of ["migration", "replicationSource", "replicationTarget"] as const)
        await as(user);
    });

    it("works on a user that has no twin, and twice", async () => {
      for (const lock of [true, true, false, false]) {
        await execute(statements.lockStatement(["replicationTarget"], lock));
        assert.deepEqual(await locked(["replicationTarget"]), [`dms_target ${lock ? "Y" : "N"}`]);
      }
      await as("replicationTarget");
    });

    it("works behind the fence, and is lifted behind it", async () => {
      await execute(statements.readOnlyStatement(true));
      await execute(statements.lockStatement(WRITERS, true));
      assert.deepEqual(await locked(WRITERS), ["app Y", "app_schema Y"]);
      await execute(statements.lockStatement(WRITERS, false));
      assert.deepEqual(await locked(WRITERS), ["app N", "app_schema N"]);
    });

    it("is told of accounts with the same name that come from elsewhere", async () => {
      const root = await db.asRoot();
      sessions.push(root);
      await root.query("CREATE USER app@'10.0.0.1'");
      try {
        await execute(statements.lockStatement(["application"], true));
        const all = await execute(statements.accountsQuestion(["application"]));
        assert.deepEqual(all, [
          ["app", "%", "Y"],
          ["app", "10.0.0.1", "N"],
        ]);
      } finally {
        await root.query("DROP USER app@'10.0.0.1'");
      }
    });

    it("leaves sessions open, which are ended one by one", async () => {
      const [first, second] = [await as("application"), await as("application")];
      const other = await as("replicationSource");
      await execute(statements.lockStatement(["application"], true));
      await first.query(INSERT);
      const open = await execute(statements.sessionsQuestion(["application"]));
      assert.deepEqual(
        open.map(([id]) => Number(id)),
        [first.threadId, second.threadId],
      );
      for (const [id] of open) await execute(statements.killStatement(Number(id)));
      await until(() => execute(statements.sessionsQuestion(["application"])), []);
      for (const session of [first, second]) await assert.rejects(session.query("SELECT 1"));
      await other.query("SELECT 1");
    });

    it("is followed by an end that rolls an open transaction back", async () => {
      const app = await as("application");
      await app.query("BEGIN");
      await app.query(INSERT);
      const count = () => execute(statements.transactionsQuestion(WRITERS));
      await until(count, [["1"]]);
      await execute(statements.killStatement(app.threadId));
      await until(count, [["0"]]);
      assert.deepEqual(await payments(), []);
    });

    it("does not count transactions of those who only read, nor its own", async () => {
      const source = await as("replicationSource");
      await source.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
      await source.query("SELECT * FROM payments.payment");
      await admin.query("BEGIN");
      await admin.query("INSERT INTO payments.payment VALUES (2, 1)");
      // What it showed before counts for nothing.
      await new Promise((wake) => setTimeout(wake, 150));
      assert.deepEqual(await execute(statements.transactionsQuestion(WRITERS)), [["0"]]);
    });
  });

  it("sees what XA has prepared, when nobody is there any more to commit it", async () => {
    const app = await as("application");
    for (const sql of ["XA START 'a'", INSERT, "XA END 'a'", "XA PREPARE 'a'"])
      await app.query(sql);
    app.destroy();
    await until(() => execute(statements.sessionsQuestion(["application"])), []);
    try {
      assert.equal((await execute(statements.XA_QUESTION)).length, 1);
      await until(() => execute(statements.transactionsQuestion(WRITERS)), [["1"]]);
    } finally {
      await admin.query("XA ROLLBACK 'a'");
    }
    assert.deepEqual(await execute(statements.XA_QUESTION), []);
  });

  describe("a marker", () => {
    const isThere = () => execute(statements.markerQuestion(ID));

    it("is written behind the fence, and found by its name alone", async () => {
      await execute(statements.readOnlyStatement(true));
      await execute(statements.markerStatement({ ...MARKER, id: ID.replace("1", "2") }));
      assert.deepEqual(await isThere(), []);
      await execute(statements.markerStatement(MARKER));
      assert.deepEqual(await isThere(), [[ID]]);
      const columns = "SELECT epoch, direction, kind FROM cutover.marker";
      const written = await rows(admin, `${columns} WHERE id = '${ID}'`);
      assert.deepEqual(written, [["7", "blue-to-green", "barrier"]]);
    });

    it("leaves no trace the second time", async () => {
      await execute(statements.markerStatement(MARKER));
      const before = await position();
      await execute(statements.markerStatement(MARKER));
      assert.deepEqual(await position(), before);
    });

    it("has an age when it is a heartbeat, counted for each direction", async () => {
      const age = (from: "blue" | "green") => execute(statements.heartbeatQuestion(from));
      await execute(statements.markerStatement(MARKER));
      assert.deepEqual(await age("blue"), [["null"]]);
      await execute(
        statements.markerStatement({ ...MARKER, id: "a heartbeat", kind: "heartbeat" }),
      );
      await admin.query(
        "UPDATE cutover.marker SET written_at = NOW(3) - INTERVAL 100 SECOND WHERE id = 'a heartbeat'",
      );
      const [[microseconds] = []] = await age("blue");
      assert.ok(Number(microseconds) >= 99_999_000 && Number(microseconds) < 160_000_000);
      assert.deepEqual(await age("green"), [["null"]]);
    });
  });

  describe("the binary log", () => {
    it("shows nothing but the marker when nobody else wrote", async () => {
      const since = await position();
      assert.deepEqual(await straysSince(since), []);
      await execute(statements.markerStatement(MARKER));
      assert.notDeepEqual(await position(), since);
      assert.deepEqual(await straysSince(since), []);
    });

    for (const [name, expected, ...sql] of [
      ["a payment", "rows of payments.payment", INSERT],
      ["one beside a marker", "rows of payments.payment", "BEGIN", "MARKER", INSERT, "COMMIT"],
      ["a migration", "a statement ALTER TABLE", "ALTER TABLE payments.payment ADD note TEXT"],
      ["an account", "a statement CREATE USER", "CREATE USER app_clone IDENTIFIED BY 'hunter2'"],
      [
        "a statement in another schema",
        "a statement CREATE TABLE",
        "USE payments",
        "CREATE TABLE x (id INT)",
      ],
    ] as const)
      it(`shows ${name}`, async () => {
        const since = await position();
        for (const text of sql)
          await admin.query(text === "MARKER" ? statements.markerStatement(MARKER).sql : text);
        assert.deepEqual(await straysSince(since), [expected]);
      });
  });

  it("may be asked by the administrator for replication's troubles", async () => {
    for (const table of ["awsdms_apply_exceptions", "awsdms_suspended_tables"])
      await admin.query(`CREATE TABLE awsdms_control.${table} (id INT)`);
    await admin.query("INSERT INTO awsdms_control.awsdms_suspended_tables VALUES (1), (2)");
    assert.deepEqual(await execute(statements.TROUBLES_QUESTION), [["0", "2"]]);
  });
});
