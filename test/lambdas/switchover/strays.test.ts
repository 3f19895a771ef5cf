import assert from "node:assert/strict";
import { EVENT_LIMIT } from "../../../lambdas/switchover/statements";
import { type LogEvent, strays } from "../../../lambdas/switchover/strays";

/** A transaction that changes a row of a table, in MySQL's words. */
function writing(table: string): LogEvent[] {
  return [
    { type: "Anonymous_Gtid", info: "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'" },
    { type: "Query", info: "BEGIN" },
    { type: "Table_map", info: `table_id: 97 (${table})` },
    { type: "Write_rows", info: "table_id: 97 flags: STMT_END_F" },
    { type: "Xid", info: "COMMIT /* xid=42 */" },
  ];
}

describe("strays", () => {
  const cases: [name: string, events: LogEvent[], expected: string[]][] = [
    ["nothing", [], []],
    ["the marker", writing("cutover.marker"), []],
    ["RDS's own records", writing("mysql.rds_heartbeat2"), []],
    ["a payment", writing("payments.payment"), ["rows of payments.payment"]],
    [
      "a payment after the marker",
      [...writing("cutover.marker"), ...writing("payments.payment")],
      ["rows of payments.payment"],
    ],
    [
      "the same twice",
      [...writing("payments.payment"), ...writing("payments.payment")],
      ["rows of payments.payment"],
    ],
    ["an account's row", writing("mysql.user"), ["rows of mysql.user"]],
    ["a table like the marker's", writing("cutover.marker2"), ["rows of cutover.marker2"]],
    ["a schema like RDS's", writing("mysql_rds.rds_x"), ["rows of mysql_rds.rds_x"]],
    ["rows of a table that is not told", [{ type: "Table_map", info: "" }], ["rows of a table"]],
    [
      "a statement with a secret in it",
      [{ type: "Query", info: "ALTER USER 'app'@'%' IDENTIFIED WITH 'x' AS 'hunter2'" }],
      ["a statement ALTER USER"],
    ],
    [
      "a statement in a schema",
      [{ type: "Query", info: "use `payments`; DROP TABLE payment" }],
      ["a statement DROP TABLE"],
    ],
    [
      "a statement that is a comment",
      [{ type: "Query", info: "/* x */ DROP TABLE payment" }],
      ["a statement that cannot be read"],
    ],
    ["an empty statement", [{ type: "Query", info: "" }], ["a statement that cannot be read"]],
    ["XA", [{ type: "XA_prepare", info: "XA PREPARE X'61',X'',1" }], ["an event XA_prepare"]],
    [
      "what is compressed",
      [{ type: "Transaction_payload", info: "" }],
      ["an event Transaction_payload"],
    ],
    ["a log that ends", [{ type: "Rotate", info: "next.000002;pos=4" }], ["an event Rotate"]],
    ["a server that ends", [{ type: "Stop", info: "" }], ["an event Stop"]],
  ];
  for (const [name, events, expected] of cases)
    it(`of ${name}: ${expected.join() || "none"}`, () => {
      assert.deepEqual(strays(events), expected);
    });

  it("do not trust a log that may go on where it was cut off", () => {
    const harmless: LogEvent = { type: "Xid", info: "" };
    assert.deepEqual(strays(Array(EVENT_LIMIT - 1).fill(harmless)), []);
    assert.deepEqual(strays(Array(EVENT_LIMIT).fill(harmless)), [`${EVENT_LIMIT} events or more`]);
  });
});
