import assert from "node:assert/strict";
import { VERBS } from "../../../lambdas/cutover/contract";
import { VERBS as SWITCHOVER_VERBS } from "../../../lambdas/switchover/contract";
import { type Asked, readArguments, readSince } from "../../../tools/cutover/arguments";
import { silently } from "./support/silently";

const NOW = Date.UTC(2026, 0, 15, 12);

function read(...given: string[]): Asked {
  const asked = readArguments(given, NOW);
  if ("exitCode" in asked) throw new Error(`ended with ${asked.exitCode}`);
  return asked;
}

/** What is said of wrong arguments, and the exit code. */
function wrong(...given: string[]): { said: string; exitCode: number } {
  const { result, said } = silently(() => readArguments(given, NOW));
  if (!("exitCode" in result)) throw new Error(`${given.join(" ")} was taken`);
  return { said, exitCode: result.exitCode };
}

describe("arguments of npm run cutover", () => {
  it("knows every verb that the controller and the switchover function know", () => {
    for (const verb of VERBS) assert.ok(read(verb, "--stack", "prod"), verb);
    for (const verb of SWITCHOVER_VERBS) assert.ok(read("switchover", verb, "--stack", "p"), verb);
  });

  it("takes who, why and yes with what goes on record", () => {
    const asked = read(
      "start",
      "--stack",
      "prod",
      "--who",
      "bob",
      "--why",
      " release 42 ",
      "--yes",
    );
    assert.deepEqual(asked, {
      ...{ kind: "operate", verb: "start", stack: "prod", json: false },
      ...{ who: "bob", why: "release 42", yes: true },
    });
  });

  it("takes a time or a span of time", () => {
    assert.equal(readSince("90m", NOW), NOW - 90 * 60_000);
    assert.equal(readSince("2h", NOW), NOW - 2 * 3_600_000);
    assert.equal(readSince("3d", NOW), NOW - 3 * 86_400_000);
    assert.equal(readSince("2026-01-15T10:00Z", NOW), Date.UTC(2026, 0, 15, 10));
    assert.equal(readSince("2026-01-14", NOW), new Date(2026, 0, 14).getTime());
    const asked = read("history", "--stack", "prod", "--since", "2h", "--limit", "7");
    assert.deepEqual(asked.kind === "history" && [asked.limit, asked.since], [7, NOW - 7_200_000]);
  });

  const mistakes: [given: string[], said: RegExp][] = [
    [["staus"], /unknown command 'staus'\n\(Did you mean status\?\)/],
    [["switchover", "preflght"], /unknown command 'preflght'\n\(Did you mean preflight\?\)/],
    [["switchover", "start", "--to", "red"], /'red'.*blue, green/],
    [["history", "--limit", "0"], /'0'.*whole numbers from 1 to 10,000/],
    [["history", "--since", "yesterday"], /'yesterday'.*30m, 2h or 3d/],
    [["start", "--why", "  "], /--why.*Allowed is a text/],
    [["status", "--stak", "prod"], /unknown option '--stak'\n\(Did you mean --stack\?\)/],
    [["status", "--every", "0"], /whole numbers/],
    [["status", "prod"], /too many arguments/],
  ];
  for (const [given, said] of mistakes)
    it(`refuses ${given.join(" ")} with exit code 2, and says what is allowed`, () => {
      const ended = wrong(...given);
      assert.equal(ended.exitCode, 2);
      assert.match(ended.said, said);
    });

  it("lists the verbs where none is given, which is wrong, and with --help, which is not", () => {
    const [none, help] = [wrong(), wrong("--help")];
    assert.deepEqual([none.exitCode, help.exitCode], [2, 0]);
    for (const { said } of [none, help])
      assert.match(said, /skip-bake .*rollback .*clear .*switchover /s);
  });
});
