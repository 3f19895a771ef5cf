import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stackNames } from "../../tools/evaluate/project";
import { exitCodeOf, npmCommandsOf, scriptsOf } from "./support/commands";
import { ROOT, readPages } from "./support/pages";

function sourcesOf(...files: string[]): string {
  return files.map((file) => readFileSync(join(ROOT, "stacks", file), "utf8")).join("\n");
}

/** First groups of all matches in all pages, with the page before each. */
function named(pattern: RegExp): [page: string, name: string][] {
  return readPages().flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([, name = ""]): [string, string] => [path, name]),
  );
}

describe("the commands of the documentation", () => {
  for (const { path, text } of readPages()) {
    const commands = npmCommandsOf(text);
    if (commands.length === 0) continue;
    it(`of ${path} can be run, all ${commands.length}`, () => {
      for (const command of commands) {
        assert.ok(scriptsOf(command).includes(command.script), `${command.text}: no such script`);
        assert.ok([undefined, 0].includes(exitCodeOf(command)), `${command.text}: wrong arguments`);
      }
    });
  }

  it("are read as a shell reads them", () => {
    const text = [
      "```sh",
      'npm run cutover -- pause --stack prod --why "looking # at it" # a comment',
      "npm ci && npm start -- prod | head",
      "npm run rehearse -- \\",
      "  --seed 7",
      "```",
      "and `npm run bench`, not `npm run <script>`",
    ].join("\n");
    assert.deepEqual(
      npmCommandsOf(text).map(({ script, given }) => [script, ...given]),
      [
        ["cutover", "pause", "--stack", "prod", "--why", "looking # at it"],
        ["start", "prod"],
        ["rehearse", "--seed", "7"],
        ["bench"],
      ],
    );
  });

  it("name stacks, outputs and parameters that there are", () => {
    const outputs = sourcesOf("outputs.ts", "service.ts");
    const parameters = sourcesOf("parameters.ts", "../components/cutover/memory.ts");
    const stacks = stackNames(ROOT);
    const wrong = [
      ...named(/pulumi [^\n`]*-s ([\w-]+)/g).filter(([, name]) => !stacks.includes(name)),
      ...named(/pulumi stack output (\w+)/g).filter(([, name]) => !outputs.includes(name)),
      ...named(/\$\(of (?:blue|green|cutover)\/([\w/-]+)/g).filter(
        ([, name]) => !parameters.includes(`"${name}"`),
      ),
      ...named(/\/payments\/prod\/(?:blue|green|cutover)\/([\w/-]+)/g).filter(
        ([, name]) => !parameters.includes(`"${name}"`),
      ),
    ];
    assert.deepEqual(wrong, []);
  });

  it("are found wrong where they are wrong", () => {
    for (const wrong of ["preview -- nowhere", "preview -- prod --dif main"]) {
      const [command] = npmCommandsOf(`\`npm run ${wrong}\``);
      assert.equal(command && exitCodeOf(command), 2, wrong);
    }
    const [drill] = npmCommandsOf("`npm run drill -- --seed seven`");
    assert.equal(drill && exitCodeOf(drill), 2);
  });
});
