import assert from "node:assert/strict";
import { known, unknown } from "../../../lambdas/common/ports";
import { type Answers, CHECK_NAMES, preflight } from "../../../lambdas/switchover/preflight";
import { clean } from "./answers";

const ADMINISTRATORS = ["payments_admin", "paymentsmaster"];

/** Findings in words, where blue answers well but for this. */
function found(blue: Partial<Answers>, green: Partial<Answers> = {}): string[] {
  const answers = { blue: { ...clean(), ...blue }, green: { ...clean(), ...green } };
  return preflight(answers, ADMINISTRATORS).map(
    ({ check, cluster = "both", table, reason }) =>
      `${check} ${cluster}: ${table === undefined ? "" : `${table}, `}${reason}`,
  );
}

describe("preflight", () => {
  it("finds nothing wrong with clusters that are clean and alike", () => {
    assert.deepEqual(found({}), []);
  });

  for (const check of CHECK_NAMES)
    for (const cluster of ["blue", "green"] as const)
      it(`takes ${check} that cannot be read of ${cluster} for a fault`, () => {
        const unread = { [check]: unknown("no answer") };
        const findings = cluster === "blue" ? found(unread) : found({}, unread);
        assert.deepEqual(findings, [`${check} ${cluster}: it could not be read: no answer`]);
      });

  const cases: [name: string, blue: Partial<Answers>, expected: string[]][] = [
    [
      "an account that the fence does not bind",
      { privileges: known([["'app'@'%'", "CONNECTION_ADMIN"]]) },
      ["privileges blue: 'app'@'%' has CONNECTION_ADMIN and is not bound by the fence"],
    ],
    [
      "an account whose name begins like an administrator's",
      { privileges: known([["'payments_admin2'@'%'", "SUPER"]]) },
      ["privileges blue: 'payments_admin2'@'%' has SUPER and is not bound by the fence"],
    ],
    [
      "a role",
      { roles: known([["'app'@'%'", "rds_superuser_role"]]) },
      ["roles blue: 'app'@'%' has role rds_superuser_role, which may unbind it from the fence"],
    ],
    [
      "one more writer, and a known one from another host",
      { writers: known([["'report'@'%'"], ["'app'@'10.0.0.1'"]]) },
      [
        "writers blue: 'report'@'%' may write payments and is not locked at a switchover",
        "writers blue: 'app'@'10.0.0.1' may write payments and is not locked at a switchover",
      ],
    ],
    [
      "a user who is shown no triggers",
      {
        sight: known([
          ["GRANT SELECT, EVENT ON *.* TO `x`@`%`"],
          ["GRANT TRIGGER ON `other`.* TO `x`"],
        ]),
      },
      ["sight blue: whoever asked has no privilege TRIGGER on payments, and is shown none there"],
    ],
    [
      "wrong settings, all at once",
      { settings: known([["MIXED", "MINIMAL", "ON"]]) },
      [
        "settings blue: binlog_format is MIXED, must be ROW",
        "settings blue: binlog_row_image is MINIMAL, must be FULL",
        "settings blue: event_scheduler is ON, must be OFF",
      ],
    ],
    [
      "no settings at all",
      { settings: known([]) },
      [
        "settings blue: binlog_format is none, must be ROW",
        "settings blue: binlog_row_image is none, must be FULL",
        "settings blue: event_scheduler is none, must be OFF",
      ],
    ],
    [
      "a short retention",
      { retention: known([["binlog retention hours", "24"]]) },
      ["retention blue: binlog retention hours is 24, must be 168 or more"],
    ],
    [
      "no retention",
      { retention: known([["binlog retention hours", "NULL"]]) },
      ["retention blue: binlog retention hours is NULL, must be 168 or more"],
    ],
    [
      "a retention that is not told",
      { retention: known([]) },
      ["retention blue: binlog retention hours is not set, must be 168 or more"],
    ],
    [
      "a column of another type",
      { columns: known([["payments.payment", "column id", "int NO"]]) },
      [
        'columns both: payments.payment, column id is "int NO" in blue and "char(36) NO NULL" in green',
      ],
    ],
    [
      "tables that only one has",
      { indexes: known([["payments.refund", "index PRIMARY 1", "id unique"]]) },
      [
        'indexes both: payments.refund, index PRIMARY 1 is "id unique" in blue and missing in green',
        'indexes both: payments.payment, index PRIMARY 1 is missing in blue and "id unique" in green',
      ],
    ],
  ];
  for (const [name, blue, expected] of cases)
    it(`finds ${name}`, () => {
      assert.deepEqual(found(blue), expected);
    });

  it("does not take two clusters that show no tables for alike", () => {
    const none = { columns: known([]) };
    assert.deepEqual(found(none, none), [
      "columns both: it could not be read: neither cluster shows any",
    ]);
  });

  it("tells for each finding what to do", () => {
    const answers = { blue: { ...clean(), settings: known([]) }, green: clean() };
    for (const { remedy } of preflight(answers, ADMINISTRATORS)) assert.ok(remedy.length > 5);
  });
});
