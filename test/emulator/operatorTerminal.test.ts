import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../tools/cutover/status";
import { leaveOut } from "../support/leaveOut";
import { type Moto, setVariables, useMoto } from "../support/moto";
import { OperatorWorld } from "../tools/cutover/support/operatorWorld";
import { commandLine, runCutover, startProgram, until } from "../tools/cutover/support/run";
import { awayFromMinuteEdge, PLAN } from "./rehearsal";

const LEFT_OUT = "the operator's commands in a real terminal";
const AGREED = ["--yes", "--why", "release 42"];

/** Bakes for as long as a test looks on. */
const SLOW = { ...PLAN, steps: PLAN.steps.map((step) => ({ ...step, bakeMinutes: 10 })) };

/**
 * Goal: the live view is drawn and drawn again, keeps to the window, and leaves the terminal as it was;
 * a person is asked and answers; and without a terminal there are plain lines.
 * Method: a terminal multiplexer is the terminal, and its screen is read.
 */
describe(LEFT_OUT, function () {
  this.timeout(90_000);
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
    await world.reset(SLOW);
    writeFileSync(outputs, JSON.stringify(world.outputs));
    await awayFromMinuteEdge();
  });
  after(() => {
    restore?.();
    world?.close();
    rmSync(folder, { recursive: true });
  });

  const start = () => runCutover(["start", "--outputs", outputs, ...AGREED]);

  describe("without a terminal", () => {
    it("lists what changes, and ends well when it is told to", async () => {
      const given = ["status", "--watch", "--every", "1", "--outputs", outputs];
      const watching = startProgram("cutover", given, world.variables);
      await until(() => /Nothing moves, blue is live\./.test(watching.stdout()), watching.stdout);
      await start();
      await until(() => /blue 90 % green 10 %/.test(watching.stdout()), watching.stdout);
      watching.child.kill("SIGTERM");
      const { status, stdout, stderr } = await watching.ended;
      assert.deepEqual([status, stderr], [0, ""]);
      const lines = stdout.trimEnd().split("\n");
      assert.ok(
        lines.every((line) => /^\d\d:\d\d:\d\d {2}blue \d+ % green \d+ % {2}/.test(line)),
        stdout,
      );
      assert.equal(new Set(lines.map((line) => line.slice(10))).size, lines.length, "only changes");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
      assert.doesNotMatch(stdout, /\u001b/);
    });

    it("prints one JSON text a look, for machines", async () => {
      const given = ["status", "--watch", "--every", "1", "--json", "--outputs", outputs];
      const watching = startProgram("cutover", given, world.variables);
      await until(() => watching.stdout().split("\n").length > 2, watching.stdout);
      watching.child.kill("SIGINT");
      const { status, stdout } = await watching.ended;
      const looks = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Status);
      assert.deepEqual([status, looks[0]?.phase, looks[1]?.live], [0, "idle", "blue"]);
    });

    it("goes on looking when AWS does not answer for a while", async () => {
      const given = ["status", "--watch", "--every", "1", "--outputs", outputs];
      const watching = startProgram("cutover", given, world.variables);
      await until(() => /Nothing moves/.test(watching.stdout()), watching.stdout);
      world.front.refuse("configuration", { type: "ThrottlingException", message: "slow down" }, 3);
      await until(() => world.front.left("configuration") === 0, watching.stdout);
      await start();
      await until(() => /blue 90 % green 10 %/.test(watching.stdout()), watching.stdout);
      watching.child.kill("SIGTERM");
      const { status, stderr } = await watching.ended;
      assert.equal(status, 0);
      assert.match(stderr, /^AWS throttles these calls[^\n]*\n$/);
    });
  });

  describe("in a terminal", () => {
    const session = `operator-${process.pid}`;
    const tmux = (...given: string[]) =>
      execFileSync("tmux", ["-L", session, ...given], { encoding: "utf8" });
    /** What is on it; lines that the terminal broke are whole. */
    const screen = () => tmux("capture-pane", "-pJ", "-t", session).replace(/ +$/gm, "").trimEnd();
    const shows = (text: RegExp) => until(() => text.test(screen()), screen);

    before(function () {
      if (spawnSync("tmux", ["-V"]).status !== 0)
        leaveOut(this, LEFT_OUT, "tmux is not on the PATH (apt-get install tmux)");
    });
    beforeEach(() => {
      const variables = Object.entries(world.variables).flatMap(([name, value]) => [
        "-e",
        `${name}=${value}`,
      ]);
      tmux(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-s",
        session,
        "-x",
        "80",
        "-y",
        "24",
        ...variables,
        "env PS1='ready$ ' sh",
      );
    });
    afterEach(() => void spawnSync("tmux", ["-L", session, "kill-server"]));

    function type(...given: string[]): void {
      const line = [process.execPath, ...commandLine("cutover"), ...given, "--outputs", outputs];
      tmux("send-keys", "-t", session, line.join(" "), "Enter");
    }

    it("draws the view again and again, follows the window, and leaves the terminal as it was", async () => {
      type("status", "--watch", "--every", "1");
      await shows(/Nothing moves, blue is live.*Ctrl-C ends it\./s);
      assert.deepEqual(tmux("display", "-p", "#{alternate_on} #{cursor_flag}").trim(), "1 0");
      await start();
      await shows(/Cutover to green, step 1 of 4.*90 % {2}live.*Ctrl-C ends it\./s);
      tmux("resize-window", "-t", session, "-x", "50", "-y", "30");
      await until(
        () =>
          screen()
            .split("\n")
            .every((line) => line.length <= 50) && /Ctrl-C/.test(screen()),
        screen,
      );
      await shows(/^test {2}123456789012 us-east-1 +\d\d:\d\d:\d\d\nCutover to green/);
      tmux("send-keys", "-t", session, "C-c");
      await shows(/record .*\nready\$$/s);
      assert.deepEqual(tmux("display", "-p", "#{alternate_on} #{cursor_flag}").trim(), "0 1");
      tmux("send-keys", "-t", session, "echo ended with $?", "Enter");
      await shows(/ended with 0/);
    });

    it("lists changes where the window is too narrow for a screen, and says so", async () => {
      tmux("resize-window", "-t", session, "-x", "30", "-y", "24");
      type("status", "--watch", "--every", "1");
      await shows(/The terminal has 30 columns and a.*Nothing moves/s);
      tmux("send-keys", "-t", session, "C-c");
      await shows(/ready\$$/);
    });

    it("asks why, then wants the environment's name where people pay, and sends nothing for another", async () => {
      const service = { environment: "prod" };
      writeFileSync(outputs, JSON.stringify({ ...world.outputs, service }));
      type("start");
      await shows(/Why\? It goes on record:$/m);
      tmux("send-keys", "-t", session, "release 42", "Enter");
      await shows(/This gives green 10 % of the live payments of prod.*Type prod to go on:$/ms);
      tmux("send-keys", "-t", session, "y", "Enter");
      await shows(/Nothing was sent\.\nready\$$/);
      assert.equal(await world.environment.weights(), "100/0");
      type("start", "--why", "'release 42'");
      await shows(/Type prod to go on:$/m);
      tmux("send-keys", "-t", session, "prod", "Enter");
      await shows(/Started the cutover to green \(release 42\): 10 % to green\./);
      assert.equal(await world.environment.weights(), "90/10");
    });

    it("sends nothing when the person leaves with Ctrl-C", async () => {
      type("start", "--why", "'release 42'");
      await shows(/Go on\? \[y\/N\]/);
      tmux("send-keys", "-t", session, "C-c");
      await shows(/Nothing was sent\.\nready\$$/);
      assert.equal(await world.environment.weights(), "100/0");
    });
  });
});
