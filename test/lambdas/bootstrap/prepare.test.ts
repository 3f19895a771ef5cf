import assert from "node:assert/strict";
import { DATABASE_USERS, USER_NAMES } from "../../../lambdas/bootstrap/contract";
import { serve } from "../../../lambdas/bootstrap/handler";
import { FakeWorld, prepareRequest, secretText } from "./world";

/** Everything that a preparation does the first time, and does again. */
const STATEMENTS = 36;

function prepared(world: FakeWorld) {
  return serve(world.ports, prepareRequest());
}

/** A cluster that was prepared once, and of which somebody then lost or locked something. */
async function worldAfter(change: (world: FakeWorld) => void): Promise<FakeWorld> {
  const world = new FakeWorld();
  await prepared(world);
  world.takeLog();
  change(world);
  return world;
}

describe("prepare", () => {
  it("makes everything, with nobody locked, and says how much it was", async () => {
    const world = new FakeWorld();
    const answer = { verb: "prepare", statements: STATEMENTS, firstTime: true };
    assert.deepEqual(await prepared(world), answer);
    const { accounts, objects } = world.cluster("blue");
    assert.deepEqual(Object.keys(accounts).sort(), Object.values(USER_NAMES).sort());
    assert.deepEqual(world.locked("blue"), []);
    assert.deepEqual(accounts.app, {
      password: "blue-application-password",
      locked: false,
      grants: ["SELECT, INSERT, UPDATE, DELETE ON payments.*"],
    });
    assert.deepEqual(objects, [
      "payments",
      "cutover",
      "awsdms_control",
      "mysql.rds_set_configuration('binlog",
      "cutover.marker",
    ]);
    assert.deepEqual(world.cluster("green"), { accounts: {}, objects: [] });
  });

  it("makes the marker table last, as the sign that all the rest is there", async () => {
    const world = new FakeWorld();
    await prepared(world);
    assert.match(
      world.log[world.log.length - 1] ?? "",
      /CREATE TABLE IF NOT EXISTS cutover.marker/,
    );
  });

  it("changes nothing the second time", async () => {
    const world = await worldAfter(() => {});
    const before = structuredClone(world.clusters);
    const answer = { verb: "prepare", statements: STATEMENTS, firstTime: false };
    assert.deepEqual(await prepared(world), answer);
    assert.deepEqual(world.clusters, before);
  });

  it("neither unlocks an account nor locks one that is there", async () => {
    const world = await worldAfter(({ clusters }) => {
      for (const { accounts } of Object.values(clusters))
        for (const name of ["app", "dms_source"])
          Object.assign(accounts[name] ?? {}, { locked: true });
    });
    await prepared(world);
    assert.deepEqual(world.locked("blue").sort(), ["app", "dms_source"]);
  });

  it("makes a user that was lost anew, and locked if it is one that writes", async () => {
    const world = await worldAfter((lossy) => {
      for (const name of Object.keys(lossy.cluster("blue").accounts))
        delete lossy.cluster("blue").accounts[name];
    });
    await prepared(world);
    const { accounts } = world.cluster("blue");
    assert.deepEqual(Object.keys(accounts).sort(), Object.values(USER_NAMES).sort());
    assert.deepEqual(world.locked("blue").sort(), ["app", "dms_target"]);
  });

  it("takes each password from its secret again", async () => {
    const world = await worldAfter((changed) =>
      changed.setSecret("blue", "application", secretText("application", "it's new")),
    );
    await prepared(world);
    assert.equal(world.cluster("blue").accounts.app?.password, "it''s new");
  });

  it("after a rotation sets the twin's password, leaves the other's, and grants to both", async () => {
    const world = await worldAfter((rotated) => {
      const { accounts } = rotated.cluster("blue");
      accounts.app_clone = { password: "old", locked: true, grants: [] };
      Object.assign(accounts.app ?? {}, { password: "still in use", grants: [] });
      const text = secretText("application", "current", { username: "app_clone" });
      rotated.setSecret("blue", "application", text);
    });
    await prepared(world);
    const { app, app_clone } = world.cluster("blue").accounts;
    const grants = ["SELECT, INSERT, UPDATE, DELETE ON payments.*"];
    assert.deepEqual(app, { password: "still in use", locked: false, grants });
    assert.deepEqual(app_clone, { password: "current", locked: true, grants });
  });

  it("does nothing at all when a secret is no good", async () => {
    const world = new FakeWorld();
    world.setSecret("blue", "administrator", "{");
    await assert.rejects(prepared(world), /^Error: secret of administrator: it must be/);
    assert.deepEqual(world.log, []);
  });

  for (const fault of ["dies-before", "dies-after", "unanswered"] as const)
    it(`can be run again wherever it ${fault}`, async () => {
      const whole = new FakeWorld();
      await prepared(whole);
      for (let effect = 0; effect < STATEMENTS; effect++) {
        const world = new FakeWorld();
        world.faults[effect] = fault;
        await assert.rejects(prepared(world), /died|no answer/);
        await prepared(world);
        assert.deepEqual(world.clusters, whole.clusters, `effect ${effect}`);
      }
    });

  for (const verb of [undefined, "", "Prepare", { verb: "prepare" }])
    it(`is not what ${JSON.stringify(verb)} asks for`, async () => {
      const message = `verb must be prepare or start, got ${JSON.stringify(verb)}`;
      await assert.rejects(serve(new FakeWorld().ports, { ...prepareRequest(), verb }), {
        message,
      });
      await assert.rejects(serve(new FakeWorld().ports, null), /got undefined$/);
    });
});

describe("what prepare says", () => {
  it("tells where, what for and what the engine said", async () => {
    const world = new FakeWorld();
    world.engine = (sql) => {
      if (!sql.startsWith("GRANT CONNECTION_ADMIN")) return;
      throw Object.assign(new Error("Access denied for user 'x'@'%'"), { name: "DatabaseError" });
    };
    const message =
      "arn:aws:rds:us-east-1:111122223333:cluster:blue: could not grant CONNECTION_ADMIN on *.* to " +
      "payments_admin: DatabaseError: Access denied for user 'x'@'%'";
    await assert.rejects(prepared(world), { message });
  });

  /** Ways in which an engine quotes the statement that it does not like. */
  const QUOTING: { [how: string]: (sql: string, from: number) => string } = {
    "from a character on": (sql, from) =>
      `error in your SQL syntax near '${sql.slice(from, from + 80)}' at line 1`,
    "without an end": (sql, from) => `unknown: '${sql.slice(0, from)}`,
    whole: (sql) => `could not run ${sql}`,
    "in double quotes": (sql, from) => `could not parse "${sql.slice(from)}"`,
  };

  for (const [how, quote] of Object.entries(QUOTING))
    it(`shows no part of a password to an engine that quotes ${how}`, async () => {
      const password = "Zq9'Xw8\\\\Vk7-Mn6_Pb5";
      // What MySQL makes of it, and pieces of four characters: a part would already help a guesser.
      const pieces = [...password].map((_, at) => password.slice(at, at + 4)).slice(0, -3);
      for (const verb of ["CREATE USER", "ALTER USER"])
        for (let from = 0; from < 100; from += 1) {
          const world = new FakeWorld();
          for (const user of DATABASE_USERS)
            world.setSecret("blue", user, secretText(user, password));
          world.engine = (sql) => {
            if (sql.startsWith(verb)) throw new Error(quote(sql, from));
          };
          const { message } = await prepared(world).then(
            () => assert.fail("it was prepared"),
            (error: Error) => error,
          );
          assert.match(
            message,
            /cluster:blue: could not (make user|set the password of) \w+: Error: /,
          );
          for (const piece of pieces) assert.ok(!message.includes(piece), message);
        }
    });

  it("shows no password that an engine does not quote, either", async () => {
    const world = new FakeWorld();
    world.engine = (sql) => {
      if (sql.startsWith("CREATE USER")) throw new Error("blue-administrator-password is too weak");
    };
    await assert.rejects(prepared(world), /: Error: \*\*\* is too weak$/);
  });

  it("holds no secret in what lands in the state", async () => {
    const answer = JSON.stringify(await prepared(new FakeWorld()));
    assert.doesNotMatch(answer, /password|secret/);
  });
});
