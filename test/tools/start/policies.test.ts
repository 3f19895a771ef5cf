import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { makeFixture } from "../../support/fixture";
import { DIRECTORY } from "../../support/program";

const PROJECT = "name: shop\nruntime: nodejs\n";
const PROGRAM = `
import * as aws from "@pulumi/aws";
const tags = { Environment: "dev", Project: "shop", CostCenter: "1" };
new aws.sns.Topic("topic", { kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/1", tags });
`;

/** Runs `npm start` over a project of one file. */
function start(program: string) {
  const files = { "Pulumi.yaml": PROJECT, "Pulumi.dev.yaml": "config: {}\n", "index.ts": program };
  const fixture = makeFixture(files);
  const tool = (file: string) => path.join(DIRECTORY, "tools", file);
  const { CI: _, ...env } = process.env;
  try {
    return spawnSync(
      process.execPath,
      ["-r", tool("node/fast-start.cjs"), tool("start.ts"), "dev"],
      { cwd: fixture.directory, encoding: "utf8", env },
    );
  } finally {
    fixture.remove();
  }
}

describe("the policies in npm start", function () {
  this.timeout(120_000);

  it("are shown with the plan, and stop nothing where they are kept", () => {
    const { stdout, stderr, status } = start(PROGRAM);
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^Policies: \d+ rules over 1 resources .* 0 mandatory and 0 advisory/m);
  });

  it("fail it where a mandatory one is violated, and say by what", () => {
    const { stdout, status } = start(PROGRAM.replace(/kmsMasterKeyId: "[^"]+", /, ""));
    assert.equal(status, 1, stdout);
    assert.match(stdout, /mandatory\n {4}sns-cmk {2}topic\n {6}kmsMasterKeyId: got nothing/);
  });
});
