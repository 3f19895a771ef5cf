import assert from "node:assert/strict";
import { type Handled, handle } from "../../../lambdas/switchover/handle";
import type { Answer } from "../../../lambdas/switchover/serve";
import { FakeClusters } from "./fakePorts";

const WIRING = {
  environment: "test",
  administrators: ["payments_admin", "paymentsmaster"],
};
const START = { verb: "start", who: "alice", why: "a test" };

interface Invocation {
  answer: Answer;
  lines: { [name: string]: unknown }[];
}

/** One invocation, which has three minutes of the world's time. */
async function invoke(world: FakeClusters, event: unknown): Promise<Invocation> {
  const lines: Invocation["lines"] = [];
  const answer = await handled(world, event, (line) => lines.push(JSON.parse(line)));
  return { answer: answer as Answer, lines };
}

function handled(
  world: FakeClusters,
  event: unknown,
  log: (line: string) => void = () => undefined,
): Promise<Handled> {
  const endsAt = world.now + 180_000;
  const context = { getRemainingTimeInMillis: () => endsAt - world.now };
  return handle(world.ports, WIRING, event, context, log);
}

/**
 * Goal: one request moves the writer, and whatever dies on the way, the next invocation ends it.
 * Method: the production loop on clusters in memory, in a time of their own.
 */
describe("the switchover function", () => {
  it("moves the writer, and answers when payments wait no longer", async () => {
    const world = new FakeClusters();
    const { answer } = await invoke(world, START);
    assert.equal(answer.phase, "reversing");
    assert.deepEqual(answer.problems, []);
    const acts = world.log.filter((line) => !line.startsWith("store"));
    assert.deepEqual(acts, [
      "wake watch",
      "heartbeat blue",
      "fence blue",
      "lock blue application+migration",
      "kill blue application+migration",
      "lock green migration",
      "barrier blue",
      "lock green replicationTarget+migration",
      "kill green replicationTarget+migration",
      "unfence green",
      "unlock green application+migration",
      "point green",
      "stop blue",
    ]);
  });

  it("tells the whole story to whoever asked", async () => {
    const { answer } = await invoke(new FakeClusters(), START);
    assert.equal(answer.story.length, 7);
    assert.match(answer.story[0] ?? "", /^alice started the switchover to green \(a test\)/);
    assert.match(answer.story[6] ?? "", /^green takes all writes/);
  });

  it("turns replication round by the schedule, too", async () => {
    const world = new FakeClusters();
    await invoke(world, START);
    const { answer } = await invoke(world, { source: "aws.events" });
    assert.deepEqual([answer.phase, answer.writer], ["steady", "green"]);
    assert.deepEqual(world.clusters.blue.task, "stopped");
    assert.ok(world.log.includes("start green bin.000001:100"));
  });

  it("goes back by the same request once old statements have run out", async () => {
    const world = new FakeClusters();
    await invoke(world, START);
    await invoke(world, {});
    assert.match((await invoke(world, START)).answer.reason, /statements of another pass/);
    world.now += 75_000;
    await invoke(world, START);
    const { answer } = await invoke(world, {});
    assert.deepEqual([answer.phase, answer.writer, world.writer], ["steady", "blue", "blue"]);
  });

  it("makes no pause between steps, and looks again 200 ms after a hold", async () => {
    const world = new FakeClusters();
    const { lines } = await invoke(world, START);
    const at = lines.map(({ at }) => Number(at));
    // Two looks at the new writer's log are 300 ms apart; everything else went on at once.
    assert.ok((at.at(-1) ?? 0) - (at[0] ?? 0) < 1_000, String(at));
  });

  for (const act of [
    "fence blue",
    "lock blue application+migration",
    "barrier blue",
    "lock green replicationTarget+migration",
    "unlock green application+migration",
  ])
    it(`is taken up by the watch when it dies at "${act}"`, async () => {
      const world = new FakeClusters();
      world.faults[act] = "dies";
      await assert.rejects(invoke(world, START), /has ended/);
      world.isDead = false;
      world.faults = {};
      const { answer } = await invoke(world, { verb: "watch" });
      assert.deepEqual([answer.phase, answer.writer], ["steady", "green"]);
    });

  it("takes the writes back when the marker does not come", async () => {
    const world = new FakeClusters();
    world.onSleep = () => {
      world.carries = world.state.phase.name === "prepared";
    };
    const { writeMarker } = world.ports.databases.blue;
    world.ports.databases.blue.writeMarker = (marker) => {
      world.carries = marker.kind === "heartbeat";
      return writeMarker(marker);
    };
    const { answer } = await invoke(world, START);
    assert.deepEqual([answer.phase, answer.writer], ["prepared", "blue"]);
    assert.match(answer.reason, /^blue takes all writes again, nothing was lost: the marker/);
    assert.deepEqual(world.clusters.blue.readOnly, false);
    assert.match(world.messages.at(-1) ?? "", /nothing was lost/);
  });

  it("starts nothing without a watch", async () => {
    const world = new FakeClusters();
    world.wakesWatch = false;
    await assert.rejects(invoke(world, START), /nobody wakes/);
    assert.deepEqual(world.log, ["wake watch"]);
  });

  it("starts nothing without a heartbeat that has just come", async () => {
    const world = new FakeClusters();
    world.carries = false;
    const { answer } = await invoke(world, START);
    assert.equal(answer.code, "refuse");
    assert.match(answer.reason, /whether green has a fresh heartbeat of blue/);
  });

  it("tries a request again while another pass stores first", async () => {
    const world = new FakeClusters();
    world.storeOutcomes = ["conflict", "unknown", "conflict"];
    const { answer } = await invoke(world, START);
    assert.equal(answer.phase, "reversing");
  });

  it("tells once of what it tries again and again", async () => {
    const world = new FakeClusters();
    await invoke(world, {});
    world.clusters.green.locked.push("replicationTarget");
    world.faults["unlock green replicationTarget+migration"] = "fails";
    for (let minute = 0; minute < 3; minute++) await invoke(world, {});
    const told = world.messages.filter((message) => message.includes("is locked in green"));
    assert.equal(told.length, 1);
    delete world.faults["unlock green replicationTarget+migration"];
    await invoke(world, {});
    assert.ok(!world.clusters.green.locked.includes("replicationTarget"));
  });

  it("does not let a topic hold payments up, and says that nobody was told", async () => {
    const world = new FakeClusters();
    world.faults.notify = "fails";
    const { answer } = await invoke(world, START);
    assert.equal(answer.phase, "reversing");
    assert.deepEqual(answer.problems, ["notify failed: no topic", "notify failed: no topic"]);
  });

  it("looks out for 20 s as a watch, and then leaves", async () => {
    const world = new FakeClusters();
    const before = world.now;
    const { answer } = await invoke(world, { verb: "watch" });
    assert.equal(answer.phase, "prepared");
    assert.ok(world.now - before >= 20_000 && world.now - before < 25_000);
  });

  it("ends in time when it does not come to rest", async () => {
    const world = new FakeClusters();
    await invoke(world, START);
    world.carries = false;
    const before = world.now;
    const { answer } = await invoke(world, {});
    assert.equal(answer.phase, "reversing");
    assert.ok(world.now - before <= 180_000 - 20_000, String(world.now - before));
  });

  it("measures by the schedule how long a heartbeat takes, and that all is at rest", async () => {
    const world = new FakeClusters();
    const { lines } = await invoke(world, {});
    const [metrics] = lines;
    assert.deepEqual(
      [metrics?.Environment, metrics?.HeartbeatMilliseconds, metrics?.UnsettledSeconds],
      ["test", 1, 0],
    );
  });

  it("measures no heartbeat that does not come, and how long nothing has been at rest", async () => {
    const world = new FakeClusters();
    await invoke(world, START);
    world.carries = false;
    world.now += 100_000;
    const { lines } = await invoke(world, {});
    const [metrics] = lines;
    assert.ok(!("HeartbeatMilliseconds" in (metrics ?? {})));
    assert.ok(Number(metrics?.UnsettledSeconds) >= 100, String(metrics?.UnsettledSeconds));
    assert.match(
      JSON.stringify(metrics?._aws),
      /"Metrics":\[\{"Name":"UnsettledSeconds","Unit":"Seconds"\}\]/,
    );
  });

  it("writes no heartbeat while payments wait", async () => {
    const world = new FakeClusters();
    world.faults["barrier blue"] = "dies";
    await assert.rejects(invoke(world, START));
    world.isDead = false;
    const before = world.log.filter((line) => line.startsWith("heartbeat")).length;
    world.faults["stop blue"] = "dies";
    await assert.rejects(invoke(world, {}));
    assert.equal(world.log.filter((line) => line.startsWith("heartbeat")).length, before);
  });
});

describe("what the switchover function is asked", () => {
  it("answers status with what is stored, and before that with the first writer", async () => {
    const world = new FakeClusters();
    const asked = (await handled(world, { verb: "status" })) as { phase: object };
    assert.deepEqual(asked.phase, { name: "prepared", writer: "blue" });
    assert.equal(world.stored, undefined);
  });

  it("answers preflight with all that stands against a start, and changes nothing", async () => {
    const world = new FakeClusters();
    world.clusters.blue.task = "failed";
    assert.deepEqual(await handled(world, { verb: "preflight" }), {
      verb: "preflight",
      obstacles: [
        "it is not so that blue is replicated",
        "it is unknown whether green has a fresh heartbeat of blue (no heartbeat has come)",
      ],
    });
    assert.deepEqual([world.log, world.stored], [[], undefined]);
  });

  it("answers preflight during a switchover that one runs", async () => {
    const world = new FakeClusters();
    world.faults["fence blue"] = "dies";
    await assert.rejects(handled(world, START));
    world.isDead = false;
    assert.deepEqual(await handled(world, { verb: "preflight" }), {
      verb: "preflight",
      obstacles: ["a switchover is fencing already"],
    });
  });

  for (const [event, message] of [
    [{ verb: "open" }, /verb must be one of status, preflight, start, abort, got open/],
    [{ verb: "start", who: "alice" }, /start goes on record: send who and why/],
    [{ verb: "start", who: " ", why: "x" }, /start goes on record/],
    [{ ...START, to: "red" }, /to must be blue or green, got red/],
  ] as const)
    it(`throws on ${JSON.stringify(event)}, and touches nothing`, async () => {
      const world = new FakeClusters();
      await assert.rejects(handled(world, event), message);
      assert.deepEqual([world.log, world.stored], [[], undefined]);
    });
});
