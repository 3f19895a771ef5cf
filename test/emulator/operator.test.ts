import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../tools/cutover/status";
import { type Moto, setVariables, useMoto } from "../support/moto";
import { ACCOUNT, OperatorWorld } from "../tools/cutover/support/operatorWorld";
import { type Ran, runCutover, type Terminal } from "../tools/cutover/support/run";
import { awayFromMinuteEdge } from "./rehearsal";

const LEFT_OUT = "the operator's commands on an emulated AWS";

/**
 * Goal: what an operator types reaches the deployed controller, goes on record in their name, and what
 * they are shown is so.
 * Method: the command runs against an emulator of AWS in which the serialized function is served behind
 * Lambda's API. What it did is read from outside: the rule and the table.
 */
describe(LEFT_OUT, function () {
  this.timeout(60_000);
  let moto: Moto;
  let world: OperatorWorld;
  let restore: () => void;
  const folder = mkdtempSync(join(tmpdir(), "operator-"));
  const outputs = join(folder, "outputs.json");

  before(async function () {
    moto = await useMoto(this, LEFT_OUT);
    world = await OperatorWorld.create(moto);
    restore = setVariables(world.variables);
  });
  beforeEach(async () => {
    await world.reset();
    writeFileSync(outputs, JSON.stringify(world.outputs));
    await awayFromMinuteEdge();
  });
  after(() => {
    restore?.();
    world?.close();
    rmSync(folder, { recursive: true });
  });

  function cutover(verb: string, given: string[] = [], terminal?: Terminal): Promise<Ran> {
    return runCutover([...verb.split(" "), "--outputs", outputs, ...given], terminal);
  }

  async function status(): Promise<Status> {
    const { stdout, stderr } = await cutover("status", ["--json"]);
    assert.equal(stderr, "");
    return JSON.parse(stdout) as Status;
  }

  it("shows an environment in which nothing has ever moved", async () => {
    const ran = await cutover("status");
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.match(ran.stdout, /^test {2}123456789012 us-east-1 +\d\d:\d\d:\d\d\n/);
    assert.match(ran.stdout, /Nothing moves, blue is live/);
    assert.match(ran.stdout, /blue .* 100 % {2}live\ngreen .* 0 % {2}standby/);
    assert.match(ran.stdout, /nothing is on record yet/);
  });

  it("starts a cutover in the caller's name, which status then shows", async () => {
    const ran = await cutover("start", ["--yes", "--why", "release 42"]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /^Started the cutover to green \(release 42\): 10 % to green\.\n/);
    assert.equal(await world.environment.weights(), "90/10");
    const [started] = await world.environment.audit();
    assert.deepEqual([started?.code, started?.who], ["start", `arn:aws:sts::${ACCOUNT}:user/moto`]);
    const { phase, move, weights } = await status();
    assert.deepEqual([phase, move?.step, move?.share], ["shifting", 1, "10 % on green"]);
    assert.deepEqual(weights.found, { known: true, value: { blue: 90, green: 10 } });
  });

  it("takes a cutover back, and is refused a second time, with the reason", async () => {
    await cutover("start", ["--yes", "--why", "release 42"]);
    const first = await cutover("rollback", ["--yes", "--why", "odd mails", "--who", "bob"]);
    assert.deepEqual([first.status, first.stderr], [0, ""]);
    assert.match(first.stdout, /^Rolled back to blue: bob asked for it \(odd mails\)\.\n/);
    assert.equal(await world.environment.weights(), "100/0");
    await world.schedule();
    assert.equal((await status()).isLatched, true);
    const second = await cutover("rollback", ["--yes", "--why", "once more"]);
    assert.deepEqual([second.status, second.stdout], [1, ""]);
    assert.match(second.stderr, /^Refused to rollback: latched after a rollback because bob asked/);
  });

  it("asks a person first, with environment, account and effect, and sends nothing unless they agree", async () => {
    const why = ["--why", "release 42"];
    const refused = await cutover("start", why, { typed: ["n"] });
    assert.deepEqual([refused.status, await world.environment.weights()], [1, "100/0"]);
    assert.match(refused.stderr, /Environment test \(stack .*, account 123456789012, us-east-1\)/);
    assert.match(
      refused.stderr,
      /This gives green 10 % of the live payments of test, then 50 %, 90 % and 100 % as/,
    );
    assert.match(refused.stderr, /Nothing was sent\.\n$/);
    assert.equal((await cutover("start", why, { typed: ["y"] })).status, 0);
    assert.equal(await world.environment.weights(), "90/10");
  });

  it("sends nothing without a terminal and without --yes, nor without a reason", async () => {
    world.proxy.forget();
    for (const given of [[], ["--yes"], ["--why", "because"]]) {
      const ran = await cutover("start", given);
      assert.deepEqual([ran.status, ran.stdout], [2, ""]);
      assert.match(ran.stderr, /^Without a terminal, give .*Nothing was sent\.\n$/);
    }
    assert.deepEqual(world.proxy.bodies("invocations"), []);
  });
});
