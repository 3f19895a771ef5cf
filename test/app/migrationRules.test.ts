import assert from "node:assert/strict";
import { refusalOf } from "../../app/migrationRules";
import { readStatements } from "../../app/sqlStatements";

const refusals = (sql: string) => readStatements(sql).map(({ judged }) => refusalOf(judged));

/** Goal: what a color that still runs, a rollback or replication could not live with is refused. */
describe("rules for migrations", () => {
  const allowed = [
    "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, name VARCHAR(9) NOT NULL)",
    "create table if not exists payments.t (id int, primary key (id))",
    "CREATE INDEX by_name ON t (name)",
    "ALTER TABLE t ADD COLUMN a INT",
    "ALTER TABLE t ADD a INT NULL, ADD COLUMN b DECIMAL(9, 2) NOT NULL DEFAULT 0.00",
    "ALTER TABLE `t` ADD INDEX by_a (a, b), ALGORITHM=INPLACE, LOCK=NONE",
    "ALTER TABLE t ADD KEY by_a (a)",
    "ALTER TABLE t ADD COLUMN at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)",
    "ALTER TABLE t ADD COLUMN dropped INT COMMENT 'do not DROP, RENAME or TRUNCATE; ever'",
    "ALTER TABLE t ADD COLUMN `check` INT",
    "CREATE TABLE t (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE RESTRICT)",
  ];
  for (const sql of allowed)
    it(`allow ${sql}`, () => {
      assert.deepEqual(refusals(sql), [undefined]);
    });

  const ONLY = /only CREATE TABLE, CREATE INDEX and ALTER TABLE \.\.\. ADD are allowed/;
  const refused: [sql: string, why: RegExp][] = [
    ["DROP TABLE t", ONLY],
    ["drop index by_name on t", ONLY],
    ["RENAME TABLE t TO u", ONLY],
    ["TRUNCATE t", ONLY],
    ["DELETE FROM t", ONLY],
    ["UPDATE t SET a = 1", ONLY],
    ["CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", ONLY],
    ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", ONLY],
    ["CREATE PROCEDURE p() SELECT 1", ONLY],
    ["CREATE OR REPLACE TABLE t (id INT PRIMARY KEY)", ONLY],
    ["CREATE UNIQUE INDEX by_name ON t (name)", ONLY],
    ["CREATE TABLE t LIKE u", ONLY],
    ["CREATE TABLE t (id INT)", /without PRIMARY KEY/],
    ["CREATE TABLE t (id INT PRIMARY KEY) SELECT 1 AS id", /SELECT: rows are not copied/],
    ["CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT)", /AUTO_INCREMENT: two databases/],
    ["CREATE TABLE t (id INT PRIMARY KEY, b INT AS (id + 1) VIRTUAL)", /a generated column/],
    ["ALTER TABLE t ADD COLUMN b INT GENERATED ALWAYS AS (a) STORED", /a generated column/],
    ["ALTER TABLE t ADD COLUMN b INT AS(a)", /a generated column/],
    ["ALTER TABLE t ADD COLUMN b INT INVISIBLE", /INVISIBLE: replication/],
    [
      "CREATE TABLE t (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)",
      /changes other rows: .* not in the binary log/,
    ],
    [
      "CREATE TABLE t (id INT PRIMARY KEY, p INT REFERENCES p (id) ON UPDATE SET NULL)",
      /changes other rows/,
    ],
    ["CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY HASH (id)", /partitions/],
    ["ALTER TABLE t DROP COLUMN a", /DROP COLUMN a: the color that still runs may need it/],
    ["ALTER TABLE t ADD COLUMN b INT, DROP COLUMN a", /DROP COLUMN a/],
    ["ALTER TABLE t RENAME COLUMN a TO b", /knows the old name/],
    ["ALTER TABLE t RENAME TO u", /knows the old name/],
    ["ALTER TABLE t MODIFY COLUMN a BIGINT", /relies on the column as it is/],
    ["ALTER TABLE t CHANGE a b INT", /relies on the column as it is/],
    ["ALTER TABLE t ALTER COLUMN a SET DEFAULT 1", /changes other rows|relies on the column/],
    ["ALTER TABLE t ALTER a DROP DEFAULT", /relies on the column as it is/],
    ["ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", /relies on the column as it is/],
    ["ALTER TABLE t ADD COLUMN b INT NOT NULL", /without a DEFAULT .* could write no more rows/],
    ["ALTER TABLE t ADD UNIQUE KEY by_a (a)", /may write rows that it forbids/],
    ["ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", /may write rows that it forbids/],
    ["ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id)", /may write rows that it forbids/],
    ["ALTER TABLE t ADD COLUMN b INT FIRST", /columns in the same order/],
    ["ALTER TABLE t ADD COLUMN b INT AFTER a", /columns in the same order/],
    ["ALTER TABLE t ADD COLUMN (b INT, c INT NOT NULL)", /an ADD COLUMN of its own/],
    ["ALTER TABLE t ADD FULLTEXT INDEX f (a)", /only ADD COLUMN and ADD INDEX/],
    ["ALTER TABLE t ENGINE = MyISAM", /only ADD COLUMN and ADD INDEX/],
    ["ALTER TABLE t /* , */ DROP /* it */ COLUMN a", /DROP COLUMN a/],
  ];
  for (const [sql, why] of refused)
    it(`refuse ${sql}`, () => {
      const [refusal, ...more] = refusals(sql);
      assert.deepEqual(more, []);
      assert.match(refusal ?? "allowed", why);
    });

  it("look at every statement of a file, and at none of its comments", () => {
    const text = `-- DROP TABLE a;
      CREATE TABLE a (id INT PRIMARY KEY); # DROP TABLE a;
      /* DROP TABLE a; */ DROP TABLE a;
      ALTER TABLE a ADD COLUMN b VARCHAR(9) DEFAULT ';it''s \\';';`;
    const found = refusals(text).map((refusal) => refusal === undefined);
    assert.deepEqual(found, [true, false, true]);
    const sql = readStatements(text).map((statement) => statement.sql);
    assert.deepEqual(sql, [
      "CREATE TABLE a (id INT PRIMARY KEY)",
      "DROP TABLE a",
      "ALTER TABLE a ADD COLUMN b VARCHAR(9) DEFAULT ';it''s \\';'",
    ]);
  });

  it("refuse a comment that the server would run", () => {
    for (const text of ["/*!80000 DROP TABLE a */", "/*M! DROP TABLE a */", "/*+ hint */ SELECT 1"])
      assert.throws(() => readStatements(text), /a comment that is run/);
  });
});
