import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { connect } from "../../app/connect";
import { parseCredentials } from "../../app/credentials";
import { type Migration, migrate, readMigrations } from "../../app/migrations";
import { rows } from "../support/mariadb";
import { awsEnvironment, REGION } from "../support/moto";
import { type Cluster, ENDPOINT, MIGRATIONS } from "./cluster";
import { startProgram } from "./program";
import { World } from "./world";

/**
 * Goal: tables only ever grow, so that both colors and every rollback can live with them; and a run
 * that broke off, or comes twice, does no harm.
 * Method: the program and its parts on a real database, as the user whom production gives the right.
 */
describe("migrations", function () {
  this.timeout(60_000);
  let world: World;
  let blue: Cluster;
  let session: Connection;
  let folder: string;

  before(async function () {
    world = await World.begin(this, "migrations", ["blue"]);
    blue = world.cluster("blue");
    session = await blue.asSchemaOwner();
    folder = mkdtempSync(join(tmpdir(), "migrations-"));
  });
  after(async () => {
    session?.destroy();
    if (folder) rmSync(folder, { recursive: true });
    await world?.stop();
  });

  const migration = (name: string, ...statements: string[]): Migration => ({
    name,
    statements,
    hash: name.padEnd(64, "0"),
  });
  const columns = async (table: string) =>
    (await rows(blue.root, `SHOW COLUMNS FROM payments.${table}`)).map(([name]) => name);

  async function runProgram(changes: { [name: string]: string } = {}) {
    const program = startProgram("migrate", {
      ...awsEnvironment(world.aws.url),
      AWS_REGION: REGION,
      PAYMENTS_COLOR: "blue",
      PAYMENTS_MIGRATION_ENDPOINT: ENDPOINT,
      PAYMENTS_MIGRATION_SECRET: blue.secretArn("migration"),
      PAYMENTS_DATABASE_CA_FILE: blue.caFile,
      ...changes,
    });
    const code = await program.ended;
    return { code, errors: program.errors(), lines: program.lines.map((line) => JSON.parse(line)) };
  }

  it("run from the image for one cluster, and the second time there is nothing to do", async () => {
    for (const table of ["payments.payment", "payments.idempotency", "cutover.migrations"])
      await blue.root.query(`DROP TABLE ${table}`);
    const first = await runProgram();
    assert.equal(first.code, 0, first.errors);
    const { time: _, ...line } = first.lines[0];
    assert.deepEqual(line, {
      level: "info",
      color: "blue",
      message: "migrated",
      cluster: ENDPOINT,
      migrations: "0001-payments.sql",
    });
    const tables = await columns("payment");
    const second = await runProgram();
    assert.equal(second.code, 0, second.errors);
    assert.equal(second.lines[0].migrations, "nothing to do");
    assert.deepEqual(await columns("payment"), tables);
    const recorded = await rows(blue.root, "SELECT name, hash FROM cutover.migrations");
    assert.deepEqual(
      recorded,
      readMigrations(MIGRATIONS).map(({ name, hash }) => [name, hash]),
    );
  });

  it("fail with a reason: no right to change tables, no settings", async () => {
    const denied = await runProgram({ PAYMENTS_MIGRATION_SECRET: blue.secretArn("application") });
    assert.equal(denied.code, 1);
    assert.match(denied.errors, /denied/);
    const unset = await runProgram({ PAYMENTS_MIGRATION_ENDPOINT: "", AWS_REGION: "here" });
    assert.equal(unset.code, 2);
    assert.match(
      unset.errors,
      /PAYMENTS_MIGRATION_ENDPOINT: got nothing, .*\n.*AWS_REGION: got "here"/,
    );
  });

  it("leave no record where everything is replicated", async () => {
    const tables = await rows(blue.root, "SHOW TABLES IN payments");
    assert.deepEqual(tables.flat(), ["idempotency", "payment"]);
  });

  it("go on where they broke off", async () => {
    const statements = [
      "CREATE TABLE two (id INT PRIMARY KEY)",
      "ALTER TABLE two ADD COLUMN a INT",
      "CREATE INDEX by_a ON two (a)",
    ];
    const broken = migration("0101-two.sql", ...statements, "ALTER TABLE nowhere ADD COLUMN b INT");
    await assert.rejects(migrate(session, [broken]), /^Error: 0101-two\.sql: .*nowhere/);
    assert.deepEqual(await columns("two"), ["id", "a"]);
    const mended = migration("0101-two.sql", ...statements, "ALTER TABLE two ADD COLUMN b INT");
    assert.deepEqual(await migrate(session, [mended]), ["0101-two.sql"]);
    assert.deepEqual(await columns("two"), ["id", "a", "b"]);
  });

  it("wait for one another", async () => {
    const third = migration(
      "0102-three.sql",
      "CREATE TABLE three (id INT PRIMARY KEY)",
      "DO SLEEP(0.2)",
    );
    const sessions = await Promise.all([1, 2, 3].map(() => blue.asSchemaOwner()));
    const run = async (own: Connection) => {
      const ran = await migrate(own, [third]);
      await own.end();
      return ran;
    };
    const ran = await Promise.all(sessions.map(run));
    assert.deepEqual(ran.flat(), ["0102-three.sql"]);
  });

  it("must not be changed once they ran", async () => {
    const changed = { ...migration("0102-three.sql"), hash: "other" };
    await assert.rejects(migrate(session, [changed]), /changed after they ran: 0102-three/);
  });

  it("are none of the application's own rights", async () => {
    const text = blue.secretText("application");
    const target = { endpoint: ENDPOINT, caPem: blue.caPem, connectTimeout: 3_000 };
    const application = await connect(target, parseCredentials(text));
    await assert.rejects(application.query("CREATE TABLE four (id INT PRIMARY KEY)"), /denied/);
    application.destroy();
  });

  it("of the application are all allowed", () => {
    assert.deepEqual(
      readMigrations(MIGRATIONS).map(({ name }) => name),
      ["0001-payments.sql"],
    );
  });

  it("are refused all together, with everything that is wrong, before any is run", () => {
    writeFileSync(join(folder, "0001-good.sql"), "CREATE TABLE a (id INT PRIMARY KEY);");
    writeFileSync(join(folder, "0002-bad.sql"), "DROP TABLE a; ALTER TABLE a ADD COLUMN b INT;");
    writeFileSync(join(folder, "late.sql"), "TRUNCATE TABLE a");
    assert.throws(() => readMigrations(folder), {
      message: [
        "refused, nothing was run:",
        "0002-bad.sql: DROP TABLE: only CREATE TABLE, CREATE INDEX and ALTER TABLE ... ADD are allowed",
        "late.sql: TRUNCATE TABLE: only CREATE TABLE, CREATE INDEX and ALTER TABLE ... ADD are allowed",
        "late.sql: a name must be like 0001-payments.sql",
      ].join("\n  "),
    });
  });
});
