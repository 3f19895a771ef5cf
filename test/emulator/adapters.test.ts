import assert from "node:assert/strict";
import { awsPorts } from "../../lambdas/cutover/aws/ports";
import {
  type Known,
  known,
  type Period,
  type Ports,
  SOURCE_NAMES,
  SOURCES,
  type SourceName,
  unknown,
} from "../../lambdas/cutover/ports";
import { initialState } from "../../lambdas/cutover/state";
import { readVariables } from "../../lambdas/cutover/variables";
import { MINUTE, red } from "../support/facts";
import { awsEnvironment, type Moto, setVariables, useMoto } from "../support/moto";
import { type AwsProxy, startProxy } from "../support/proxy";
import * as damage from "./damage";
import { Environment, type Part } from "./environment";
import { PLAN } from "./rehearsal";
import { beginSilence } from "./silence";

/**
 * Goal: each adapter keeps the promise of its port, in the words that AWS speaks.
 * Method: the real SDK against an emulator; a proxy between them loses and garbles answers.
 */
describe("the adapters on an emulated AWS", function () {
  this.timeout(60_000);
  let moto: Moto;
  let proxy: AwsProxy;
  let environment: Environment;
  let ports: Ports;
  let restore: () => void;

  before(async function () {
    // These calls take seconds; another file looks at what came of them.
    await beginSilence();
    moto = await useMoto(this, "the adapters on an emulated AWS");
    proxy = await startProxy(moto.url);
    restore = setVariables(awsEnvironment(proxy.url));
  });
  after(() => {
    restore?.();
    proxy?.close();
  });

  /** A new environment for each test, with the parts that it looks at. */
  function useParts(...parts: Part[]): void {
    beforeEach(async () => {
      environment = await Environment.create(moto, parts);
      proxy.forget();
      ports = awsPorts(readVariables(environment.variables(PLAN, 1, "blue")));
    });
  }

  describe("the router", () => {
    useParts("service");

    it("reads the weights of the rule", async () => {
      assert.deepEqual(await ports.router.readWeights(), known({ blue: 100, green: 0 }));
      await environment.changeByHand({ blue: 37, green: 63 });
      assert.deepEqual(await ports.router.readWeights(), known({ blue: 37, green: 63 }));
    });

    it("sets both weights in one call, and reads them back", async () => {
      assert.equal(await ports.router.writeWeights({ blue: 90, green: 10 }), "written");
      assert.equal(proxy.bodies("ModifyRule").length, 1);
      assert.deepEqual(await ports.router.readWeights(), known({ blue: 90, green: 10 }));
      assert.equal(await environment.weights(), "90/10");
    });

    for (const weights of [
      { blue: 0, green: 0 },
      { blue: 100, green: 1 },
    ])
      it(`does not send weights that do not add up: ${JSON.stringify(weights)}`, async () => {
        await assert.rejects(ports.router.writeWeights(weights), /must add up to 100/);
        assert.equal(proxy.bodies("ModifyRule").length, 0);
      });

    it("does not know the weights of a rule that forwards to a foreign group", async () => {
      const foreign = await damage.foreignGroup(environment);
      await damage.forwardTo(environment, [environment.targetGroupArns.blue, foreign]);
      const reason = `rule ${environment.ruleArn} does not forward to exactly the two colors`;
      assert.deepEqual(await ports.router.readWeights(), unknown(reason));
    });

    it("does not know the weights of a rule that forwards to a third group too", async () => {
      const { blue, green } = environment.targetGroupArns;
      const foreign = await damage.foreignGroup(environment);
      await damage.forwardTo(environment, [blue, green, foreign]);
      assert.equal((await ports.router.readWeights()).known, false);
    });

    it("does not know the weights of a rule that does not forward", async () => {
      await damage.answerFixed(environment);
      assert.equal((await ports.router.readWeights()).known, false);
    });

    it("says that the outcome is unknown when the answer is lost, though it was done", async () => {
      proxy.spoil("ModifyRule", "lose-answer", 2);
      assert.equal(await ports.router.writeWeights({ blue: 50, green: 50 }), "unknown");
      assert.equal(await environment.weights(), "50/50");
    });

    it("says that the outcome is unknown when the answer cannot be read", async () => {
      proxy.spoil("ModifyRule", "garble", 2);
      assert.equal(await ports.router.writeWeights({ blue: 50, green: 50 }), "unknown");
    });

    it("tries once more by itself", async () => {
      proxy.spoil("ModifyRule", "garble", 1);
      assert.equal(await ports.router.writeWeights({ blue: 50, green: 50 }), "written");
    });

    it("throws when the service refuses, which is certain", async () => {
      await damage.deleteRule(environment);
      await assert.rejects(ports.router.writeWeights({ blue: 90, green: 10 }), {
        name: "RuleNotFoundException",
      });
    });
  });

  describe("the health source", () => {
    useParts("service", "alarms");

    it("counts the targets of a color", async () => {
      const all = known({ healthy: 1, unhealthy: 0, initial: 0 });
      assert.deepEqual(await ports.health.readTargets("green"), all);
    });

    it("counts no targets where none is registered", async () => {
      await damage.deregister(environment, "green");
      const none = known({ healthy: 0, unhealthy: 0, initial: 0 });
      assert.deepEqual(await ports.health.readTargets("green"), none);
      assert.equal((await ports.health.readTargets("blue")).known, true);
    });

    it("finds no alarm red when each is quiet", async () => {
      assert.deepEqual(await ports.health.readAlarms("green"), known([]));
    });

    it("names the red alarms of a color, and not those of the other", async () => {
      await environment.setAlarm("blue-5xx", "ALARM");
      await environment.setAlarm("green-p99", "ALARM");
      assert.deepEqual(await ports.health.readAlarms("green"), red("green-p99"));
    });

    it("does not take a missing alarm for a quiet one", async () => {
      await damage.deleteAlarm(environment, "green-p99");
      const missing = unknown("green-p99: missing, or no data");
      assert.deepEqual(await ports.health.readAlarms("green"), missing);
    });

    it("does not take an alarm without data for a quiet one", async () => {
      await environment.setAlarm("green-p99", "INSUFFICIENT_DATA");
      const silent = unknown("green-p99: missing, or no data");
      assert.deepEqual(await ports.health.readAlarms("green"), silent);
    });

    it("lets one red alarm outweigh a missing one", async () => {
      await damage.deleteAlarm(environment, "green-p99");
      await environment.setAlarm("green-5xx", "ALARM");
      assert.deepEqual(await ports.health.readAlarms("green"), red("green-5xx"));
    });
  });

  describe("the traffic source", () => {
    useParts();
    const read = (source: SourceName) => {
      const now = Date.now();
      const from = Math.floor(now / MINUTE) * MINUTE;
      return ports.traffic.readPeriods(source, from, now, 500);
    };

    for (const source of SOURCE_NAMES)
      describe(`of the ${source}`, () => {
        it("counts what each color did, in each period", async () => {
          await environment.payments("green", 1000, { failures: 7, slow: 3, source });
          await environment.payments("blue", 5000, { failures: 900, slow: 40, source });
          const [period] = await periods(read(source));
          const { at, ...counts } = period ?? {};
          assert.equal((at ?? 0) % (SOURCES[source].periodSeconds * 1000), 0);
          assert.deepEqual(counts, {
            green: { payments: 1000, failures: 7, timed: 993, slow: 3, rejected: 0 },
            blue: { payments: 5000, failures: 900, timed: 4100, slow: 40, rejected: 0 },
          });
        });

        it("takes no failure datapoints beside payments for no failures", async () => {
          await environment.payments("green", 1000, { source });
          const [period] = await periods(read(source));
          assert.equal(period?.green.failures, 0);
        });

        it("does not take payments without response times for fast ones", async () => {
          await environment.payments("green", 1000, { source, timed: 0 });
          const [period] = await periods(read(source));
          assert.deepEqual([period?.green.payments, period?.green.timed], [1000, 0]);
        });

        it("has no periods where nothing was counted", async () => {
          assert.deepEqual(await read(source), known([]));
        });
      });

    it("counts what the balancer saw rejected", async () => {
      await environment.payments("green", 1000, { rejected: 12 });
      const [period] = await periods(read("loadBalancer"));
      assert.equal(period?.green.rejected, 12);
    });

    it("asks AWS for nothing when no time has passed", async () => {
      assert.deepEqual(await ports.traffic.readPeriods("application", 5, 5, 500), known([]));
      assert.equal(proxy.bodies("GetMetricData").length, 0);
    });

    it("does not read the other source's counts", async () => {
      await environment.payments("green", 1000, { source: "loadBalancer" });
      assert.deepEqual(await read("application"), known([]));
    });
  });

  describe("the state store", () => {
    useParts("table");
    const state = { ...initialState("blue"), version: 1, lastCode: "idle" };
    const record = { at: 1, code: "idle", reason: "-", who: "controller", weights: state.weights };

    it("has nothing before the first save", async () => {
      assert.equal(await ports.state.load(), undefined);
    });

    it("loads what was saved", async () => {
      assert.equal(await ports.state.save(state, 0, record), "saved");
      assert.deepEqual(await ports.state.load(), state);
      const [kept] = await environment.audit();
      assert.deepEqual(kept, { ...record, place: 1 });
    });

    it("saves one version after the other, each with its record", async () => {
      for (const version of [1, 2, 3])
        assert.equal(await ports.state.save({ ...state, version }, version - 1, record), "saved");
      assert.equal((await ports.state.load())?.version, 3);
      const places = (await environment.audit()).map(({ place }) => place);
      assert.deepEqual(places, [1, 2, 3]);
    });

    for (const [expected, why] of [
      [0, "a first save, where one was saved"],
      [2, "a version that is not there yet"],
    ] as const)
      it(`saves neither state nor record on ${why}`, async () => {
        await ports.state.save(state, 0, record);
        const next = { ...state, version: expected + 1, live: "green" as const };
        assert.equal(await ports.state.save(next, expected, { ...record, at: 2 }), "conflict");
        assert.deepEqual(await ports.state.load(), state);
        assert.deepEqual(
          (await environment.audit()).map(({ at }) => at),
          [1],
        );
      });

    it("lets one of ten savers at once have it", async () => {
      const savers = Array.from({ length: 10 }, () => ports.state.save(state, 0, record));
      const outcomes = await Promise.all(savers);
      assert.deepEqual(outcomes.sort(), [...Array(9).fill("conflict"), "saved"]);
    });

    it("does not take an answer that cannot be read for a conflict or a success", async () => {
      proxy.spoil("TransactWriteItems", "garble", 2);
      assert.equal(await ports.state.save(state, 0, record), "unknown");
      assert.equal(await ports.state.load(), undefined);
    });

    it("says that the outcome is unknown when the answer is lost, though it was saved", async () => {
      proxy.spoil("TransactWriteItems", "lose-answer", 2);
      assert.equal(await ports.state.save(state, 0, record), "unknown");
      assert.deepEqual(await ports.state.load(), state);
    });

    it("tries once more under the same token, by which DynamoDB knows its own save again", async () => {
      proxy.spoil("TransactWriteItems", "lose-answer", 1);
      await ports.state.save(state, 0, record);
      const tokens = proxy.bodies("TransactWriteItems").map(tokenOf);
      assert.deepEqual([tokens.length, new Set(tokens).size], [2, 1]);
      assert.match(tokens[0] ?? "", /^[0-9a-f-]{36}$/);
    });

    it("throws when the service refuses", async () => {
      await damage.deleteTable(environment);
      await assert.rejects(ports.state.save(state, 0, record), {
        name: "ResourceNotFoundException",
      });
    });

    it("does not load a state of another schema", async () => {
      await ports.state.save({ ...state, schemaVersion: 4 }, 0, record);
      await assert.rejects(ports.state.load(), /schema version 4/);
    });
  });

  describe("the notifier", () => {
    useParts("messages");

    it("sends plain subjects of at most a hundred characters", async () => {
      await ports.notifier.notify(`Größe ${"x".repeat(200)}`, "message");
      const [subject = ""] = await environment.takeSubjects();
      assert.equal(subject, `[payments test] Gr??e ${"x".repeat(100)}`.slice(0, 100));
    });
  });
});

function tokenOf(body: string): string | undefined {
  return (JSON.parse(body) as { ClientRequestToken?: string }).ClientRequestToken;
}

async function periods(read: Promise<Known<Period[]>>): Promise<Period[]> {
  const result = await read;
  if (!result.known) throw new Error(result.reason);
  return result.value;
}
