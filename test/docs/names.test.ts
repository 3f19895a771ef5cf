import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { REFRESH_TAG } from "../../lambdas/refresh/contract";
import { RULE_IDS } from "../../policies/rules";
import { FIELDS } from "../../stacks/fields";
import { codeOf, ROOT, readPages } from "./support/pages";

const FOLDERS = [
  ...["app", "bench", "components", "docs", "lambdas", "policies", "simulation", "stacks"],
  ...["test", "tools", ".github", ".ci"],
];

function filesIn(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => !name.includes("node_modules"))
    .map((name) => `${folder}/${name.split("\\").join("/")}`);
}

const FILES = [...readdirSync(ROOT), ...FOLDERS.flatMap(filesIn)];
const NAMES = new Set(FILES.map((file) => basename(file)));

/** Paths and names of sources in code font; what has a placeholder is none. */
function pathsIn(text: string): string[] {
  return codeOf(text).filter(
    (code) =>
      /^[\w./-]+$/.test(code) &&
      !code.includes("NNNN") &&
      (FOLDERS.some((folder) => code.startsWith(`${folder}/`)) || /\w\.(ts|cjs)$/.test(code)),
  );
}

function isThere(path: string): boolean {
  return path.includes("/") ? existsSync(join(ROOT, path)) : NAMES.has(path);
}

/** Keys that the text names in the project's namespace. */
function keysIn(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !line.includes("is not a known key"))
    .flatMap((line) => [...line.matchAll(/(?<![\w:])payments:([A-Za-z]\w*)(?!\w*:[A-Z])/g)])
    .map(([, key = ""]) => key);
}

describe("the names in the documentation", () => {
  for (const { path, text } of readPages())
    it(`in ${path} are those of files and keys that there are`, () => {
      assert.deepEqual(
        pathsIn(text).filter((one) => !isThere(one)),
        [],
      );
      const known = [...Object.keys(FIELDS), REFRESH_TAG.split(":")[1]];
      assert.deepEqual(
        keysIn(text).filter((key) => !known.includes(key)),
        [],
      );
    });

  it("are found wrong where they are wrong", () => {
    assert.deepEqual(pathsIn("`stacks/nothing.ts`, `no.ts`, `GET /payments`, `stacks/*.ts`"), [
      "stacks/nothing.ts",
      "no.ts",
    ]);
    assert.ok(!isThere("stacks/nothing.ts"));
    assert.deepEqual(keysIn("`payments:live` and payments:gateways, payments:dns:Dns"), [
      "live",
      "gateways",
    ]);
  });

  it("in docs/security.md name policies that there are, and most of them", () => {
    const page = readFileSync(join(ROOT, "docs", "security.md"), "utf8");
    const named = [...page.matchAll(/`policy:([a-z0-9-]+)`/g)].map(([, id = ""]) => id);
    assert.deepEqual(
      named.filter((id) => !RULE_IDS.includes(id)),
      [],
    );
    assert.ok(new Set(named).size >= 50, `${new Set(named).size} policies are named`);
  });

  it("in docs/security.md are those of all twelve requirements, in their order", () => {
    const page = readFileSync(join(ROOT, "docs", "security.md"), "utf8");
    const numbers = [...page.matchAll(/^## (\d+)(?: and (\d+))? /gm)].flatMap(([, one, other]) =>
      other === undefined ? [Number(one)] : [Number(one), Number(other)],
    );
    assert.deepEqual(
      numbers,
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });

  it("in docs/architecture.md are those of every component", () => {
    const page = readFileSync(join(ROOT, "docs", "architecture.md"), "utf8");
    const classes = FILES.filter((file) => /^(components|stacks)\/.*\.ts$/.test(file)).flatMap(
      (file) =>
        [...readFileSync(join(ROOT, file), "utf8").matchAll(/super\("payments:\w+:(\w+)"/g)].map(
          ([, name = ""]) => name,
        ),
    );
    assert.ok(classes.length >= 40);
    assert.deepEqual(
      classes.filter((name) => !codeOf(page).includes(name)),
      [],
    );
  });
});
