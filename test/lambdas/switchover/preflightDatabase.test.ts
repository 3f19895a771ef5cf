import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import { type Known, known, unknown } from "../../../lambdas/common/ports";
import {
  COMPARED,
  type ComparedName,
  LINTS,
  type LintName,
  type Row,
} from "../../../lambdas/switchover/lint";
import { type Answers, CHECK_NAMES, preflight } from "../../../lambdas/switchover/preflight";
import { MASTER, type MariaDb, startMariaDb } from "../../support/mariadb";
import { login, makeCluster, run } from "./cluster";

/** MariaDB's root is what RDS's own user is on Aurora. */
const ADMINISTRATORS = ["payments_admin", MASTER.username, "root"];

/**
 * Goal: the pre-flight finds on a database each fault that it knows, and none where there is none.
 * Method: its questions on a real server, in a schema that has the fault and in a clean one.
 */
describe("the pre-flight on a real database", function () {
  this.timeout(60_000);
  let db: MariaDb;
  let root: Connection;
  let master: Connection;
  let healthy: Answers;

  before(async function () {
    db = await startMariaDb(this, "the pre-flight on a real database");
    root = await db.asRoot();
    master = await db.connect(MASTER.username, MASTER.password);
    await makeCluster(db);
    healthy = await ask(master);
  });
  after(() => {
    for (const session of [root, master]) session?.destroy();
    return db?.stop();
  });
  beforeEach(() => makeCluster(db));

  async function ask(session: Connection): Promise<Answers> {
    const answers: { [check: string]: Known<Row[]> } = {};
    for (const check of CHECK_NAMES) {
      const sql = check in LINTS ? LINTS[check as LintName].sql : COMPARED[check as ComparedName];
      try {
        answers[check] = known(await run(session, { what: check, sql }));
      } catch (error) {
        answers[check] = unknown((error as Error).message);
      }
    }
    return answers as Answers;
  }

  /** Findings in words, where green is clean, and has blue's tables if it is not compared with it. */
  async function findings(session = master, isCompared = false): Promise<string[]> {
    const blue = await ask(session);
    const { columns, indexes } = isCompared ? healthy : blue;
    const answers = { blue, green: { ...healthy, columns, indexes } };
    return preflight(answers, ADMINISTRATORS).map(
      ({ check, cluster = "both", table = "", reason }) =>
        `${check} ${cluster} ${table}: ${reason}`,
    );
  }

  it("finds nothing wrong with what the bootstrap made", async () => {
    assert.deepEqual(await findings(master, true), []);
  });

  const PAYMENT = "payments.payment";
  const cases: [name: string, faults: string[], expected: RegExp[], undo?: string][] = [
    ...["ON DELETE CASCADE", "ON UPDATE CASCADE", "ON DELETE SET NULL"].map(
      (action): [string, string[], RegExp[]] => [
        `a foreign key ${action}`,
        [
          `CREATE TABLE payments.refund (id INT PRIMARY KEY, payment INT, CONSTRAINT of_payment FOREIGN KEY (payment) REFERENCES ${PAYMENT} (id) ${action})`,
        ],
        [/^foreignKeys blue payments\.refund: foreign key of_payment changes rows/],
      ],
    ),
    [
      "a table without a primary key",
      ["CREATE TABLE payments.note (text INT)"],
      [/^primaryKeys blue payments\.note: it has no primary key/],
    ],
    [
      "a generated column",
      [`ALTER TABLE ${PAYMENT} ADD euros INT AS (cents / 100)`],
      [/^hiddenColumns blue payments\.payment: column euros is generated or invisible/],
    ],
    [
      "an invisible column",
      [`ALTER TABLE ${PAYMENT} ADD secret INT INVISIBLE`],
      [/^hiddenColumns blue payments\.payment: column secret is generated or invisible/],
    ],
    [
      "a trigger",
      [`CREATE TRIGGER payments.t BEFORE INSERT ON ${PAYMENT} FOR EACH ROW SET NEW.cents = 1`],
      [/^triggers blue payments\.payment: trigger t would act/],
    ],
    [
      "an event",
      ["CREATE EVENT payments.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM payments.payment"],
      [/^events blue : event payments\.e may write/],
    ],
    [
      "an application that the fence does not bind",
      ["GRANT CONNECTION ADMIN ON *.* TO app"],
      [/^privileges blue : 'app'@'%' has CONNECTION ADMIN/],
    ],
    [
      "a replication that may do everything",
      ["GRANT SUPER, BINLOG ADMIN ON *.* TO dms_target"],
      [
        /^privileges blue : 'dms_target'@'%' has (SUPER|BINLOG ADMIN)/,
        /^privileges blue : 'dms_target'@'%' has (SUPER|BINLOG ADMIN)/,
      ],
    ],
    [
      "a role",
      ["CREATE ROLE powers", "GRANT powers TO app"],
      [/^roles blue : 'app'@'%' has role powers/],
      "DROP ROLE powers",
    ],
    ...["payments.*", "*.*", PAYMENT].map((where): [string, string[], RegExp[]] => [
      `a writer to ${where} that nobody knows`,
      ["CREATE USER report", `GRANT UPDATE ON ${where} TO report`],
      [/^writers blue : 'report'@'%' may write payments/],
    ]),
    [
      "the application from another host",
      ["CREATE USER app@'10.0.0.1'", "GRANT INSERT ON payments.* TO app@'10.0.0.1'"],
      [/^writers blue : 'app'@'10\.0\.0\.1' may write payments/],
      "DROP USER app@'10.0.0.1'",
    ],
    [
      "a log that holds statements",
      ["SET GLOBAL binlog_format = MIXED"],
      [/^settings blue : binlog_format is MIXED, must be ROW/],
      "SET GLOBAL binlog_format = ROW",
    ],
    [
      "a scheduler that runs",
      ["SET GLOBAL event_scheduler = ON"],
      [/^settings blue : event_scheduler is ON, must be OFF/],
      "SET GLOBAL event_scheduler = OFF",
    ],
    [
      "a short retention",
      ["CALL mysql.rds_set_configuration('binlog retention hours', 24)"],
      [/^retention blue : binlog retention hours is 24/],
    ],
    [
      "a transaction that XA has prepared",
      ["XA START 'a'", `INSERT INTO ${PAYMENT} VALUES (1, 1)`, "XA END 'a'", "XA PREPARE 'a'"],
      [/^preparedXa blue : XA has prepared transaction a,/],
      "XA ROLLBACK 'a'",
    ],
    [
      "a column that the other cluster has not",
      [`ALTER TABLE ${PAYMENT} ADD note INT`],
      [/^columns both payments\.payment: column note is "int\(11\) YES NULL " in blue and missing/],
    ],
    [
      "a column of another type",
      [`ALTER TABLE ${PAYMENT} MODIFY cents BIGINT`],
      [/^columns both payments\.payment: column cents is "bigint\(20\) .*" in blue and "int\(11\)/],
    ],
    [
      "a key that lets doubles in",
      [`CREATE UNIQUE INDEX once ON ${PAYMENT} (cents)`],
      [/^indexes both payments\.payment: index once 1 is "cents unique" in blue and missing/],
    ],
  ];
  for (const [name, faults, expected, undo] of cases)
    it(`finds ${name}`, async () => {
      try {
        for (const sql of faults) await root.query(sql);
        const isCompared = / both /.test(String(expected));
        const found = await findings(master, isCompared);
        assert.equal(found.length, expected.length, found.join("\n"));
        expected.forEach((pattern, index) => {
          assert.match(found[index] ?? "", pattern);
        });
      } finally {
        if (undo !== undefined) await root.query(undo);
      }
    });

  it("does not take a default that is computed for a generated column", async () => {
    await root.query(
      "CREATE TABLE payments.x (id INT PRIMARY KEY, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)",
    );
    const found = await findings();
    assert.deepEqual(
      found.filter((text) => text.startsWith("hidden")),
      [],
    );
  });

  it("finds a transaction that is long open, and none that has just begun", async () => {
    const session = await db.connect(MASTER.username, MASTER.password);
    try {
      await session.query("START TRANSACTION");
      await session.query(`INSERT INTO ${PAYMENT} VALUES (2, 2)`);
      assert.deepEqual(await findings(), []);
      await pause(2_200);
      const [found = "", ...others] = await findings();
      assert.match(
        found,
        /^longTransactions blue : session \d+ has had a transaction open for [23] s/,
      );
      assert.deepEqual(others, []);
    } finally {
      await session.query("ROLLBACK");
      session.destroy();
      // Asked sooner, InnoDB shows what it last showed.
      await pause(200);
    }
  });

  it("passes over the record of migrations, which is each cluster's own", async () => {
    await root.query("CREATE TABLE cutover.migrations (name VARCHAR(9) PRIMARY KEY)");
    assert.deepEqual(await findings(master, true), []);
  });

  it("is clean to the administrator, with what the bootstrap grants and nothing else", async () => {
    const admin = await login(db, "administrator");
    try {
      assert.deepEqual(await findings(admin, true), []);
    } finally {
      admin.destroy();
    }
  });

  it("shows the administrator an event and a trigger", async () => {
    await root.query(
      "CREATE EVENT payments.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM payments.payment",
    );
    await root.query(
      `CREATE TRIGGER payments.t BEFORE INSERT ON ${PAYMENT} FOR EACH ROW SET NEW.cents = 1`,
    );
    const admin = await login(db, "administrator");
    try {
      const checks = (await findings(admin)).map((text) => text.split(" ", 1)[0]);
      assert.deepEqual(checks, ["triggers", "events"]);
    } finally {
      admin.destroy();
    }
  });

  it("tells whoever is not shown something, instead of calling it clean", async () => {
    const admin = await login(db, "administrator");
    await root.query("REVOKE TRIGGER, EVENT ON payments.* FROM payments_admin@'%'");
    try {
      assert.deepEqual(await findings(admin), [
        "sight blue : whoever asked has no privilege TRIGGER on payments, and is shown none there",
        "sight blue : whoever asked has no privilege EVENT on payments, and is shown none there",
      ]);
    } finally {
      admin.destroy();
    }
  });
});
