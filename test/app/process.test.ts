import assert from "node:assert/strict";
import { awsEnvironment } from "../support/moto";
import { Client, payment } from "./client";
import type { Cluster } from "./cluster";
import { type Program, startProgram } from "./program";
import { PARAMETER, until, World } from "./world";

/**
 * Goal: a task starts, stops and speaks as ECS and CloudWatch expect it.
 * Method: the program in a process of its own, with the environment of the container.
 */
describe("the process of the payment service", function () {
  this.timeout(60_000);
  let world: World;
  let blue: Cluster;
  const programs: Program[] = [];
  const clients: Client[] = [];

  before(async function () {
    world = await World.begin(this, "the process of the payment service", ["blue"]);
    blue = world.cluster("blue");
  });
  after(() => {
    for (const { process } of programs) process.kill("SIGKILL");
    for (const client of clients) client.close();
    return world?.stop();
  });

  function connect(port: number): Client {
    const client = new Client(port);
    clients.push(client);
    return client;
  }

  /** What a program has said in its log; metrics are no messages. */
  function messages({ lines }: Program): { message: string; port: number }[] {
    return lines.map((line) => JSON.parse(line)).filter(({ message }) => message !== undefined);
  }

  async function startTask(): Promise<{ task: Program; client: Client }> {
    const task = startProgram("main", {
      ...awsEnvironment(world.aws.url),
      PAYMENTS_ENVIRONMENT: "test",
      PAYMENTS_COLOR: "green",
      PAYMENTS_WRITER_PARAMETER: PARAMETER,
      PAYMENTS_PORT: "0",
      PAYMENTS_DATABASE_CA_FILE: blue.caFile,
    });
    programs.push(task);
    const serving = () => messages(task).find(({ message }) => message === "serving");
    await until(() => serving() !== undefined || task.process.exitCode !== null);
    assert.equal(task.process.exitCode, null, task.errors());
    const client = connect(serving()?.port ?? 0);
    await until(async () => (await client.get("/healthz/ready")).status === 200);
    return { task, client };
  }

  it("names everything that is wrong with its environment", async () => {
    const wrong = startProgram("main", {
      PAYMENTS_COLOR: "red",
      PAYMENTS_TLS_KEY_FILE: "key.pem",
    });
    assert.equal(await wrong.ended, 2);
    assert.deepEqual(wrong.errors().trim().split("\n  "), [
      "wrong environment:",
      "PAYMENTS_ENVIRONMENT: got nothing, allowed: a name such as prod",
      'PAYMENTS_COLOR: got "red", allowed: blue or green',
      "PAYMENTS_WRITER_PARAMETER: got nothing, allowed: the name of an SSM parameter such as /payments/prod/database/writer",
      "AWS_REGION: got nothing, allowed: a region such as us-east-1",
      'PAYMENTS_TLS_KEY_FILE: got "key.pem", allowed: an absolute path of a PEM file',
      "PAYMENTS_TLS_CERTIFICATE_FILE and PAYMENTS_TLS_KEY_FILE go together, got PAYMENTS_TLS_KEY_FILE",
    ]);
  });

  it("drains when it is told to stop: what is asked is answered, then it ends", async () => {
    const { task, client } = await startTask();
    await client.pay("key-1");
    await blue.holdCommits();
    const inFlight = client.pay("key-2");
    await until(() => blue.isCommitting());
    task.process.kill("SIGTERM");
    await until(async () => (await client.get("/healthz/ready")).status === 503);
    assert.equal((await client.get("/healthz/live")).status, 200);
    await blue.releaseCommits();
    const answer = await inFlight;
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.connection, "close");
    // The load balancer may not know yet.
    const late = await connect(client.port).pay("key-3", payment({ amount: 0 }));
    assert.equal(late.status, 400);
    assert.equal((await connect(client.port).pay("key-3")).status, 201);
    assert.equal(await task.ended, 0, task.errors());
    assert.deepEqual(
      (await blue.keys()).map(([key]) => key),
      ["key-1", "key-2", "key-3"],
    );
    await assert.rejects(connect(client.port).get("/healthz/live"), /ECONNREFUSED/);
    assertCounts(task);
  });

  // biome-ignore lint/suspicious/noExplicitAny: tests assert on what is in it
  function metricsIn(lines: string[]): any[] {
    return lines.map((line) => JSON.parse(line)).filter(({ _aws }) => _aws !== undefined);
  }

  /** Every payment is in a metric, and nothing else is. */
  function assertCounts({ lines }: Program): void {
    const metrics = metricsIn(lines);
    const sum = (name: string) => metrics.reduce((total, line) => total + (line[name] ?? 0), 0);
    assert.equal(sum("PaymentsAccepted"), 3);
    assert.equal(sum("PaymentsFailed"), 0);
    const latencies: number[] = metrics.flatMap(({ PaymentLatency = [] }) => PaymentLatency);
    assert.equal(latencies.length, 3);
    assert.ok(latencies.every((milliseconds) => milliseconds > 0 && milliseconds < 5_000));
    for (const { _aws, Color } of metrics) {
      assert.equal(Color, "green");
      assert.equal(_aws.CloudWatchMetrics[0].Namespace, "Payments/test");
      assert.deepEqual(_aws.CloudWatchMetrics[0].Dimensions, [["Color"]]);
      assert.ok(Math.abs(Date.now() - _aws.Timestamp) < 60_000);
    }
  }

  it("waits for a request in flight longer than it takes new ones", async () => {
    const { service, client } = await world.serve({ hold: 5_000, linger: 50 });
    await blue.setReadOnly(true);
    const inFlight = client.pay("key-4");
    const drained = service.drain();
    await until(() =>
      connect(client.port)
        .get("/healthz/live")
        .then(() => false)
        .catch((error) => error.code === "ECONNREFUSED"),
    );
    const from = world.lines.length;
    await blue.setReadOnly(false);
    assert.equal((await inFlight).status, 201);
    await drained;
    // Its last second is counted as well.
    const [last = {}] = metricsIn(world.lines.slice(from));
    assert.equal(last.PaymentsAccepted, 1);
  });

  it("counts what it failed to do, and not what clients did wrong", async () => {
    const { client } = await world.serve();
    const from = world.lines.length;
    await client.pay("key-5", {});
    await client.get("/payments/1");
    await client.breakOff();
    await blue.setReadOnly(true);
    await client.pay("key-5");
    await blue.setReadOnly(false);
    const metrics = () => metricsIn(world.lines.slice(from));
    await until(() => metrics().length > 0);
    const [{ PaymentsAccepted, PaymentsFailed, PaymentLatency }] = metrics();
    assert.deepEqual([PaymentsAccepted, PaymentsFailed, PaymentLatency], [0, 1, undefined]);
  });
});
