import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseCommand } from "../../tools/release/command";
import { type Moto, setVariables, useMoto } from "../support/moto";
import { digestOf, OperatorWorld, REPOSITORY } from "../tools/cutover/support/operatorWorld";
import { collector, type Ran, runCutover } from "../tools/cutover/support/run";
import { awayFromMinuteEdge } from "./rehearsal";

const LEFT_OUT = "npm run release on an emulated AWS";

/**
 * Goal: a stack's file gets what another environment has proven, and nothing that it has not.
 * Method: the deployed controller completes a cutover in an emulator of AWS; then the command edits a copy of
 * the real Pulumi.prod.yaml.
 */
describe(LEFT_OUT, function () {
  this.timeout(90_000);
  let moto: Moto;
  let world: OperatorWorld;
  let restore: () => void;
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  const outputs = join(folder, "outputs.json");
  const file = join(folder, "Pulumi.prod.yaml");

  before(async function () {
    moto = await useMoto(this, LEFT_OUT);
    world = await OperatorWorld.create(moto);
    restore = setVariables(world.variables);
  });
  beforeEach(async () => {
    await world.reset();
    writeFileSync(outputs, JSON.stringify(world.outputs));
    copyFileSync("Pulumi.prod.yaml", file);
    await awayFromMinuteEdge();
  });
  after(() => {
    restore?.();
    world?.close();
    rmSync(folder, { recursive: true });
  });

  async function release(...given: string[]): Promise<Ran> {
    const [out, err] = [collector(false), collector(false)];
    const around = {
      directory: folder,
      out: out.stream,
      err: err.stream,
      environment: process.env,
    };
    const all = ["--to", "prod", "--outputs", outputs, "--from", "dev", ...given];
    const status = await releaseCommand(all, around);
    return { status, stdout: out.text(), stderr: err.text() };
  }

  const text = () => readFileSync(file, "utf8");

  /** Green goes live in the environment that the release comes from. */
  async function completeCutover(): Promise<void> {
    await world.environment.payments("green", 5000, { failures: 3 });
    await world.environment.payments("blue", 5000, { failures: 4 });
    await runCutover(["start", "--outputs", outputs, "--yes", "--why", "release 42"]);
    for (let events = 0; events < 30; events++) {
      await world.schedule();
      if ((await world.environment.state()).live === "green") return;
    }
    throw new Error("the cutover has not ended");
  }

  it("edits the file by what a completed cutover has proven", async () => {
    await world.deploy("green", `${REPOSITORY}@${digestOf("5")}`);
    await completeCutover();
    // At night nobody pays in such an environment.
    await world.environment.setAlarm("green-p99", "INSUFFICIENT_DATA");
    const before = text();
    const dry = await release("--dry-run");
    assert.deepEqual([dry.status, dry.stderr, text()], [0, "", before]);
    const ran = await release();
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.match(
      ran.stdout,
      /^green of prod gets sha256:555555555555 from dev, and then the payments\.\n/,
    );
    assert.match(ran.stdout, /dev completed a cutover with it on /);
    assert.match(ran.stdout, /\n- {2}payments:live: blue\n\+ {2}payments:live: green\n/);
    assert.match(ran.stdout, new RegExp(`crane copy ${REPOSITORY}@${digestOf("5")} 111122223333`));
    // Production's repository, and the other environment's digest.
    const inFile = before.replace(`payments@${digestOf("2")}`, `payments@${digestOf("5")}`);
    assert.notEqual(inFile, before);
    assert.equal(text(), inFile.replace("payments:live: blue", "payments:live: green"));
    const again = await release("--live", "green");
    assert.deepEqual([again.status, again.stdout], [1, ""]);
    assert.match(
      again.stderr,
      /^No release to prod: green is live in prod: its image would change in place/,
    );
  });

  it("refuses what no cutover was completed with, and takes it with a reason, which goes into the file", async () => {
    const before = text();
    await world.deploy("blue", `${REPOSITORY}@${digestOf("3")}`);
    const refused = await release();
    assert.deepEqual([refused.status, refused.stdout, text()], [1, "", before]);
    assert.match(
      refused.stderr,
      /^No release to prod: dev has completed no cutover with sha256:333333333333\. Nothing was changed\. If it has to be: --force/,
    );
    const forced = await release("--force", "the fix cannot wait", "--json");
    const told = JSON.parse(forced.stdout);
    assert.deepEqual([forced.status, told.outcome, told.changed], [0, "change", true]);
    const day = new Date().toISOString().slice(0, 10);
    const reason = `# Forced on ${day}, sha256:333333333333 from dev (dev has completed no cutover with sha256:333333333333): the fix cannot wait`;
    const [first, second] = ["2", "3"].map(
      (digit) =>
        `  payments:greenImage: 111122223333.dkr.ecr.us-east-1.amazonaws.com/payments@${digestOf(digit)}`,
    );
    assert.equal(
      text(),
      before
        .replace(`${first}`, () => `  ${reason}\n${second}`)
        .replace("payments:live: blue", "payments:live: green"),
    );
  });

  it("refuses what was changed after its cutover, what is not at rest, and what is not well, all at once", async () => {
    await completeCutover();
    await world.deploy("green", `${REPOSITORY}@${digestOf("4")}`);
    await world.environment.setAlarm("green-p99", "ALARM");
    world.ecs.rolloutState = "IN_PROGRESS";
    await runCutover(["start", "--outputs", outputs, "--yes", "--why", "the next"]);
    const { status, stderr } = await release();
    assert.equal(status, 1);
    const lines = stderr.trimEnd().split("\n");
    assert.equal(lines[0], "No release to prod, for 4 reasons:");
    for (const said of [
      "- dev has completed no cutover with sha256:444444444444",
      "- dev is not at rest: its controller is shifting",
      "- what green of dev runs is unknown: ecs:DescribeServices failed: Error: its deployment is IN_PROGRESS",
      "- dev is not well: red on green: green-p99",
    ])
      assert.ok(lines.includes(said), stderr);
  });

  it("says what may not be read, and changes nothing", async () => {
    await completeCutover();
    const before = text();
    world.front.refuse("GetParameterHistory", {
      type: "AccessDeniedException",
      message:
        "User: arn:aws:iam::1:user/a is not authorized to perform: ssm:GetParameterHistory on resource: it because",
      status: 403,
    });
    const { status, stderr } = await release();
    assert.deepEqual([status, text()], [1, before]);
    assert.match(stderr, /these credentials may not ssm:GetParameterHistory/);
  });

  const mistakes: [given: string[], said: RegExp][] = [
    [["--to", "nowhere"], /^--to nowhere: there is no Pulumi\.nowhere\.yaml in /],
    [["--force", "so"], /--force.*Allowed is a reason/],
    [["--live", "red"], /'red'.*blue, green/],
    [["--frm", "dev"], /unknown option '--frm'/],
  ];
  for (const [given, said] of mistakes)
    it(`refuses ${given.join(" ")} with exit code 2`, async () => {
      let written = "";
      const write = process.stderr.write;
      process.stderr.write = ((chunk: string) => {
        written += chunk;
        return true;
      }) as typeof write;
      const ran = await release(...given).finally(() => {
        process.stderr.write = write;
      });
      assert.equal(ran.status, 2);
      assert.match(`${ran.stderr}${written}`, said);
    });
});
