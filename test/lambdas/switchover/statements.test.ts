import assert from "node:assert/strict";
import {
  eventsQuestion,
  heartbeatQuestion,
  killStatement,
  lockStatement,
  markerQuestion,
  markerStatement,
  readOnlyStatement,
} from "../../../lambdas/switchover/statements";

describe("the switchover's statements", () => {
  it("fence by Aurora's procedure", () => {
    assert.equal(readOnlyStatement(true).sql, "CALL mysql.rds_set_read_only(1)");
    assert.equal(readOnlyStatement(false).sql, "CALL mysql.rds_set_read_only(0)");
  });

  it("lock all of the users and their twins at once", () => {
    const { what, sql } = lockStatement(["application", "replicationTarget"], true);
    assert.equal(what, "lock app, app_clone, dms_target, dms_target_clone");
    assert.equal(
      sql,
      "ALTER USER IF EXISTS 'app'@'%', 'app_clone'@'%', 'dms_target'@'%', 'dms_target_clone'@'%' ACCOUNT LOCK",
    );
  });

  for (const session of [0, -1, 1.5, Number.NaN, 2 ** 53])
    it(`end no session with the number ${session}`, () => {
      assert.throws(() => killStatement(session), /must be a whole number from 1/);
    });

  it("end a session by Aurora's procedure", () => {
    assert.equal(killStatement(42).sql, "CALL mysql.rds_kill(42)");
  });

  it("name a marker's direction by the cluster that it comes from", () => {
    const marker = { id: "an id", epoch: 3, from: "green", kind: "barrier" } as const;
    assert.match(markerStatement(marker).sql, /VALUES \('an id', 3, 'green-to-blue', 'barrier'\)/);
    assert.match(heartbeatQuestion("green").sql, /direction = 'green-to-blue'$/);
  });

  it("quote what they are given", () => {
    assert.match(markerQuestion("a'b").sql, /WHERE id = 'a''b'$/);
    const { sql } = eventsQuestion({ file: "mysql-bin-changelog.000024", offset: 373 });
    assert.equal(sql, "SHOW BINLOG EVENTS IN 'mysql-bin-changelog.000024' FROM 373 LIMIT 500");
  });
});
