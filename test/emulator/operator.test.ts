import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check } from "../../tools/cutover/doctor/check";
import type { Entry } from "../../tools/cutover/history";
import type { Status } from "../../tools/cutover/status";
import { type Moto, setVariables, useMoto } from "../support/moto";
import { ACCOUNT, OperatorWorld } from "../tools/cutover/support/operatorWorld";
import { type Ran, runCutover, type Terminal } from "../tools/cutover/support/run";
import { deleteAlarm } from "./damage";
import { awayFromMinuteEdge, PLAN } from "./rehearsal";

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

  it("pauses and resumes a cutover, and refuses what cannot be done meanwhile", async () => {
    await cutover("start", ["--yes", "--why", "release 42"]);
    assert.equal((await cutover("pause", ["--yes", "--why", "lunch"])).status, 0);
    assert.match((await status()).move?.pausedBy ?? "", /user\/moto$/);
    const refused = await cutover("skip-bake", ["--yes", "--why", "hurry"]);
    assert.deepEqual([refused.status, refused.stdout], [1, ""]);
    assert.equal(refused.stderr, "Refused to skip-bake: moto paused the cutover.\n");
    const resumed = await cutover("resume", ["--yes", "--why", "back"]);
    assert.deepEqual([resumed.status, resumed.stderr], [0, ""]);
    assert.match(resumed.stdout, /^moto resumed the cutover \(back\), the step begins anew: 10 %/);
  });

  it("agrees to what a step asks, and ends its bake time", async () => {
    const [first, ...rest] = PLAN.steps;
    const asking = { weightPercent: 10, ...first, bakeMinutes: 5, approval: "mails are fine" };
    await world.reset({ ...PLAN, steps: [asking, ...rest] });
    await cutover("start", ["--yes", "--why", "release 42"]);
    await world.schedule();
    const approved = await cutover("approve", ["--why", "they are"], { typed: ["y"] });
    assert.equal(approved.status, 0, approved.stderr);
    assert.match(approved.stderr, /This agrees, for test at 10 % on green, to: mails are fine\./);
    const skipped = await cutover("skip-bake", ["--yes", "--why", "hurry"]);
    assert.match(skipped.stdout, /^moto ended the bake time of 10 % on green \(hurry\)\.\n/);
    const { move } = await status();
    assert.deepEqual([move?.bakeSkipped, move?.approval?.question], [true, "mails are fine"]);
  });

  it("lifts the latch after a rollback, in the name of whoever says so", async () => {
    await cutover("start", ["--yes", "--why", "release 42"]);
    await cutover("rollback", ["--yes", "--why", "odd mails"]);
    await world.schedule();
    const cleared = await cutover("clear", ["--yes", "--who", "bob", "--why", "mails were mine"]);
    assert.equal(cleared.status, 0, cleared.stderr);
    assert.match(cleared.stdout, /^bob cleared the latch \(mails were mine\)/);
    assert.equal((await status()).phase, "idle");
  });

  it("passes on why the controller refuses to lead clients to AWS", async () => {
    const ran = await cutover("migrate", ["--yes", "--why", "a first try"]);
    assert.deepEqual([ran.status, ran.stdout], [1, ""]);
    assert.match(ran.stderr, /^Refused to migrate: there is no on-premises endpoint/);
  });

  it("answers in JSON, with the controller's own words, and errors, too", async () => {
    const started = await cutover("start", ["--yes", "--why", "release 42", "--json"]);
    const { granted, report, who } = JSON.parse(started.stdout);
    assert.deepEqual(
      [granted, report.code, who],
      [true, "start", `arn:aws:sts::${ACCOUNT}:user/moto`],
    );
    const again = await cutover("start", ["--yes", "--why", "once more", "--json"]);
    assert.deepEqual([again.status, JSON.parse(again.stdout).report.code], [1, "refuse"]);
    const wrong = await cutover("start", ["--yes", "--json"]);
    assert.equal(JSON.parse(wrong.stdout).exitCode, 2);
  });

  it("tells the audit trail as a story, oldest first", async () => {
    await cutover("start", ["--yes", "--why", "release 42"]);
    await cutover("rollback", ["--yes", "--why", "odd mails"]);
    await world.schedule();
    const { stdout } = await cutover("history");
    const order = [
      "moto: Started the cutover",
      "90/10",
      "moto: Rolled back to blue: moto asked",
      "latched until",
    ];
    const places = order.map((text) => stdout.indexOf(text));
    assert.ok(
      places.every((place) => place > 0),
      stdout,
    );
    const { entries, isCut } = JSON.parse((await cutover("history", ["--json"])).stdout);
    const audit = await world.environment.audit();
    assert.deepEqual(
      entries.map(({ code, who, weights }: Entry) => ({ code, who, weights })),
      audit.map(({ code, who, weights }) => ({ code, who, weights })),
    );
    assert.equal(isCut, false);
    const two = JSON.parse((await cutover("history", ["--json", "--limit", "2"])).stdout);
    assert.deepEqual([two.entries.length, two.isCut], [2, true]);
    assert.equal(two.entries[1].code, audit.at(-1)?.code);
    const late = await cutover("history", ["--since", "2099-01-01"]);
    assert.equal(late.stdout, "Nothing is on record of test in that time.\n");
  });

  it("finds the table by the function, and by the parameter, where no output names it", async () => {
    await cutover("start", ["--yes", "--why", "release 42"]);
    const { cutoverTableName: _, ...fewer } = world.outputs;
    writeFileSync(outputs, JSON.stringify(fewer));
    assert.match((await cutover("history")).stdout, /Started the cutover/);
    world.front.refuse("configuration", { type: "AccessDeniedException", message: "no" });
    assert.match((await cutover("history")).stdout, /Started the cutover/);
  });

  it("examines what would stop a cutover, until nothing does", async () => {
    const before = await cutover("doctor", ["--json"]);
    assert.equal(before.status, 1);
    const verdicts = (ran: Ran) => {
      const { checks } = JSON.parse(ran.stdout) as { checks: Check[] };
      return Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
    };
    assert.deepEqual(
      [verdicts(before).schedule, verdicts(before).payments, verdicts(before).controller],
      ["bad", "bad", "good"],
    );
    await world.breathe();
    const { checks } = JSON.parse((await cutover("doctor", ["--json"])).stdout);
    const odd = checks.filter(({ verdict }: Check) => verdict !== "good");
    assert.deepEqual(odd, []);
    const well = await cutover("doctor");
    assert.equal(well.status, 0);
    assert.match(well.stdout, /\nNothing stops a cutover\.\n$/);
    await world.environment.setAlarm("green-p99", "INSUFFICIENT_DATA");
    assert.equal((await cutover("doctor")).status, 0, "a color without payments has no data");
    await deleteAlarm(world.environment, "green-p99");
    assert.equal(verdicts(await cutover("doctor", ["--json"]))["green alarms"], "bad");
  });
});
