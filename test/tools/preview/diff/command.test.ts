import * as assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Comparison } from "../../../../tools/preview/diff/comparison";
import { type Fixture, makeFixture } from "../../../support/fixture";
import { leaveOut } from "../../../support/leaveOut";
import { DIRECTORY } from "../../../support/program";

const PROJECT = "name: shop\nruntime: nodejs\nconfig:\n  title: { type: string }\n";
const STACK = "config:\n  shop:title: a\n  shop:pin: { secure: v1:abc }\n";
const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { note } from "./note";
const config = new pulumi.Config();
const displayName = config.require("title");
if (displayName === "wrong") throw new pulumi.RunError("shop:title: got wrong, allowed: another");
if (displayName === "crash") throw new Error("boom");
const kmsMasterKeyId = "arn:aws:kms:us-east-1:111122223333:key/1";
const tags = { Environment: "dev", Project: "shop", CostCenter: "1", note, at: __dirname };
new aws.sns.Topic("topic", { kmsMasterKeyId, tags, displayName });
new aws.ssm.Parameter("pin", { type: "SecureString", keyId: kmsMasterKeyId, value: config.requireSecret("pin"), tags });
`;
const PATIENCE_MILLISECONDS = 120_000;

/** A small project in a git repository with one commit, and a folder for what a run leaves behind. */
class Repository {
  readonly fixture: Fixture;
  readonly left = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "payments-left-")));

  constructor() {
    this.fixture = makeFixture({
      ...{ "Pulumi.yaml": PROJECT, "Pulumi.dev.yaml": STACK, "index.ts": PROGRAM },
      "note.ts": 'export const note = "x";\n',
      ".gitignore": "node_modules\ntsconfig.json\n",
    });
    this.git("init", "--quiet", "--initial-branch=main");
    this.commit();
  }

  git(...args: string[]): void {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    const directory = ["-C", this.fixture.directory];
    const run = spawnSync("git", [...directory, ...identity, ...args], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=A change");
  }

  set(title: string): void {
    this.fixture.write("Pulumi.dev.yaml", STACK.replace("title: a", `title: ${title}`));
  }

  private get run(): [string[], { cwd: string; env: NodeJS.ProcessEnv }] {
    const tool = (file: string) => path.join(DIRECTORY, "tools", file);
    const env = { ...process.env, TMPDIR: this.left, NO_COLOR: "1" };
    return [
      ["-r", tool("node/fast-start.cjs"), tool("preview.ts")],
      { cwd: this.fixture.directory, env },
    ];
  }

  /** The command as npm runs it, with its traces. */
  preview(...args: string[]) {
    const [command, options] = this.run;
    const run = spawnSync(process.execPath, [...command, ...args], {
      ...options,
      encoding: "utf8",
    });
    const { status, stdout, stderr } = run;
    return { status, stdout, stderr, left: this.exports() };
  }

  /** Other programs keep their caches there, too. */
  exports(): string[] {
    return fs.readdirSync(this.left).filter((name) => name.startsWith("payments-"));
  }

  start(...args: string[]): ChildProcess {
    const [command, options] = this.run;
    return spawn(process.execPath, [...command, ...args], { ...options, stdio: "ignore" });
  }

  remove(): void {
    this.fixture.remove();
    fs.rmSync(this.left, { recursive: true });
  }
}

describe("npm run preview -- --diff", function () {
  this.timeout(PATIENCE_MILLISECONDS);
  let repository: Repository;
  before(function () {
    if (spawnSync("git", ["--version"]).status !== 0)
      leaveOut(this, "comparisons with another revision", "git is not installed");
  });
  beforeEach(() => {
    repository = new Repository();
  });
  afterEach(() => repository?.remove());

  it("says in one line that nothing changes, though the revisions lie in different folders", () => {
    const { status, stdout, stderr, left } = repository.preview("--diff", "main");
    assert.match(stdout, /^dev: nothing changes against main \([0-9a-f]{12}\)\.\n$/, stderr);
    assert.equal(status, 0);
    assert.deepEqual(left, []);
  });

  it("compares the files as they lie here with the code and the configuration of then", () => {
    repository.set("b");
    repository.fixture.write("note.ts", 'export const note = "y";\n');
    const { status, stdout } = repository.preview("--diff", "HEAD");
    assert.equal(status, 0);
    assert.match(stdout, /2 changed/);
    assert.match(stdout, /displayName: a → b/);
    assert.match(stdout, /tags\.note: x → y/);
  });

  it("leaves the repository as it was: no worktree, no index, no file", () => {
    repository.set("b");
    repository.preview("--diff", "HEAD");
    const [trees, status] = [
      ["worktree", "list"],
      ["status", "--short"],
    ].map((args) =>
      spawnSync("git", ["-C", repository.fixture.directory, ...args], {
        encoding: "utf8",
      }).stdout.trim(),
    );
    assert.equal(trees?.split("\n").length, 1);
    assert.equal(status, "M Pulumi.dev.yaml");
  });

  it("prints JSON, and Markdown, without a secret", () => {
    repository.set("b");
    repository.fixture.write(
      "index.ts",
      PROGRAM.replace(/value: (config[^,]*)/, "value: $1.apply((pin) => pin + 1)"),
    );
    const json = repository.preview("--diff", "HEAD", "--json");
    const comparison = JSON.parse(json.stdout) as Comparison;
    const pin = comparison.changes.find(({ name }) => name === "pin");
    assert.deepEqual(
      pin?.properties.map(({ path: place, before, after }) => [place, before, after]),
      [["value", "[secret]", "[secret]"]],
    );
    const markdown = repository.preview("--diff", "HEAD", "--markdown");
    assert.match(
      markdown.stdout,
      /^### dev against HEAD[\s\S]*```diff\n! aws:sns\/topic:Topic topic/,
    );
    assert.ok(!`${json.stdout}${markdown.stdout}`.includes("decrypted-value-of"));
  });

  it("ends with 1 where a mandatory policy is violated after the change", () => {
    repository.fixture.write("index.ts", PROGRAM.replace("{ kmsMasterKeyId, tags", "{ tags"));
    const { status, stdout } = repository.preview("--diff", "HEAD");
    assert.equal(status, 1);
    assert.match(stdout, /new +sns-cmk \(mandatory\), dev topic/);
  });

  it("mends what the other revision violates, and ends with 0", () => {
    repository.fixture.write("index.ts", PROGRAM.replace("{ kmsMasterKeyId, tags", "{ tags"));
    repository.commit();
    repository.fixture.write("index.ts", PROGRAM);
    const { status, stdout } = repository.preview("--diff", "HEAD");
    assert.match(stdout, /mended +sns-cmk/);
    assert.equal(status, 0);
  });

  it("takes a stack that the other revision does not have for new", () => {
    repository.fixture.write("Pulumi.test.yaml", STACK);
    const { status, stdout } = repository.preview("test", "--diff", "HEAD");
    assert.equal(status, 0);
    assert.match(stdout, /has no stack test: everything is new/);
    assert.match(stdout, /2 created/);
  });

  for (const [title, words] of [
    [
      "wrong",
      /evaluate, so there is nothing to compare with\. It says:\n {2}shop:title: got wrong, allowed: another\n$/,
    ],
    [
      "crash",
      /evaluate, so there is nothing to compare with\. It says:\n {2}boom\n +at .*index\.ts/,
    ],
  ] as const)
    it(`ends with 2 and the other revision's own error, where that does not evaluate (${title})`, () => {
      repository.set(title);
      repository.commit();
      repository.set("a");
      const { status, stdout, stderr, left } = repository.preview("--diff", "HEAD");
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, /^The program of HEAD \([0-9a-f]{12}\) does not /);
      assert.match(stderr, words);
      assert.deepEqual(left, []);
    });

  it("ends with this checkout's own error where this one does not evaluate, and leaves nothing", () => {
    repository.set("wrong");
    const { status, stderr, left } = repository.preview("--diff", "HEAD");
    assert.equal(status, 2);
    assert.equal(stderr, "shop:title: got wrong, allowed: another\n");
    assert.deepEqual(left, []);
  });

  for (const ref of ["nowhere", "--help-me", "HEAD:index.ts"])
    it(`ends with 2 for ${ref}, which names no commit`, () => {
      const { status, stderr } = repository.preview(`--diff=${ref}`);
      assert.equal(status, 2);
      assert.ok(stderr.startsWith(`--diff: got ${ref}, allowed: a branch, tag or commit`), stderr);
    });

  it("ends with 2 outside a git checkout", () => {
    fs.rmSync(path.join(repository.fixture.directory, ".git"), { recursive: true });
    const { status, stderr } = repository.preview("--diff", "main");
    assert.equal(status, 2);
    assert.match(stderr, /is not in a git checkout/);
  });

  it("ends with 2 for options that make no sense together", () => {
    const alone = repository.preview("--markdown");
    assert.deepEqual([alone.status, alone.stdout], [2, ""]);
    assert.match(alone.stderr, /--markdown is only for comparisons: add --diff/);
    const both = repository.preview("--diff", "main", "--markdown", "--json");
    assert.equal(both.status, 2);
    assert.match(both.stderr, /exclude each other/);
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    it(`removes the other revision's files on ${signal}`, async () => {
      const run = repository.start("--diff", "HEAD");
      const ended = new Promise((resolve) => run.once("exit", resolve));
      const begun = Date.now();
      while (repository.exports().length === 0) {
        assert.ok(Date.now() - begun < PATIENCE_MILLISECONDS, "the export never began");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      run.kill(signal);
      assert.equal(await ended, code);
      assert.deepEqual(repository.exports(), []);
    });
});
