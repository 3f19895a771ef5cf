import assert from "node:assert/strict";
import { awsPorts } from "../../../lambdas/bootstrap/aws/ports";
import type { Ports } from "../../../lambdas/bootstrap/ports";
import { awsEnvironment, setVariables } from "../../support/moto";
import { FakeAws, type Trouble } from "./fakeAws";
import { access, FakeWorld, FORWARD, secretText } from "./world";

const MASTER = access("blue");
const MAKE = "CREATE DATABASE IF NOT EXISTS payments";
const EXECUTE = "rds-data:ExecuteStatement";

/**
 * Goal: each adapter keeps the promise of its port, in the words that AWS speaks.
 * Method: the real SDK against a fake of the services' wire protocols; only pauses take no time.
 */
describe("the bootstrap's adapters", () => {
  let world: FakeWorld;
  let aws: FakeAws;
  let ports: Ports;
  let restore: () => void;
  let pauses: number;

  beforeEach(async () => {
    world = new FakeWorld();
    aws = new FakeAws(world.ports);
    await aws.start();
    restore = setVariables(awsEnvironment(aws.url));
    pauses = 0;
    world.onSleep = () => pauses++;
    ports = awsPorts(world.ports.clock);
  });
  afterEach(() => {
    restore();
    aws.close();
  });

  describe("the statements", () => {
    const run = () => ports.sql.execute(MASTER, MAKE);
    const refusal = (fault: string, status?: number, message?: string): Trouble => ({
      fault,
      ...(status !== undefined && { status }),
      ...(message !== undefined && { message }),
    });

    it("run as the cluster's master user, one for each call", async () => {
      assert.deepEqual(await run(), []);
      assert.deepEqual(
        aws.requests.map(({ body }) => body),
        [{ resourceArn: MASTER.clusterArn, secretArn: MASTER.masterSecretArn, sql: MAKE }],
      );
      assert.deepEqual(world.cluster("blue").objects, ["payments"]);
    });

    it("return rows of texts", async () => {
      world.cluster("blue").accounts.app = { password: "", locked: false, grants: [] };
      const rows = await ports.sql.execute(MASTER, "SELECT user FROM x WHERE user IN ('app')");
      assert.deepEqual(rows, [["app"]]);
    });

    for (const [name, trouble] of Object.entries<Trouble>({
      "a cluster that wakes up": refusal("DatabaseResumingException"),
      "a cluster that wakes up, as it was put before": refusal(
        "BadRequestException",
        400,
        "Communications link failure",
      ),
      "a cluster without a writer": refusal("DatabaseUnavailableException", 504),
      "a service that is down": refusal("ServiceUnavailableError", 503),
      "a service that fails": refusal("InternalServerErrorException", 500),
      "a statement that took too long": refusal("StatementTimeoutException"),
      "too many calls": refusal("ThrottlingException"),
      "too many calls at the gate": refusal("TooManyRequestsException", 429),
      "a permission that is not known yet": refusal("AccessDeniedException", 403),
      "an answer that is lost": "lose-answer",
    }))
      it(`are run again after ${name}`, async () => {
        aws.troubles[EXECUTE] = [trouble, trouble];
        assert.deepEqual(await run(), []);
        assert.deepEqual([pauses, aws.requests.length], [2, 3]);
      });

    it("are not run again when the engine refuses them, and the error is the engine's", async () => {
      aws.troubles[EXECUTE] = [
        refusal("DatabaseErrorException", 400, "You have an error near 'x'"),
      ];
      await assert.rejects(run(), { name: "DatabaseErrorException", message: /error near 'x'$/ });
      assert.deepEqual([pauses, aws.requests.length], [0, 1]);
    });

    for (const fault of [
      "BadRequestException",
      "DatabaseNotFoundException",
      "SecretsErrorException",
    ])
      it(`are not run again after ${fault}`, async () => {
        aws.troubles[EXECUTE] = [refusal(fault)];
        await assert.rejects(run(), { name: fault });
        assert.equal(aws.requests.length, 1);
      });

    it("are run again for as long as another one can end in time, and no longer", async () => {
      aws.troubles[EXECUTE] = Array(100).fill(refusal("DatabaseResumingException"));
      await assert.rejects(run(), { name: "DatabaseResumingException" });
      assert.ok(world.timeLeft >= 50_000 && world.timeLeft < 55_000, `${world.timeLeft} ms left`);
      assert.equal(pauses, 50);
    });

    it("wait a minute for a permission, which is not to come after that", async () => {
      aws.troubles[EXECUTE] = Array(100).fill(refusal("AccessDeniedException", 403));
      await assert.rejects(run(), { name: "AccessDeniedException" });
      assert.equal(pauses, 12);
    });
  });

  describe("the secrets", () => {
    const arn = MASTER.userSecretArns.application;
    const GET = "secretsmanager:GetSecretValue";

    it("are read as they are", async () => {
      const text = secretText("application", "blue-application-password");
      assert.equal(await ports.secrets.read(arn), text);
      assert.deepEqual(aws.requests, [{ action: GET, body: { SecretId: arn } }]);
    });

    it("wait for a permission, and for nothing else", async () => {
      aws.troubles[GET] = [{ fault: "AccessDeniedException" }];
      await ports.secrets.read(arn);
      aws.troubles[GET] = [{ fault: "ResourceNotFoundException" }];
      await assert.rejects(ports.secrets.read(arn), { name: "ResourceNotFoundException" });
      assert.equal(pauses, 1);
    });
  });

  describe("replication", () => {
    const DESCRIBE = "dms:DescribeReplicationTasks";
    const START = "dms:StartReplicationTask";

    it("tells a task's status", async () => {
      for (const status of ["creating", "ready", "running", "stopped"]) {
        world.tasks[FORWARD] = status;
        assert.equal(await ports.replication.status(FORWARD), status);
      }
      const [request] = aws.requests;
      assert.deepEqual(request?.body, {
        Filters: [{ Name: "replication-task-arn", Values: [FORWARD] }],
        WithoutSettings: true,
      });
    });

    it("fails for a task that there is not, rather than to call it something", async () => {
      world.tasks[FORWARD] = "none";
      const message = `there is no replication task ${FORWARD}`;
      await assert.rejects(ports.replication.status(FORWARD), { message });
      aws.troubles[DESCRIBE] = [{ fault: "ResourceNotFoundFault" }];
      await assert.rejects(ports.replication.status(FORWARD), { name: "ResourceNotFoundFault" });
    });

    it("starts a task from its beginning", async () => {
      await ports.replication.start(FORWARD);
      assert.equal(world.tasks[FORWARD], "starting");
    });

    it("waits for a permission that was just granted", async () => {
      for (const action of [DESCRIBE, START])
        aws.troubles[action] = [{ fault: "AccessDeniedException" }, { fault: "AccessDeniedFault" }];
      assert.equal(await ports.replication.status(FORWARD), "ready");
      await ports.replication.start(FORWARD);
      assert.equal(pauses, 4);
    });

    it("does not start a task again that cannot be started", async () => {
      aws.troubles[START] = [{ fault: "InvalidResourceStateFault" }];
      await assert.rejects(ports.replication.start(FORWARD), { name: "InvalidResourceStateFault" });
      assert.deepEqual([pauses, world.tasks[FORWARD]], [0, "ready"]);
    });
  });
});
