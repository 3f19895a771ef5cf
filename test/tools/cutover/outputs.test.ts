import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, findStack } from "../../../tools/cutover/outputs";
import { cutoverFunctionOf, readStack } from "../../../tools/cutover/stack";
import { reveal } from "../../../tools/evaluate/values";
import { Complaint } from "../../../tools/terminal/complaint";
import { evaluation } from "../../support/program";

const OUTPUTS = {
  cutoverFunctionName: "cutover-function-prod-1",
  cutoverTopicArn: "arn:aws:sns:eu-west-1:111122223333:cutover-topic-prod-1",
  dashboardUrl: "https://example.com",
  service: { shapeVersion: 1, environment: "prod", outputs: {} },
};

async function complaintOf(find: Promise<unknown>): Promise<Complaint> {
  const error = await find.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Complaint, `${error}`);
  return error;
}

describe("where a stack's outputs are found", () => {
  const folder = mkdtempSync(join(tmpdir(), "outputs-"));
  const file = join(folder, "outputs.json");
  after(() => rmSync(folder, { recursive: true }));

  it("reads a file, without asking Pulumi", async () => {
    writeFileSync(file, JSON.stringify(OUTPUTS));
    const stack = await findStack({ outputs: file }, () => assert.fail("Pulumi was asked"));
    assert.deepEqual(stack, {
      name: file,
      choice: `--outputs ${file}`,
      environment: "prod",
      accountId: "111122223333",
      region: "eu-west-1",
      cutoverFunctionName: OUTPUTS.cutoverFunctionName,
      topicArn: OUTPUTS.cutoverTopicArn,
      dashboardUrl: OUTPUTS.dashboardUrl,
    });
  });

  it("asks the Pulumi CLI for a stack by its name", async () => {
    const asked: string[][] = [];
    const stack = await findStack({ stack: "prod" }, async (given) => {
      asked.push(given);
      return { status: 0, stdout: JSON.stringify(OUTPUTS), stderr: "" };
    });
    assert.deepEqual(asked, [["stack", "output", "--json", "--stack", "prod"]]);
    assert.deepEqual([stack.name, stack.choice], ["prod", "--stack prod"]);
  });

  const troubles: [name: string, finished: Finished | undefined, said: RegExp, exitCode: number][] =
    [
      ["is missing", undefined, /^The Pulumi CLI is not here.*npm ci.*--outputs <file>/, 1],
      [
        "knows no such stack",
        { status: 255, stdout: "", stderr: "error: no stack named 'prod' found" },
        /^There is no stack prod where Pulumi is logged in/,
        2,
      ],
      [
        "is not logged in",
        {
          status: 255,
          stdout: "",
          stderr:
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
        },
        /^Pulumi is not logged in: npx pulumi login/,
        1,
      ],
      [
        "has no passphrase",
        {
          status: 255,
          stdout: "",
          stderr:
            "error: getting secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE",
        },
        /set PULUMI_CONFIG_PASSPHRASE/,
        1,
      ],
      [
        "cannot be downloaded",
        {
          status: 1,
          stdout: "",
          stderr: "Downloading pulumi v3.265.0...\npulumi: getaddrinfo ENOTFOUND get.pulumi.com\n",
        },
        /^The Pulumi CLI could not be downloaded \(getaddrinfo ENOTFOUND get\.pulumi\.com\)/,
        1,
      ],
      [
        "fails otherwise",
        {
          status: 255,
          stdout: "",
          stderr: "warning: new version\nerror: the disk is full.\n  at x",
        },
        /^Pulumi could not tell the outputs of stack prod: the disk is full\.$/,
        1,
      ],
      ["prints no JSON", { status: 0, stdout: "hello", stderr: "" }, /got no JSON/, 2],
    ];
  for (const [name, finished, said, exitCode] of troubles)
    it(`says in one line what to do where the Pulumi CLI ${name}`, async () => {
      const complaint = await complaintOf(findStack({ stack: "prod" }, async () => finished));
      assert.match(complaint.message, said);
      assert.deepEqual([complaint.exitCode, complaint.message.includes("\n")], [exitCode, false]);
    });

  it("says what is wrong with a file", async () => {
    const mistakes: [text: string | undefined, said: RegExp, exitCode: number][] = [
      [undefined, /no such file/, 2],
      ["{", /got no JSON, allowed: the JSON object that/, 2],
      ["[1]", /got \[1\], allowed: the JSON object/, 2],
      ["{}", /has no outputs: it is not deployed/, 1],
      ['{"a":1}', /name no environment/, 2],
    ];
    for (const [text, said, exitCode] of mistakes) {
      if (text === undefined) rmSync(file, { force: true });
      else writeFileSync(file, text);
      const complaint = await complaintOf(findStack({ outputs: file }));
      assert.match(complaint.message, said);
      assert.equal(complaint.exitCode, exitCode);
    }
  });

  it("asks which stack where none is named", async () => {
    const complaint = await complaintOf(findStack({}));
    assert.deepEqual([complaint.exitCode, /^Which stack\?/.test(complaint.message)], [2, true]);
  });
});

describe("what a stack's outputs tell", () => {
  it("is found in the outputs that the program exports", async () => {
    const { outputs } = await evaluation("dev");
    const shown = JSON.parse(JSON.stringify(reveal(outputs))) as { [name: string]: unknown };
    const stack = readStack("dev", shown);
    assert.equal(stack.environment, "dev");
    for (const name of ["cutoverFunctionName", "stateTableName", "switchoverFunctionName"] as const)
      assert.ok(stack[name], name);
    assert.ok(stack.topicArn && stack.region && stack.accountId, JSON.stringify(stack));
  }).timeout(120_000);

  it("takes what Pulumi hides for missing", () => {
    const hidden = { ...OUTPUTS, cutoverFunctionName: "[secret]" };
    assert.throws(
      () => cutoverFunctionOf(readStack("prod", hidden)),
      /no output cutoverFunctionName/,
    );
  });

  it("finds the account by the data layer's table where there is no controller", () => {
    const arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/t";
    const data = { shapeVersion: 1, environment: "prod", outputs: { stateTable: { arn } } };
    const stack = readStack("prod-base", { data, cutoverTableName: "t" });
    assert.deepEqual(
      [stack.accountId, stack.region, stack.stateTableName],
      ["111122223333", "eu-west-1", "t"],
    );
    assert.throws(() => cutoverFunctionOf(stack), /such as prod for prod-base/);
  });
});
