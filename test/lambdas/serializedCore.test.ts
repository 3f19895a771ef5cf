import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fixture, makeFixture } from "../support/fixture";
import { controllerPackage, functionOf, packageOf } from "../support/lambda";
import { DIRECTORY } from "../support/program";
import { listTests, type Outcome, runTests, serializeFolder } from "../support/serializedRun";

const LAMBDAS = join(DIRECTORY, "lambdas");

/** Tests that cannot run on serialized functions, by what shows it in their text. */
const LEFT_OUT: { why: string; shows: RegExp }[] = [
  { why: "they test packages, or this", shows: /support\/(lambda|serializedRun)"/ },
  { why: "they need a program that npm does not bring", shows: /\buseMoto\b|support\/mariadb"/ },
  { why: "they change a module's exports", shows: /\brequire\(".*lambdas\/|support\/mutant"/ },
  // Serialized functions run several times as slowly.
  {
    why: "they play thousands of lives",
    shows: /(loses nothing and opens one writer|for \$\{SEEDS\} seeds)/,
  },
  { why: "they evaluate the program, which loads the sources", shows: /tools\/(evaluate|start)\// },
];

/** All other tests of the functions, whoever adds them; simulations would take minutes. */
function coreTests(): string[] {
  return ["test/lambdas"]
    .map((folder) => join(DIRECTORY, folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    )
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => !LEFT_OUT.some(({ shows }) => shows.test(readFileSync(file, "utf8"))))
    .sort();
}

/** The code of every function in a serialized text, as the serializer wraps it. */
function functionsOf(text: string): string[] {
  return text.split("\nreturn ").flatMap((part, index) => {
    const end = part.indexOf(";\n\n    }\n  }).apply(");
    return index === 0 || end < 0 ? [] : [part.slice(0, end)];
  });
}

/**
 * Goal: what is deployed means the same as its source. Pulumi's serializer rewrites some forms of
 * JavaScript without a word, such as classes, Maps and bound functions at module level.
 * Method: all modules of the functions are serialized as a deployment would, and the tests of their
 * core run again, in a process in which only the serialized functions exist.
 */
describe("the serialized core", function () {
  this.timeout(300_000);
  const files = coreTests();
  let text: string;
  let known: string[];
  let outcome: Outcome;

  before(async () => {
    [text, known] = await Promise.all([serializeFolder(LAMBDAS), listTests(files)]);
    outcome = await runTests(files, { folder: LAMBDAS, text });
  });

  it("passes every test that its source passes", () => {
    assert.deepEqual(outcome.failed, {});
    assert.deepEqual(outcome.skipped, []);
    assert.deepEqual(outcome.passed, known);
  });

  it("is put to the tests of every module of every core", () => {
    for (const name of ["cutover/decide", "cutover/tick", "refresh/decide", "bootstrap/prepare"])
      assert.ok(files.includes(join(DIRECTORY, `test/lambdas/${name}.test.ts`)), name);
    assert.ok(known.length > 700, `${known.length} tests`);
  });

  for (const name of ["cutover", "refresh", "db-bootstrap"])
    it(`has every function of the package that is deployed for ${name}, letter for letter`, async () => {
      const deployed =
        name === "cutover"
          ? await controllerPackage()
          : await packageOf(await functionOf("dev", `${name}-function`));
      const tested = functionsOf(text);
      const strangers = functionsOf(deployed["__index.js"] ?? "").filter(
        (code) => !tested.includes(code),
      );
      // Only the arrow that the component gives to Pulumi is not the function's own.
      assert.equal(strangers.length, 1, strangers.join("\n"));
      assert.match(strangers[0] ?? "", /^\(\) => \(0, handler_\d+\.createHandler\)\(/);
    });
});

/** Forms that the serializer is known to spoil, each in a function that says "ok" as a source. */
const SPOILT: { [name: string]: string } = {
  aMap: `const prices = new Map([["a", "ok"]]); export function aMap() { return prices.get("a"); }`,
  aSet: `const names = new Set(["a"]); export function aSet() { return names.has("a") && "ok"; }`,
  aDate: `const day = new Date(0); export function aDate() { return day.getTime() === 0 && "ok"; }`,
  aBound: `function read(this: { a: string }) { return this.a; }
    const bound = read.bind({ a: "ok" }); export function aBound() { return bound(); }`,
  anError: `class Refused extends Error {} export function anError() { return new Refused("ok").message; }`,
  aDerived: `class Base { constructor(readonly a: string) {} } class Derived extends Base {}
    export function aDerived() { return new Derived("ok").a; }`,
};

const SOUND = `const limits = { a: ["ok"] }; export function sound() { return limits.a[0]; }`;

describe("the run on serialized functions", function () {
  this.timeout(60_000);
  let fixture: Fixture;
  let tests: string[];
  const folder = () => join(fixture.directory, "lambdas");

  before(() => {
    const all = { ...SPOILT, sound: SOUND };
    const names = Object.keys(all);
    const sources = Object.entries(all).map(([name, source]) => [`lambdas/${name}.ts`, source]);
    const test = `import assert from "node:assert/strict";
      for (const name of ${JSON.stringify(names)})
        it(name, () => assert.equal(require("../lambdas/" + name)[name](), "ok"));`;
    fixture = makeFixture({ ...Object.fromEntries(sources), "test/all.test.ts": test });
    tests = [join(fixture.directory, "test/all.test.ts")];
  });
  after(() => fixture.remove());

  it("finds each form that is fine as a source and spoilt in a package", async () => {
    const plain = await runTests(tests);
    assert.deepEqual([plain.failed, plain.passed.length], [{}, Object.keys(SPOILT).length + 1]);
    const text = await serializeFolder(folder());
    const serialized = await runTests(tests, { folder: folder(), text });
    assert.deepEqual(Object.keys(serialized.failed).sort(), Object.keys(SPOILT).sort());
    assert.deepEqual(serialized.passed, ["sound"]);
  });

  it("fails when a module was tested that is not serialized", async () => {
    const text = await serializeFolder(folder());
    fixture.write("lambdas/late.ts", SOUND);
    fixture.write("test/all.test.ts", `it("late", () => { require("../lambdas/late").sound(); });`);
    const { failed } = await runTests(tests, { folder: folder(), text });
    assert.match(
      Object.values(failed).join(),
      /tested the source, not what was serialized: .*late/,
    );
  });

  it("fails when a test changes an export, which no serialized function would notice", async () => {
    const text = await serializeFolder(folder());
    const change = `const sound = require("../lambdas/sound"); sound.sound = () => "other";`;
    fixture.write("test/all.test.ts", `"use strict"; it("change", () => { ${change} });`);
    const { failed } = await runTests(tests, { folder: folder(), text });
    assert.match(failed.change ?? "", /read only property/);
  });
});
