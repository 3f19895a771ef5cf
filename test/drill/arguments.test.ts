import assert from "node:assert/strict";
import { readArguments, STORIES } from "./arguments";

describe("the drill's arguments", () => {
  function read(...given: string[]) {
    const said: string[] = [];
    const read = readArguments(given, (text) => said.push(text));
    return { read, said: said.join("") };
  }

  it("are none by default", () => {
    const { read: asked } = read();
    assert.ok("faults" in asked);
    const { faults, ...numbers } = asked;
    assert.deepEqual(
      faults.map(({ name }) => name),
      ["none"],
    );
    assert.deepEqual(numbers, { seed: 1, paymentsPerHour: 50_000, minutes: 0, json: false });
  });

  it("name one fault, or all", () => {
    const one = read("--fault", "stray-writer", "--json", "--seed", "0").read;
    assert.ok("faults" in one && one.json && one.seed === 0);
    assert.equal(one.faults[0]?.name, "stray-writer");
    const all = read("--fault", "all").read;
    assert.ok("faults" in all);
    assert.deepEqual(all.faults, STORIES);
    assert.equal(new Set(STORIES.map(({ name }) => name)).size, STORIES.length);
  });

  it("are all refused at once, each with what is allowed", () => {
    const given = [
      "--fault",
      "fire",
      "--seed",
      "x",
      "--rate",
      "0",
      "--minutes",
      "-1",
      "--fast",
      "now",
    ];
    const { read: asked, said } = read(...given);
    assert.deepEqual(asked, { exitCode: 2 });
    const lines = [
      /^--fast is no option$/m,
      /^now is no option$/m,
      /^--fault: got fire, allowed: all, none, /m,
      /^--seed: got x, allowed: whole numbers from 0 to 4294967295$/m,
      /^--rate: got 0, allowed: whole numbers from 1 to /m,
      /^--minutes: got -1, allowed: whole numbers from 0 to /m,
    ];
    for (const line of lines) assert.match(said, line);
  });
});
