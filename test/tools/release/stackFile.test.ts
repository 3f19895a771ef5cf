import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { stackNames } from "../../../tools/evaluate/project";
import { changeStackFile, forcedComment, readStackFile } from "../../../tools/release/stackFile";
import { Complaint } from "../../../tools/terminal/complaint";
import { DIRECTORY } from "../../support/program";

const IMAGE = `registry.example.com:5000/team/payments@sha256:${"a".repeat(64)}`;
const NAME = "Pulumi.prod.yaml";

/** A file with everything in it that an editor of YAML may lose. */
const FILE = `# the head, with  two blanks
encryptionsalt: v1:abc=
config:

  "aws:region": 'us-east-1'   # quoted both ways
  # what blue runs
  payments:blueImage: repo@sha256:${"1".repeat(64)}  # beside it
    # oddly indented
  payments:greenImage:   "repo@sha256:${"2".repeat(64)}"
  payments:cutoverSteps:
    - { weightPercent: 10,   bakeMinutes: 5 }
    - {weightPercent: 100, bakeMinutes: 15}
  payments:live: 'blue'
  payments:text: |
    live: blue
    greenImage: this is text
  other:live: blue
# the end, and no newline after it`;

function change(text: string, more: { target?: "blue" | "green"; forced?: string } = {}): string {
  return changeStackFile(text, NAME, { target: "green", image: IMAGE, ...more });
}

/** The parts of the second text that are not in the first, where everything else is byte by byte the same. */
function onlyDifferences(
  before: string,
  after: string,
  wanted: [from: string, to: string][],
): void {
  let expected = before;
  for (const [from, to] of wanted) {
    assert.equal(expected.split(from).length, 2, `${from} is there once`);
    expected = expected.replace(from, () => to);
  }
  assert.deepEqual(Buffer.from(after), Buffer.from(expected));
}

describe("a stack's file that is edited for a release", () => {
  const quoted: [from: string, to: string][] = [
    [`"repo@sha256:${"2".repeat(64)}"`, `"${IMAGE}"`],
    ["payments:live: 'blue'", "payments:live: 'green'"],
  ];

  it("changes the image and who is live, and not one byte beside", () => {
    onlyDifferences(FILE, change(FILE), quoted);
  });

  it("keeps line endings and a mark at the beginning as they are", () => {
    const windows = FILE.replace(/\n/g, "\r\n");
    onlyDifferences(windows, change(windows), quoted);
    const marked = `\uFEFF${FILE}`;
    onlyDifferences(marked, change(marked), quoted);
  });

  it("keeps what stands beside a plain value", () => {
    const after = changeStackFile(FILE, NAME, { target: "blue", image: IMAGE });
    onlyDifferences(FILE, after, [
      [`repo@sha256:${"1".repeat(64)}`, IMAGE],
      ["payments:live: 'blue'", "payments:live: 'blue'"],
    ]);
  });

  for (const stack of stackNames(DIRECTORY))
    it(`changes nothing but the two values of Pulumi.${stack}.yaml, whatever else is in it`, () => {
      const before = readFileSync(join(DIRECTORY, `Pulumi.${stack}.yaml`), "utf8");
      const after = change(before);
      const [old, now] = [before, after].map((text) => parse(text).config);
      assert.deepEqual(now, { ...old, "payments:greenImage": IMAGE, "payments:live": "green" });
      const [oldLines, nowLines] = [before, after].map((text) => text.split("\n"));
      const changed = (oldLines ?? []).filter((line, index) => line !== nowLines?.[index]);
      assert.equal(nowLines?.length, oldLines?.length);
      assert.equal(changed.length, 2, changed.join("\n"));
      // Back again, it is the file that it was.
      const file = readStackFile(before, stack);
      const back = changeStackFile(after, stack, { target: "green", image: file.images.green });
      const wasLive = back.replace("payments:live: green", `payments:live: ${file.live}`);
      if (file.images.green !== "") assert.deepEqual(Buffer.from(wasLive), Buffer.from(before));
    });

  it("reads who is live and what runs", () => {
    assert.deepEqual(readStackFile(FILE, NAME), {
      live: "blue",
      images: { blue: `repo@sha256:${"1".repeat(64)}`, green: `repo@sha256:${"2".repeat(64)}` },
    });
    assert.deepEqual(readStackFile("config:\n  a: b\n", NAME), { images: { blue: "", green: "" } });
    assert.deepEqual(readStackFile("", NAME), { images: { blue: "", green: "" } });
  });

  it("writes a value where there was none, and the color where the file does not name it", () => {
    const bare = "config:\r\n  payments:greenImage:\r\n  other: x\r\n";
    assert.equal(
      change(bare),
      `config:\r\n  payments:greenImage: ${IMAGE}\r\n  payments:live: green\r\n  other: x\r\n`,
    );
    const last = "config:\n  payments:greenImage: old";
    assert.equal(change(last), `config:\n  payments:greenImage: ${IMAGE}\n  payments:live: green`);
  });

  it("puts the reason of what is forced above the image, on one line", () => {
    const forced = forcedComment("2026-01-31", "sha256:aaaa from dev", "the fix\n cannot  wait");
    assert.equal(forced, "# Forced on 2026-01-31, sha256:aaaa from dev: the fix cannot wait");
    const line = "  payments:greenImage:   ";
    onlyDifferences(FILE, change(FILE, { forced }), [...quoted, [line, `  ${forced}\n${line}`]]);
  });

  it("takes that reason away with its image, and no other comment", () => {
    const first = change(FILE, { forced: forcedComment("2026-01-31", "x", "a reason") });
    const again = forcedComment("2026-02-01", "y", "another");
    assert.equal(change(first, { forced: again }), change(FILE, { forced: again }));
    assert.equal(change(first), change(FILE));
    // Of the other color's image it says nothing.
    const other = changeStackFile(first, NAME, { target: "blue", image: IMAGE });
    assert.ok(other.includes("# Forced on 2026-01-31"));
  });

  const mistakes: [text: string, said: RegExp][] = [
    ["config:\n  payments:live: red\n", /payments:live: got red, allowed: blue or green/],
    ["config: [", /is no YAML: /],
    [
      "config:\n  payments:live: blue\n  payments:live: green\n",
      /is no YAML: Map keys must be unique/,
    ],
    ["config:\n  payments:live: blue\n", /has no payments:greenImage: write it once by hand/],
    [
      "config:\n  payments:greenImage: >-\n    a\n",
      /payments:greenImage: write its value on one line/,
    ],
    [
      "config:\n  payments:greenImage: &i a\n  payments:blueImage: *i\n",
      /on one line, as a plain text/,
    ],
    ["config:\n  payments:greenImage:\n    secure: abc\n", /on one line, as a plain text/],
  ];
  for (const [text, said] of mistakes)
    it(`says what is wrong with ${JSON.stringify(text).slice(0, 60)}, and changes nothing`, () => {
      assert.throws(
        () => {
          readStackFile(text, NAME);
          change(text);
        },
        (error: unknown) => {
          assert.ok(error instanceof Complaint);
          assert.match(error.message, said);
          assert.ok(error.message.startsWith(NAME) && error.exitCode === 2, error.message);
          return true;
        },
      );
    });
});
