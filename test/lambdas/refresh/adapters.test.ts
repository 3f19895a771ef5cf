import assert from "node:assert/strict";
import { dynamoStateStore } from "../../../lambdas/cutover/aws/stateStore";
import { initialState } from "../../../lambdas/cutover/state";
import { awsPorts } from "../../../lambdas/refresh/aws/ports";
import { REFRESH_TAG } from "../../../lambdas/refresh/contract";
import { known, type Ports, unknown } from "../../../lambdas/refresh/ports";
import { dynamoStore } from "../../../lambdas/switchover/aws/store";
import { awsEnvironment, setVariables } from "../../support/moto";
import { secretArn, serviceNamed, taskNamed } from "./facts";
import { FakeAws } from "./fakeAws";

/**
 * Goal: each adapter keeps the promise of its port, in the words that AWS speaks.
 * Method: the real SDK against a fake of the services' wire protocols.
 */
describe("the refresh's adapters", () => {
  let aws: FakeAws;
  let ports: Ports;
  let restore: () => void;

  beforeEach(async () => {
    aws = new FakeAws();
    await aws.start();
    restore = setVariables(awsEnvironment(aws.url));
    ports = awsPorts({
      environment: "test",
      stateTable: "state",
      topicArn: "arn:aws:sns:us-east-1:111122223333:alerts",
      consumers: [],
    });
  });
  afterEach(() => {
    restore();
    aws.close();
  });

  describe("the cutover's phase", () => {
    it("is that of the stored state", async () => {
      for (const name of ["idle", "shifting", "rolled-back"]) {
        aws.stateItem = { body: { S: JSON.stringify({ phase: { name } }) } };
        assert.deepEqual(await ports.cutover.readPhase(), known(name));
      }
    });

    it("is idle before the controller has stored anything", async () => {
      assert.deepEqual(await ports.cutover.readPhase(), known("idle"));
    });

    for (const [name, found] of [
      ["prepared", "shifting"],
      ["steady", "shifting"],
      ["draining", "switchover draining"],
      ["reversing", "switchover reversing"],
    ])
      it(`is ${found} while the switchover is ${name}`, async () => {
        aws.stateItem = { body: { S: '{"phase":{"name":"shifting"}}' } };
        aws.switchoverItem = { body: { S: JSON.stringify({ phase: { name } }) } };
        assert.deepEqual(await ports.cutover.readPhase(), known(found));
      });

    it("is unknown while that of the switchover is", async () => {
      aws.stateItem = { body: { S: '{"phase":{"name":"idle"}}' } };
      aws.switchoverItem = { body: { S: "{}" } };
      assert.deepEqual(await ports.cutover.readPhase(), unknown("the stored state has no phase"));
    });

    it("is not taken for idle where an item has no text", async () => {
      aws.stateItem = { pk: { S: "x" } };
      await assert.rejects(ports.cutover.readPhase(), /the item state in state has no text/);
    });

    for (const body of ["{}", "null", '{"phase":"idle"}', '{"phase":{"name":7}}'])
      it(`is unknown from ${body}`, async () => {
        aws.stateItem = { body: { S: body } };
        assert.deepEqual(await ports.cutover.readPhase(), unknown("the stored state has no phase"));
      });

    it("throws on a body that is no JSON, which observing makes unknown", async () => {
      aws.stateItem = { body: { S: "{" } };
      await assert.rejects(ports.cutover.readPhase(), SyntaxError);
    });

    it("is read from where the controller keeps it, in the form that it has", async () => {
      aws.stateItem = { body: { S: JSON.stringify(initialState("blue")) } };
      await dynamoStateStore("state", "test").load();
      assert.deepEqual(await ports.cutover.readPhase(), known(initialState("blue").phase.name));
      await dynamoStore("state", "test").load();
      const asked = aws.bodies["dynamodb:GetItem"] ?? [];
      const controllers = [asked[0], asked[3]];
      assert.deepEqual(asked.slice(1, 3), controllers);
      assert.ok(asked.every(({ ConsistentRead }) => ConsistentRead === true));
    });
  });

  describe("the secrets", () => {
    const arn = secretArn("app");

    it("tell when they were rotated, to the millisecond", async () => {
      aws.secrets[arn] = { ARN: arn, LastRotatedDate: 1768478400.123, LastChangedDate: 1768500000 };
      assert.deepEqual(await ports.secrets.readRotatedAt(arn), known(1768478400123));
    });

    it("tell that they never were", async () => {
      aws.secrets[arn] = { ARN: arn, LastChangedDate: 1768500000 };
      assert.deepEqual(await ports.secrets.readRotatedAt(arn), known(undefined));
    });

    it("are not taken for unrotated when they are not there", async () => {
      const name = "ResourceNotFoundException";
      await assert.rejects(ports.secrets.readRotatedAt(arn), { name });
    });
  });

  describe("the services", () => {
    const blue = serviceNamed("blue");
    const primary = { status: "PRIMARY", rolloutState: "COMPLETED", createdAt: 1768478400.5 };
    const old = { status: "ACTIVE", rolloutState: "COMPLETED", createdAt: 1700000000 };
    const steady = { status: "ACTIVE", runningCount: 2, desiredCount: 3, deployments: [primary] };

    it("tell of their current deployment", async () => {
      aws.services[blue.serviceArn] = { ...steady, deployments: [old, primary] };
      assert.deepEqual(
        await ports.services.read(blue),
        known({
          startedAt: 1768478400500,
          rollout: "COMPLETED",
          deployments: 2,
          running: 2,
          desired: 3,
        }),
      );
      assert.deepEqual(aws.bodies["ecs:DescribeServices"], [
        { cluster: blue.clusterArn, services: [blue.serviceArn] },
      ]);
    });

    it("are unknown when they are not there, or no more", async () => {
      assert.deepEqual(await ports.services.read(blue), unknown("the service is MISSING"));
      aws.services[blue.serviceArn] = { ...steady, status: "DRAINING" };
      assert.deepEqual(await ports.services.read(blue), unknown("the service is DRAINING"));
    });

    const { rolloutState: _, ...stateless } = primary;
    const { createdAt: __, ...dateless } = primary;
    for (const deployments of [[], [old], [stateless], [dateless]])
      it(`are unknown with the deployments ${JSON.stringify(deployments)}`, async () => {
        aws.services[blue.serviceArn] = { ...steady, deployments };
        assert.equal((await ports.services.read(blue)).known, false);
      });

    it("get new tasks, and keep all else", async () => {
      aws.services[blue.serviceArn] = { ...steady };
      assert.equal(await ports.services.restart(blue.clusterArn, blue.serviceArn), "done");
      assert.deepEqual(aws.bodies["ecs:UpdateService"], [
        { cluster: blue.clusterArn, service: blue.serviceArn, forceNewDeployment: true },
      ]);
      const facts = await ports.services.read(blue);
      assert.ok(facts.known && facts.value.rollout === "IN_PROGRESS");
    });

    it("may have got them when no answer comes", async () => {
      aws.services[blue.serviceArn] = { ...steady };
      aws.troubles["ecs:UpdateService"] = ["lose-answer", "lose-answer"];
      assert.equal(await ports.services.restart(blue.clusterArn, blue.serviceArn), "unknown");
    });

    it("have certainly not when it was refused", async () => {
      const restarting = ports.services.restart(blue.clusterArn, blue.serviceArn);
      await assert.rejects(restarting, { name: "ServiceNotFoundException" });
    });
  });

  describe("the replication tasks", () => {
    const { taskArn } = taskNamed("forward");
    const at = Date.UTC(2026, 0, 15, 12);
    const others = [{ Key: "Environment", Value: "test" }];
    const facts = async () => {
      const found = await ports.tasks.read(taskArn);
      assert.ok(found.known);
      return found.value;
    };
    beforeEach(() => {
      aws.tasks[taskArn] = { Status: "running", StartDate: 1768478400.5, tags: others };
    });
    const change = (changes: object) => Object.assign(aws.tasks[taskArn] ?? {}, changes);

    it("tell their status, start and tag", async () => {
      const plain = { status: "running", startedAt: 1768478400500, loading: false, stopReason: "" };
      assert.deepEqual(await facts(), { ...plain, markedAt: undefined });
      change({ tags: [...others, { Key: REFRESH_TAG, Value: new Date(at).toISOString() }] });
      assert.deepEqual(await facts(), { ...plain, markedAt: at });
      assert.deepEqual(aws.bodies["dms:DescribeReplicationTasks"]?.[0], {
        Filters: [{ Name: "replication-task-arn", Values: [taskArn] }],
        WithoutSettings: true,
      });
    });

    it("carry our tag though a person wrote something else into it", async () => {
      change({ tags: [{ Key: REFRESH_TAG, Value: "mine" }] });
      assert.equal((await facts()).markedAt, 0);
    });

    it("began at the later of two dates", async () => {
      change({ others: { ReplicationTaskStartDate: 1768478500 } });
      assert.equal((await facts()).startedAt, 1768478500000);
      change({ others: { ReplicationTaskStartDate: 1768478300 } });
      assert.equal((await facts()).startedAt, 1768478400500);
      change({ others: { ReplicationTaskStats: {} } });
      assert.equal((await facts()).startedAt, undefined);
    });

    it("copy tables until all of them are copied, unless they never do", async () => {
      for (const percent of [undefined, 0, 99, 100]) {
        const ReplicationTaskStats = { FullLoadProgressPercent: percent };
        for (const MigrationType of ["full-load", "full-load-and-cdc", "cdc"]) {
          change({ others: { ReplicationTaskStats, MigrationType } });
          const expected = MigrationType !== "cdc" && percent !== 100;
          assert.equal((await facts()).loading, expected, `${MigrationType} ${percent}`);
        }
      }
    });

    it("tell why they stopped", async () => {
      const StopReason = "Stop Reason FATAL_ERROR";
      change({ Status: "failed", others: { StopReason, LastFailureMessage: "Access denied" } });
      assert.equal((await facts()).stopReason, "Stop Reason FATAL_ERROR: Access denied");
      change({ others: { LastFailureMessage: "Access denied" } });
      assert.equal((await facts()).stopReason, "Access denied");
    });

    it("are unknown when the answer is of another one", async () => {
      change({ others: { ReplicationTaskArn: `${taskArn}X` } });
      const reason = "the replication task is not there";
      assert.deepEqual(await ports.tasks.read(taskArn), unknown(reason));
    });

    it("are not read without their tags", async () => {
      aws.troubles["dms:ListTagsForResource"] = [{ fault: "AccessDeniedFault" }];
      await assert.rejects(ports.tasks.read(taskArn), { name: "AccessDeniedFault" });
    });

    it("are tagged with the time of the intent, and lose that tag only", async () => {
      assert.equal(await ports.tasks.mark(taskArn, at), "done");
      assert.equal(aws.markOf(taskArn), "2026-01-15T12:00:00.000Z");
      assert.equal(await ports.tasks.unmark(taskArn), "done");
      assert.deepEqual(aws.tasks[taskArn]?.tags, others);
    });

    it("stop, and go on where they stopped", async () => {
      assert.equal(await ports.tasks.stop(taskArn), "done");
      assert.equal((await facts()).status, "stopped");
      assert.equal(await ports.tasks.resume(taskArn), "done");
      assert.deepEqual(aws.bodies["dms:StartReplicationTask"], [
        { ReplicationTaskArn: taskArn, StartReplicationTaskType: "resume-processing" },
      ]);
      assert.equal((await facts()).status, "running");
    });

    it("say when they are in another state than was thought", async () => {
      assert.equal(await ports.tasks.resume(taskArn), "changed");
      change({ Status: "failed" });
      assert.equal(await ports.tasks.stop(taskArn), "changed");
    });

    const writes = {
      AddTagsToResource: () => ports.tasks.mark(taskArn, at),
      RemoveTagsFromResource: () => ports.tasks.unmark(taskArn),
      StopReplicationTask: () => ports.tasks.stop(taskArn),
      StartReplicationTask: () => ports.tasks.resume(taskArn),
    };
    for (const [operation, write] of Object.entries(writes)) {
      it(`may have done ${operation} when no answer comes, or one of a failing service`, async () => {
        if (operation === "StartReplicationTask") change({ Status: "stopped" });
        const failing = { fault: "InternalFailure", status: 500 };
        for (const trouble of ["lose-answer", failing] as const) {
          // Not carried out twice: a lost answer's repetition would find the state changed.
          aws.troubles[`dms:${operation}`] = [failing, trouble];
          assert.equal(await write(), "unknown");
        }
      });

      it(`throws when ${operation} is refused, which is certain`, async () => {
        aws.troubles[`dms:${operation}`] = [{ fault: "AccessDeniedFault" }];
        await assert.rejects(write(), { name: "AccessDeniedFault" });
      });
    }
  });

  describe("the notifier", () => {
    it("publishes, with a subject that SNS takes", async () => {
      await ports.notifier.notify(`Stop é${"x".repeat(100)}`, "Stop the forward replication.");
      const [{ Subject, Message, TopicArn } = {}] = aws.published;
      assert.equal(Subject, `[payments test] Stop ?${"x".repeat(78)}`);
      assert.equal(Message, "Stop the forward replication.");
      assert.equal(TopicArn, "arn:aws:sns:us-east-1:111122223333:alerts");
    });
  });

  it("have a clock that goes on while it sleeps", async () => {
    const before = ports.clock.now();
    await ports.clock.sleep(20);
    assert.ok(ports.clock.now() - before >= 15);
  });
});
