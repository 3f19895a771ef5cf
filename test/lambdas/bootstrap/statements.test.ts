import assert from "node:assert/strict";
import { DATABASE_USERS } from "../../../lambdas/bootstrap/contract";
import { namesOf } from "../../../lambdas/bootstrap/credentials";
import { statementTexts } from "../../../lambdas/bootstrap/handler";
import {
  existingUsers,
  grantStatements,
  literal,
  lockStatement,
  markerStatement,
  schemaStatements,
  userStatements,
  WAS_PREPARED,
} from "../../../lambdas/bootstrap/statements";

const ROWS = "SELECT, INSERT, UPDATE, DELETE";
const TABLES = "ALTER, CREATE, DROP, INDEX, INSERT, UPDATE, DELETE, SELECT";

function grants(user: (typeof DATABASE_USERS)[number]): string[] {
  return grantStatements(user, namesOf(user).slice(0, 1)).map(({ sql }) => sql);
}

describe("the bootstrap's statements", () => {
  it("make the schemas, and keep the binary log for a week", () => {
    assert.deepEqual(
      schemaStatements().map(({ sql }) => sql),
      [
        "CREATE DATABASE IF NOT EXISTS payments",
        "CREATE DATABASE IF NOT EXISTS cutover",
        "CREATE DATABASE IF NOT EXISTS awsdms_control",
        "CALL mysql.rds_set_configuration('binlog retention hours', 168)",
      ],
    );
  });

  it("make the marker table, and look for it", () => {
    assert.match(markerStatement().sql, /^CREATE TABLE IF NOT EXISTS cutover\.marker \(/);
    assert.match(WAS_PREPARED, /table_schema = 'cutover' AND table_name = 'marker'$/);
  });

  it("make a user, give it its password, and ask it for TLS each time", () => {
    const credentials = { username: "app", password: "secret" };
    const [make, set] = userStatements(credentials, false);
    const identified = "'app'@'%' IDENTIFIED BY 'secret' REQUIRE SSL";
    assert.deepEqual(make, {
      what: "make user app",
      sql: `CREATE USER IF NOT EXISTS ${identified}`,
      password: "secret",
    });
    assert.deepEqual(set, {
      what: "set the password of app",
      sql: `ALTER USER ${identified}`,
      password: "secret",
    });
  });

  it("make a user locked when they are told to, and never touch the lock of one that is there", () => {
    const credentials = { username: "app", password: "secret" };
    const [make, set] = userStatements(credentials, true);
    assert.match(make?.sql ?? "", / REQUIRE SSL ACCOUNT LOCK$/);
    assert.deepEqual(set, userStatements(credentials, false)[1]);
  });

  it("lock, and never unlock: that is a switchover's business", () => {
    assert.equal(lockStatement("app_clone").sql, "ALTER USER 'app_clone'@'%' ACCOUNT LOCK");
    assert.doesNotMatch(statementTexts().join(), /UNLOCK/);
  });

  it("grant the application its rows, and nothing else", () => {
    assert.deepEqual(grants("application"), [`GRANT ${ROWS} ON payments.* TO 'app'@'%'`]);
  });

  it("grant AWS DMS what it asks for in a source", () => {
    assert.deepEqual(grants("migration"), [
      "GRANT SELECT, INSERT, CREATE, ALTER, INDEX, REFERENCES ON payments.* TO 'app_schema'@'%'",
      "GRANT SELECT, INSERT, CREATE ON cutover.migrations TO 'app_schema'@'%'",
    ]);
    assert.deepEqual(grants("replicationSource"), [
      "GRANT SELECT ON payments.* TO 'dms_source'@'%'",
      "GRANT SELECT ON cutover.* TO 'dms_source'@'%'",
      "GRANT REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO 'dms_source'@'%'",
    ]);
  });

  it("grant AWS DMS what it asks for in a target", () => {
    assert.deepEqual(grants("replicationTarget"), [
      `GRANT ${TABLES} ON payments.* TO 'dms_target'@'%'`,
      `GRANT ${TABLES} ON cutover.* TO 'dms_target'@'%'`,
      "GRANT ALL PRIVILEGES ON awsdms_control.* TO 'dms_target'@'%'",
    ]);
  });

  it("grant the administrator what rotation and a switchover need", () => {
    const may = (what: string, option = "") => `GRANT ${what} TO 'payments_admin'@'%'${option}`;
    const OPTION = " WITH GRANT OPTION";
    assert.deepEqual(grants("administrator"), [
      may("CREATE USER, PROCESS, REPLICATION CLIENT, REPLICATION SLAVE ON *.*", OPTION),
      may("CONNECTION_ADMIN ON *.*"),
      may("XA_RECOVER_ADMIN ON *.*"),
      may("SELECT, UPDATE ON mysql.*"),
      may(`${TABLES}, REFERENCES ON payments.*`, OPTION),
      may(`${TABLES} ON cutover.*`, OPTION),
      may("ALL PRIVILEGES ON awsdms_control.*", OPTION),
      may("TRIGGER, EVENT ON payments.*"),
      may("TRIGGER, EVENT ON cutover.*"),
      may("EXECUTE ON PROCEDURE mysql.rds_set_read_only"),
      may("EXECUTE ON PROCEDURE mysql.rds_kill"),
      may("EXECUTE ON PROCEDURE mysql.rds_show_configuration"),
    ]);
  });

  it("grant a twin the same, where there is one", () => {
    const both = grantStatements("application", ["app", "app_clone", "dms_source"]);
    assert.deepEqual(
      both.map(({ sql }) => sql),
      ["app", "app_clone"].map((name) => `GRANT ${ROWS} ON payments.* TO '${name}'@'%'`),
    );
  });

  it("name every user and twin among those that are changed with the program", () => {
    const texts = statementTexts().join("\n");
    for (const name of DATABASE_USERS.flatMap(namesOf)) {
      assert.match(texts, new RegExp(`CREATE USER IF NOT EXISTS '${name}'@`));
      assert.match(texts, new RegExp(`GRANT .* TO '${name}'@`));
    }
    assert.match(texts, /CALL mysql\.rds_set_configuration/);
    assert.match(texts, /CREATE TABLE IF NOT EXISTS cutover\.marker/);
  });

  it("ask for the users of a name who may come from anywhere", () => {
    const sql = "SELECT user FROM mysql.user WHERE host = '%' AND user IN ('app', 'app_clone')";
    assert.equal(existingUsers(["app", "app_clone"]), sql);
  });

  for (const [text, expected] of [
    ["", "''"],
    ["it's", "'it''s'"],
    ["a\\", "'a\\\\'"],
    ["\\' OR 1=1 --", "'\\\\'' OR 1=1 --'"],
  ] as const)
    it(`write ${JSON.stringify(text)} so that MySQL reads it back`, () => {
      assert.equal(literal(text), expected);
    });
});
