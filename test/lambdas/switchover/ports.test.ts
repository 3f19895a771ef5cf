import assert from "node:assert/strict";
import { lambdaSwitchover } from "../../../lambdas/cutover/aws/switchover";
import type { Switchover } from "../../../lambdas/cutover/ports";
import { REFRESH_TAG } from "../../../lambdas/refresh/contract";
import { awsPorts } from "../../../lambdas/switchover/aws/ports";
import { SWITCHOVER_RECORD, SWITCHOVER_STATE } from "../../../lambdas/switchover/contract";
import { initialState } from "../../../lambdas/switchover/pass";
import { known, type SwitchoverPorts, unknown } from "../../../lambdas/switchover/ports";
import type { StoredSwitchover } from "../../../lambdas/switchover/state";
import { awsEnvironment, setVariables } from "../../support/moto";
import { CLUSTERS, clusterNamed } from "./component";
import { attempt } from "./facts";
import { FakeAws, type Fault } from "./fakeAws";

const BLUE = CLUSTERS.blue.taskArn;
const POSITION = { file: "mysql-bin.000024", offset: 373 };
const AT = "mysql-bin.000024:373";
const SINCE = 1_700_000_000_000;

/**
 * Goal: each adapter keeps the promise of its port, can be asked twice, and calls what it does not know
 * unknown. Method: the real SDK against a fake of the services' wire protocols.
 */
describe("the switchover's adapters", () => {
  let aws: FakeAws;
  let ports: SwitchoverPorts;
  let restore: () => void;

  beforeEach(async () => {
    aws = new FakeAws();
    await aws.start();
    restore = setVariables(awsEnvironment(aws.url));
    ports = awsPorts({
      environment: "test",
      stateTable: "state",
      topicArn: "arn:aws:sns:us-east-1:111122223333:alerts",
      writerParameter: "/payments/test/database/writer",
      clusters: CLUSTERS,
      administrators: [],
      functionName: "switchover-function",
    });
  });
  afterEach(() => {
    restore();
    aws.close();
  });

  function given(Status: string, MigrationType = "cdc", CdcStartPosition?: string): void {
    const position = CdcStartPosition === undefined ? {} : { CdcStartPosition };
    aws.tasks[BLUE] = { Status, MigrationType, ...position, tags: [REFRESH_TAG, "Project"] };
  }

  /** What was asked for, besides how the task stands. */
  const writes = () => aws.operations.filter((name) => name !== "DescribeReplicationTasks");

  describe("of replication", () => {
    it("tells how a task stands", async () => {
      given("running");
      assert.deepEqual(await ports.replication.readStatus("blue"), known("running"));
    });

    it("does not know how a task stands that is not there", async () => {
      const status = await ports.replication.readStatus("green");
      assert.deepEqual(status, unknown("the replication task is not there"));
    });

    it("stops a task, which the refresh of credentials must not start again", async () => {
      given("running");
      assert.equal(await ports.replication.stop("blue"), "done");
      assert.deepEqual(writes(), ["RemoveTagsFromResource", "StopReplicationTask"]);
      assert.deepEqual(aws.tasks[BLUE]?.tags, ["Project"]);
      assert.equal(aws.tasks[BLUE]?.Status, "stopping");
    });

    for (const status of ["stopped", "stopping", "failed", "ready"])
      it(`has nothing to stop where a task is ${status}`, async () => {
        given(status);
        assert.equal(await ports.replication.stop("blue"), "done");
        assert.deepEqual(writes(), []);
      });

    it("gives a task that loaded everything a position, and starts it there when it has it", async () => {
      given("stopped", "full-load-and-cdc");
      assert.equal(await ports.replication.start("blue", POSITION, SINCE), "done");
      assert.deepEqual(writes(), ["ModifyReplicationTask"]);
      const task = aws.tasks[BLUE];
      assert.deepEqual([task?.MigrationType, task?.CdcStartPosition], ["cdc", AT]);
      assert.equal(await ports.replication.start("blue", POSITION, SINCE), "done");
      assert.deepEqual(writes(), ["ModifyReplicationTask"], "while it is modified");
      given("stopped", "cdc", AT);
      assert.equal(await ports.replication.start("blue", POSITION, SINCE), "done");
      assert.deepEqual(writes(), ["ModifyReplicationTask", "StartReplicationTask"]);
    });

    it("gives a task another position than that of the switchover before", async () => {
      given("stopped", "cdc", "mysql-bin.000020:4");
      await ports.replication.start("blue", POSITION, SINCE);
      assert.deepEqual(
        [writes(), aws.tasks[BLUE]?.CdcStartPosition],
        [["ModifyReplicationTask"], AT],
      );
    });

    for (const status of ["running", "starting", "modifying", "stopping"])
      it(`leaves a task alone that is ${status}`, async () => {
        given(status, "cdc", "elsewhere");
        assert.equal(await ports.replication.start("blue", POSITION, SINCE), "done");
        assert.deepEqual(writes(), []);
      });

    for (const dates of [
      { ReplicationTaskStartDate: SINCE / 1000 + 1 },
      {
        ReplicationTaskStartDate: 1_600_000_000,
        ReplicationTaskStats: { StartDate: SINCE / 1000 + 1, FreshStartDate: 1_650_000_000 },
      },
      { ReplicationTaskStats: { StartDate: 1_650_000_000, FreshStartDate: SINCE / 1000 + 1 } },
    ])
      it(`goes on where a task stopped that has been started since: ${JSON.stringify(dates)}`, async () => {
        given("failed", "cdc", AT);
        Object.assign(aws.tasks[BLUE] ?? {}, dates);
        assert.equal(await ports.replication.start("blue", POSITION, SINCE), "done");
        assert.deepEqual(writes(), ["StartReplicationTask"]);
        assert.deepEqual(aws.starts, ["resume-processing"]);
      });

    it("starts a task at its position that was started before", async () => {
      given("stopped", "cdc", AT);
      Object.assign(aws.tasks[BLUE] ?? {}, { ReplicationTaskStartDate: SINCE / 1000 });
      await ports.replication.start("blue", POSITION, SINCE);
      assert.deepEqual(aws.starts, [`start-replication at ${AT}`]);
    });

    const CALLS: [name: string, status: string, operation: string, call: () => Promise<string>][] =
      [
        ["stop", "running", "StopReplicationTask", () => ports.replication.stop("blue")],
        [
          "start",
          "stopped",
          "StartReplicationTask",
          () => ports.replication.start("blue", POSITION, SINCE),
        ],
        [
          "modify",
          "ready",
          "ModifyReplicationTask",
          () => ports.replication.start("blue", POSITION, SINCE),
        ],
      ];
    for (const [name, status, operation, call] of CALLS) {
      const faults: Fault[] = ["lost", "unanswered", { refused: "InvalidResourceStateFault" }];
      for (const fault of faults)
        it(`does not know what came of ${name} when it ends with ${JSON.stringify(fault)}`, async () => {
          given(status, "cdc", name === "modify" ? "elsewhere" : AT);
          aws.faults = { [operation]: fault };
          assert.equal(await call(), "unknown");
          assert.equal(writes().filter((one) => one === operation).length, 1, "tried once");
        });

      it(`says for certain that it could not ${name} when that is refused`, async () => {
        given(status, "cdc", name === "modify" ? "elsewhere" : AT);
        aws.faults = { [operation]: { refused: "AccessDeniedFault" } };
        await assert.rejects(
          call(),
          /^Error: could not \w+ arn:.*task:blue: AccessDeniedFault: no$/,
        );
      });
    }
  });

  describe("of the writer", () => {
    const textOf = (color: string) => {
      const { endpoint, applicationSecretArn: secretArn } = clusterNamed(color);
      return { color, endpoint, secretArn };
    };

    it("tells which cluster applications are led to, as the deployment wrote it", async () => {
      aws.parameter = JSON.stringify(textOf("blue"));
      assert.deepEqual(await ports.writer.read(), known("blue"));
    });

    it("leads them to the other, in the form that they know", async () => {
      aws.parameter = JSON.stringify(textOf("blue"));
      assert.equal(await ports.writer.write("green"), "done");
      assert.deepEqual(JSON.parse(aws.parameter), textOf("green"));
      assert.deepEqual(await ports.writer.read(), known("green"));
    });

    for (const text of [
      "",
      "{",
      "null",
      "{}",
      JSON.stringify({ ...textOf("blue"), color: "green" }),
      JSON.stringify({ ...textOf("blue"), endpoint: "green.example" }),
      JSON.stringify({ color: "blue" }),
    ])
      it(`takes nothing else for a writer: ${text}`, async () => {
        aws.parameter = text;
        const writer = await ports.writer.read();
        assert.deepEqual(
          writer,
          unknown("/payments/test/database/writer names no cluster of ours"),
        );
      });

    for (const fault of ["lost", "unanswered"] as const)
      it(`does not know whether they are led elsewhere when the answer is ${fault}`, async () => {
        aws.faults = { PutParameter: fault };
        assert.equal(await ports.writer.write("green"), "unknown");
      });

    it("says for certain when they are not", async () => {
      aws.faults = { PutParameter: { refused: "AccessDeniedException" } };
      await assert.rejects(ports.writer.write("green"), /AccessDenied/);
    });
  });

  describe("of the watch", () => {
    it("wakes the function itself", async () => {
      await ports.wakeWatch();
      assert.deepEqual(aws.events, [
        { name: "switchover-function", type: "Event", payload: { verb: "watch" } },
      ]);
    });

    it("takes nothing but Lambda's word for it", async () => {
      aws.invocationStatus = 200;
      await assert.rejects(ports.wakeWatch(), /did not take the event: 200/);
      aws.faults = { Invoke: "lost" };
      await assert.rejects(ports.wakeWatch());
    });
  });

  describe("of the state", () => {
    const stored = (changes: Partial<StoredSwitchover> = {}): StoredSwitchover => ({
      ...initialState("blue"),
      version: 7,
      ...changes,
    });
    const RECORD = {
      ...{ at: 1, code: "seal", reason: "-", who: "-", epoch: 1 },
      phase: "sealed",
    } as const;

    it("knows nothing at first, and then what was stored", async () => {
      assert.equal(await ports.store.load(), undefined);
      assert.equal(await ports.store.save(stored(), 6, RECORD), "saved");
      assert.deepEqual(await ports.store.load(), stored());
    });

    it("keeps it beside the cutover's, and its records in the order of the versions", async () => {
      await ports.store.save(stored(), 6, RECORD);
      await ports.store.save(stored({ version: 8 }), 7, undefined);
      const keys = Object.keys(aws.items);
      assert.deepEqual(keys, [SWITCHOVER_STATE, `${SWITCHOVER_RECORD}#000000000007`]);
      assert.deepEqual(aws.items[SWITCHOVER_STATE]?.pk, { S: "cutover#test" });
    });

    it("reads no state of another shape", async () => {
      const body = { S: JSON.stringify({ ...stored(), schemaVersion: 2 }) };
      aws.items[SWITCHOVER_STATE] = { sk: { S: SWITCHOVER_STATE }, body };
      await assert.rejects(ports.store.load(), /schema version 2, this function reads 1/);
    });

    for (const fault of ["lost", "unanswered"] as const)
      it(`is not known to be stored when the answer is ${fault}`, async () => {
        aws.faults = { TransactWriteItems: fault };
        assert.equal(await ports.store.save(stored(), 6, undefined), "unknown");
      });
  });

  it("make ids that nothing else has", () => {
    const ids = Array.from({ length: 100 }, () => ports.newId());
    assert.equal(new Set(ids).size, 100);
    assert.match(ids[0] ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  describe("of the cutover controller, to the switchover", () => {
    let switchover: Switchover;
    beforeEach(() => {
      switchover = lambdaSwitchover("arn:aws:lambda:x:1:function:switchover", "state", "test");
    });

    it("does not know the writer before the switchover has stored anything", async () => {
      const standing = await switchover.read();
      assert.deepEqual(standing, unknown("the switchover function has stored nothing yet"));
    });

    it("tells where the writer is, from what the switchover stores", async () => {
      const phase = { name: "reversing", attempt: attempt() } as const;
      const state = { ...initialState("blue"), version: 3, epoch: 2, phase, lastReason: "Held." };
      await ports.store.save(state, 2, undefined);
      const standing = { phase: "reversing", isAtRest: false, writer: "green", epoch: 2 };
      assert.deepEqual(await switchover.read(), known({ ...standing, reason: "Held." }));
    });

    it("asks in words that the switchover understands", async () => {
      assert.equal(await switchover.ask("green", "cutover controller", "a step"), "asked");
      const [event] = aws.events;
      assert.deepEqual(event?.payload, {
        verb: "start",
        who: "cutover controller",
        why: "a step",
        to: "green",
      });
    });

    it("does not know whether it was heard when no answer comes, and throws when it was not", async () => {
      aws.faults = { Invoke: "unanswered" };
      assert.equal(await switchover.ask("green", "x", "y"), "unknown");
      aws.faults = { Invoke: { refused: "ResourceNotFoundException" } };
      await assert.rejects(switchover.ask("green", "x", "y"), /no/);
    });
  });
});
