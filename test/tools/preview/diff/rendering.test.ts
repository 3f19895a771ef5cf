import * as assert from "node:assert/strict";
import { secret } from "../../../../tools/evaluate/values";
import { comparisonJson } from "../../../../tools/preview/diff/command";
import { type Comparison, isRefused } from "../../../../tools/preview/diff/comparison";
import {
  COMMENT_LIMIT,
  comparisonMarkdown,
  escaped,
} from "../../../../tools/preview/diff/markdown";
import { mask, unmarked } from "../../../../tools/preview/diff/mask";
import { shortened, shown } from "../../../../tools/preview/diff/shorten";
import { comparisonText, exitCodeOf } from "../../../../tools/preview/diff/text";
import { compare, resource, snapshot, violation } from "./support";

const TOPIC = "aws:sns/topic:Topic";
const TABLE = "aws:dynamodb/table:Table";

const topics = (displayName: string, count = 1) =>
  snapshot(
    Array.from({ length: count }, (_, index) =>
      resource(TOPIC, `topic-${index}`, { displayName: `${displayName}${index}` }),
    ),
  );

const same = (): Comparison => compare(topics("a"), topics("a"));

/** Something of everything. */
function much(): Comparison {
  const before = snapshot([resource(TOPIC, "t", { name: "a" }), resource(TABLE, "gone")], {}, [
    violation("old"),
  ]);
  const after = snapshot(
    [resource(TOPIC, "t", { name: "b" }), resource("aws:kms/key:Key", "k")],
    {},
    [violation("new", "advisory")],
  );
  return compare(before, after);
}

describe("A comparison as text", () => {
  it("is one line where nothing changes", () => {
    assert.equal(comparisonText(same()), "prod: nothing changes against main (0123456789ab).\n");
  });

  it("tells warnings first, then resources, policies and cost", () => {
    const text = comparisonText(much());
    const places = [
      "prod against main (0123456789ab): 1 created, 1 replaced, 1 deleted",
      "Read this first\n  ! prod: gone (aws:dynamodb/table:Table) would be deleted",
      "Stack prod\n  ± aws:sns/topic:Topic t  replaced  in environment-prod\n      name: a → b  [replaces it]\n  + aws:kms/key:Key k  created",
      "  - aws:dynamodb/table:Table gone  deleted",
      "Policies: 1 new violations, 1 mended\n  new     sns-cmk (advisory), prod new: kmsMasterKeyId",
      "Cost: +1.00 USD a month, from 0.00 to 1.00\n  KMS keys  +1.00",
      "Not counted: traffic",
    ].map((part) => text.indexOf(part));
    assert.ok(!places.includes(-1), text);
    assert.deepEqual(
      [...places].sort((one, other) => one - other),
      places,
    );
  });

  it("says that everything is new where the other revision has no such stack", () => {
    const none = { stacks: [], violations: [], mistakes: [] };
    assert.match(
      comparisonText(compare(none, topics("a"))),
      /has no stack prod: everything is new/,
    );
  });

  it("refuses while a mandatory violation is there, whoever brought it", () => {
    const bad = () => snapshot([], {}, [violation("old")]);
    const comparison = compare(bad(), bad());
    assert.equal(exitCodeOf(comparison), 1);
    assert.match(comparisonText(comparison), /nothing changes.*\n.*Mandatory violations: 1\./);
    assert.equal(exitCodeOf(much()), 0);
    assert.equal(isRefused({ ...same(), policies: { ...same().policies, mistakes: ["x"] } }), true);
  });
});

describe("A comparison as a comment", () => {
  it("is one line where nothing changes", () => {
    assert.equal(
      comparisonMarkdown(same()),
      "prod: nothing changes against main (0123456789ab).\n",
    );
  });

  it("warns openly, folds the details, and has a table of the cost", () => {
    const text = comparisonMarkdown(much());
    assert.match(
      text,
      /^### prod against main \(0123456789ab\)\n\n1 created, 1 replaced, 1 deleted\./,
    );
    assert.match(text, /> \[!WARNING\]\n> - \*\*prod\*\*: gone/);
    assert.match(text, /<details><summary><b>prod<\/b>: 1 created/);
    assert.match(text, /```diff\n! aws:sns\/topic:Topic t {2}replaced/);
    assert.match(text, /\n\| KMS keys \| 0\.00 \| 1\.00 \| \+1\.00 \|\n/);
  });

  it("fits into a comment however much changes, and says how much it leaves out", () => {
    const text = comparisonMarkdown(compare(topics("a", 3000), topics("b", 3000)));
    assert.ok(text.length <= COMMENT_LIMIT, String(text.length));
    assert.ok(text.length > COMMENT_LIMIT / 2, String(text.length));
    assert.match(text, /\n\d+ more lines do not fit: `npm run preview` shows all\./);
    assert.match(text, /\*\*Cost\*\*/);
  });

  it("fits however many warnings and violations there are", () => {
    const tables = Array.from({ length: 900 }, (_, index) => resource(TABLE, `table-${index}`));
    const bad = tables.map(({ name }) => violation(name));
    const text = comparisonMarkdown(compare(snapshot(tables), snapshot([], {}, bad)));
    assert.ok(text.length <= COMMENT_LIMIT, String(text.length));
    assert.match(text, /\*\*Policies\*\*: 900 new violations/);
    assert.match(text, /- and 860 more/);
  });

  it("keeps a value from ending its block", () => {
    const text = comparisonMarkdown(compare(topics("a"), topics("```\n</details>")));
    assert.match(text, /\n````diff\n/);
    assert.match(text, /\n````\n/);
  });

  for (const [name, from, to] of [
    ["HTML", "<img src=x>", "&lt;img src=x&gt;"],
    ["emphasis and links", "*a* [b](c)", "\\*a\\* \\[b\\](c)"],
    ["mentions", "ask @everybody", "ask @<!-- -->everybody"],
    ["lines", "a\n# b", "a \\# b"],
    ["table cells", "a|b", "a\\|b"],
    ["a lone backtick", "a`b", "a\\`b"],
  ] as const)
    it(`escapes ${name}`, () => {
      assert.equal(escaped(from), to);
    });

  it("leaves code as it is", () => {
    assert.equal(escaped("run `npm run a_b -- *`."), "run `npm run a_b -- *`.");
  });
});

describe("A comparison's values", () => {
  it("are cut to where they begin to differ", () => {
    const digest = (end: string) => `111122223333.dkr.ecr/payments@sha256:${"0".repeat(90)}${end}`;
    const { before, after } = shortened(digest("1"), digest("2"));
    assert.equal(before, `…${"0".repeat(16)}1`);
    assert.equal(after, `…${"0".repeat(16)}2`);
  });

  it("are one line each, and never too long", () => {
    assert.equal(shown("a\n  b"), "a b");
    assert.equal(shown(undefined), "(none)");
    assert.equal(shown(""), '""');
    const { before, after } = shortened("x".repeat(500), "y");
    assert.ok(before.length <= 81);
    assert.equal(after, "y");
  });

  it("hide secrets, and still show that one changes", () => {
    const key = "k";
    const [one, same, other] = ["a", "a", "b"].map((text) => mask({ s: secret(text) }, key, "/x"));
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
    assert.match(JSON.stringify(one), /^\{"s":"\[secret [0-9a-f]{16}\]"\}$/);
    assert.equal(unmarked(JSON.stringify(one)), '{"s":"[secret]"}');
    assert.notDeepEqual(mask({ s: secret("a") }, "another key", "/x"), one);
  });

  it("do not tell where a checkout lies", () => {
    assert.deepEqual(mask({ a: ["/tmp/r/app"] }, "k", "/tmp/r"), { a: ["./app"] });
  });

  it("are whole in JSON, and without secrets", () => {
    const before = snapshot([resource(TOPIC, "t", { displayName: "[secret 0123456789abcdef]" })]);
    const after = snapshot([resource(TOPIC, "t", { displayName: "x".repeat(500) })]);
    const json = JSON.parse(comparisonJson(compare(before, after))) as Comparison;
    assert.equal(json.changes[0]?.properties[0]?.before, "[secret]");
    assert.equal(json.changes[0]?.properties[0]?.after, "x".repeat(500));
  });
});
