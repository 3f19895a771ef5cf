import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dynamoStore } from "../../lambdas/switchover/aws/store";
import type { Answer } from "../../lambdas/switchover/serve";
import type { StoredSwitchover } from "../../lambdas/switchover/state";
import { type Moto, setVariables, useMoto } from "../support/moto";
import { OperatorWorld } from "../tools/cutover/support/operatorWorld";
import { type Ran, runCutover, type Terminal } from "../tools/cutover/support/run";
import { TABLE } from "./resources";

const LEFT_OUT = "the operator's commands for the database writer on an emulated AWS";
const FUNCTION = "switchover-function-test";

const REST: StoredSwitchover = {
  ...{ schemaVersion: 1, version: 0, lastCode: "rest", lastReason: "blue takes all writes." },
  ...{ epoch: 0, opensUntil: 0, phase: { name: "prepared", writer: "blue" } },
};

/**
 * Goal: what is asked of the switchover function reaches it in the operator's name, and its answers are
 * told as they are.
 * Method: a stand-in for the function answers as the function does; its state is in the emulator's table,
 * by the function's own store.
 * Not shown here: the switchover itself, which has drills of its own.
 */
describe(LEFT_OUT, function () {
  this.timeout(60_000);
  let moto: Moto;
  let world: OperatorWorld;
  let restore: () => void;
  const folder = mkdtempSync(join(tmpdir(), "operator-"));
  const outputs = join(folder, "outputs.json");
  const asked: { [field: string]: unknown }[] = [];

  before(async function () {
    moto = await useMoto(this, LEFT_OUT);
    world = await OperatorWorld.create(moto);
    restore = setVariables(world.variables);
  });
  beforeEach(async () => {
    await world.reset();
    writeFileSync(outputs, JSON.stringify({ ...world.outputs, switchoverFunctionName: FUNCTION }));
    asked.length = 0;
    answer(REST);
  });
  after(() => {
    restore?.();
    world?.close();
    rmSync(folder, { recursive: true });
  });

  /** What the function answers from now on. */
  function answer(payload: unknown, first: () => Promise<unknown> = async () => {}): void {
    world.front.functions.set(FUNCTION, async (event) => {
      asked.push(event as { [field: string]: unknown });
      await first();
      return { payload };
    });
  }

  function store(phase: StoredSwitchover["phase"], version: number, reason: string) {
    const record = {
      at: Date.now(),
      code: phase.name,
      reason,
      who: "controller",
      epoch: 1,
      phase: phase.name,
    };
    const next = { ...REST, version, epoch: 1, phase, lastReason: reason };
    return dynamoStore(TABLE, "test").save(next, version - 1, record);
  }

  function switchover(given: string[], terminal?: Terminal): Promise<Ran> {
    const [verb = "", ...more] = given;
    return runCutover(["switchover", verb, "--outputs", outputs, ...more], terminal);
  }

  it("tells which cluster takes writes: by the table, and by the function where that has nothing", async () => {
    const first = await switchover(["status"]);
    assert.deepEqual([first.status, first.stderr], [0, ""]);
    assert.match(first.stdout, /^test\nwriter +blue's cluster takes all writes \(prepared\)\n/);
    assert.deepEqual(asked, [{ verb: "status" }]);
    await store({ name: "steady", writer: "green" }, 1, "green takes all writes.");
    const second = await switchover(["status", "--json"]);
    assert.deepEqual(JSON.parse(second.stdout).phase, { name: "steady", writer: "green" });
    assert.equal(asked.length, 1);
  });

  it("lists what stands against a switchover, which is failure, and says when nothing does", async () => {
    answer({ verb: "preflight", obstacles: ["a table has no key", "no heartbeat"] });
    const bad = await switchover(["preflight"]);
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /What stands against .*\n- a table has no key\n- no heartbeat\n$/);
    answer({ verb: "preflight", obstacles: [] });
    const good = await switchover(["preflight"]);
    assert.deepEqual(
      [good.status, good.stdout],
      [0, "Nothing stands against a switchover of test.\n"],
    );
  });

  const DONE: Answer = {
    ...{ at: 0, code: "reverse", reason: "green takes all writes.", phase: "reversing", epoch: 1 },
    ...{ writer: "green", problems: [], story: ["bob started it.", "green takes all writes."] },
  };

  it("moves the writer when a person agrees, tells its phases meanwhile, and how it went", async () => {
    const attempt = {
      markerId: "m",
      from: "blue" as const,
      restsIn: "prepared" as const,
      requestedBy: "bob",
      startedAt: Date.now(),
    };
    await store({ name: "prepared", writer: "blue" }, 1, "blue takes all writes.");
    answer(DONE, async () => {
      await store({ name: "draining", attempt }, 2, "so");
      await new Promise((wake) => setTimeout(wake, 2_500));
    });
    const ran = await switchover(["start", "--who", "bob", "--why", "larger instances"], {
      typed: ["y"],
    });
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(
      ran.stderr,
      /This moves the database writer of test from blue to green: all live payments wait/,
    );
    assert.match(
      ran.stdout,
      /^0:00:0\d {2}draining\nbob started it\.\ngreen takes all writes\.\n$/,
    );
    assert.deepEqual(asked, [{ verb: "start", who: "bob", why: "larger instances", to: "green" }]);
  });

  it("fails with the function's reason when it refuses or aborts", async () => {
    const refusal = {
      ...DONE,
      code: "refuse",
      reason: "Refused to switch over: x.",
      phase: "prepared",
      writer: "blue",
      story: [],
    };
    answer(refusal);
    // The function is asked where the writer is before it is asked to move it.
    await store({ name: "prepared", writer: "blue" }, 1, "blue takes all writes.");
    const ran = await switchover(["start", "--yes", "--why", "x", "--to", "green"]);
    assert.deepEqual([ran.status, ran.stdout, ran.stderr], [1, "", "Refused to switch over: x.\n"]);
    const json = await switchover(["abort", "--yes", "--why", "x", "--json"]);
    assert.deepEqual([json.status, JSON.parse(json.stdout).granted], [1, false]);
  });

  it("tells what was decided about the writer, alone or among the payments", async () => {
    await store({ name: "steady", writer: "green" }, 1, "green takes all writes.");
    await runCutover(["start", "--outputs", outputs, "--yes", "--why", "release 42"]);
    const alone = await switchover(["history"]);
    assert.match(alone.stdout, /writer +green takes all writes\./);
    assert.doesNotMatch(alone.stdout, /release 42/);
    const all = await runCutover(["history", "--outputs", outputs]);
    assert.match(all.stdout, /writer +green takes all writes\.\n.*release 42/s);
    const shown = await runCutover(["status", "--outputs", outputs]);
    assert.match(shown.stdout, /writer +green's cluster takes all writes \(steady\)/);
  });

  it("says which stack to name where this one knows no switchover function", async () => {
    writeFileSync(outputs, JSON.stringify(world.outputs));
    const ran = await switchover(["preflight"]);
    assert.equal(ran.status, 2);
    assert.match(
      ran.stderr,
      /names no switchover function: name the stack that owns the data layer/,
    );
  });
});
