import assert from "node:assert/strict";
import { known, unknown } from "../../../lambdas/common/ports";
import type { DecisionRecord } from "../../../lambdas/cutover/state";
import { PLAIN } from "../../../tools/preview/colors";
import { decideRelease } from "../../../tools/release/decide";
import { unifiedDiff } from "../../../tools/release/diff";
import { parseImage } from "../../../tools/release/image";
import { proofsOf } from "../../../tools/release/proven";
import type { Source } from "../../../tools/release/source";
import type { StackFile } from "../../../tools/release/stackFile";
import { releaseText } from "../../../tools/release/texts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const DEV = "222222222222.dkr.ecr.us-east-1.amazonaws.com/payments-dev";
const PROD = "111111111111.dkr.ecr.us-east-1.amazonaws.com/payments";

describe("an image", () => {
  it("is taken apart into repository and digest", () => {
    assert.deepEqual(parseImage(`${DEV}@${digest("a")}`), { repository: DEV, digest: digest("a") });
    assert.deepEqual(parseImage(`host:5000/team/app:1.2@${digest("a")}`), {
      repository: "host:5000/team/app",
      digest: digest("a"),
    });
    assert.deepEqual(parseImage("host:5000/app"), { repository: "host:5000/app" });
    assert.deepEqual(parseImage("app:latest"), { repository: "app" });
  });

  it("is none where the text is none", () => {
    for (const text of [
      "",
      "  ",
      "a b",
      "app@sha256:123",
      `app@${digest("A")}`,
      `a@${digest("a")}@b`,
    ])
      assert.equal(parseImage(text), undefined, text);
  });
});

describe("a difference", () => {
  it("is shown like `diff -u`, with a line around it", () => {
    const before = ["a", "b", "c", "d", "e", "f", "g", ""].join("\n");
    const after = ["a", "B", "c", "d", "e", "new", "F", "g", ""].join("\n");
    assert.deepEqual(unifiedDiff("file", before, after), [
      "--- a/file",
      "+++ b/file",
      "@@ -1 +1 @@",
      " a",
      "-b",
      "+B",
      " c",
      "@@ -5 +5 @@",
      " e",
      "-f",
      "+new",
      "+F",
      " g",
    ]);
  });

  it("is nothing between equal texts", () => {
    assert.deepEqual(unifiedDiff("file", "a\nb", "a\nb"), []);
  });
});

function record(at: number, code: string, green: number): DecisionRecord {
  return { at, code, reason: "", who: "a", weights: { blue: 100 - green, green } };
}

describe("what an environment's cutovers have proven", () => {
  const NEWEST_FIRST = [
    record(30, "complete", 100),
    record(25, "promote", 50),
    record(20, "start", 10),
  ];
  const none: [] = [];

  it("is what the color had been given before the cutover began", () => {
    const green = [
      { image: `app@${digest("2")}`, since: 19 },
      { image: `app@${digest("1")}`, since: 5 },
      { image: `app@${digest("3")}`, since: 31 },
    ];
    assert.deepEqual(proofsOf(NEWEST_FIRST, { blue: none, green }), [
      { digest: digest("2"), color: "green", startedAt: 20, completedAt: 30 },
    ]);
  });

  it("is nothing where the image was exchanged in the middle of it", () => {
    const green = [
      { image: `app@${digest("1")}`, since: 5 },
      { image: `app@${digest("2")}`, since: 25 },
    ];
    assert.deepEqual(proofsOf(NEWEST_FIRST, { blue: none, green }), []);
    // The same once more is the same.
    const again = green.map(({ since }) => ({ image: `app@${digest("1")}`, since }));
    assert.equal(proofsOf(NEWEST_FIRST, { blue: none, green: again })[0]?.digest, digest("1"));
  });

  it("is nothing where it was taken back, has not ended, or ran an image without a digest", () => {
    const green = [{ image: `app@${digest("1")}`, since: 5 }];
    const back = [
      record(30, "rolled-back", 0),
      record(25, "roll-back", 0),
      record(20, "start", 10),
    ];
    assert.deepEqual(proofsOf(back, { blue: none, green }), []);
    assert.deepEqual(proofsOf(NEWEST_FIRST.slice(1), { blue: none, green }), []);
    const tagged = [{ image: "app:latest", since: 5 }];
    assert.deepEqual(proofsOf(NEWEST_FIRST, { blue: none, green: tagged }), []);
    assert.deepEqual(proofsOf([record(30, "complete", 100)], { blue: none, green }), []);
  });

  it("holds each cutover by itself, of either color", () => {
    const records = [record(60, "complete", 0), record(50, "start", 90), ...NEWEST_FIRST];
    const given = {
      blue: [{ image: `app@${digest("b")}`, since: 45 }],
      green: [{ image: `app@${digest("a")}`, since: 1 }],
    };
    assert.deepEqual(
      proofsOf(records, given).map((proof) => [proof.color, proof.digest]),
      [
        ["blue", digest("b")],
        ["green", digest("a")],
      ],
    );
  });
});

const PROOF = { digest: digest("a"), color: "green" as const, startedAt: 0, completedAt: 60_000 };

function source(changes: Partial<Source> = {}): Source {
  return {
    environment: "dev",
    live: "green",
    phase: "idle",
    image: known(`${DEV}@${digest("a")}`),
    running: known([`${DEV}@${digest("a")}`]),
    proofs: known([PROOF]),
    ailments: [],
    ...changes,
  };
}

const FILE: StackFile = {
  live: "blue",
  images: { blue: `${PROD}@${digest("1")}`, green: `${PROD}@${digest("2")}` },
};
const WISH = { from: "dev", to: "prod" };

describe("a release", () => {
  it("gives the standby color the proven digest, in its own repository, and says where from", () => {
    assert.deepEqual(decideRelease(WISH, source(), FILE), {
      kind: "change",
      release: {
        ...{ target: "green", digest: digest("a"), overruled: [], proof: PROOF },
        image: `${PROD}@${digest("a")}`,
        copyFrom: `${DEV}@${digest("a")}`,
      },
    });
  });

  it("takes the repository as it is where both share it, or the file names none", () => {
    const shared = { ...FILE, images: { ...FILE.images, green: `${DEV}:1` } };
    const decision = decideRelease(WISH, source(), shared);
    assert.ok(decision.kind === "change");
    assert.deepEqual(
      [decision.release.image, decision.release.copyFrom],
      [`${DEV}@${digest("a")}`, undefined],
    );
    const bare = decideRelease(WISH, source(), { live: "blue", images: { blue: "", green: "" } });
    assert.equal(bare.kind === "change" && bare.release.image, `${DEV}@${digest("a")}`);
  });

  it("takes blue for live where the file does not say, as Pulumi.yaml does", () => {
    const decision = decideRelease(WISH, source(), { images: FILE.images });
    assert.equal(decision.kind === "change" && decision.release.target, "green");
  });

  const never: [name: string, wish: object, changes: Partial<Source>, said: RegExp][] = [
    [
      "into the color that is live",
      { live: "blue" },
      {},
      /^blue is live in prod: its image would change in place/,
    ],
    [
      "what is not known",
      {},
      { image: unknown("no permission") },
      /what runs in green of dev is unknown: no permission/,
    ],
    [
      "what has no digest",
      {},
      { image: known("app:latest") },
      /runs app:latest, which names no digest/,
    ],
  ];
  for (const [name, wish, changes, said] of never)
    it(`is refused, forced or not, ${name}`, () => {
      for (const force of [{}, { force: "it has to be" }]) {
        const decision = decideRelease({ ...WISH, ...wish, ...force }, source(changes), FILE);
        assert.ok(decision.kind === "refused" && !decision.canForce);
        assert.match(decision.reasons.join("; "), said);
      }
    });

  const doubtful: [name: string, changes: Partial<Source>, said: RegExp][] = [
    [
      "no cutover was completed with",
      { proofs: known([]) },
      /^dev has completed no cutover with sha256:aaaaaaaaaaaa$/,
    ],
    [
      "nobody can tell",
      { proofs: unknown("no permission") },
      /whether dev has completed a cutover .* no permission/,
    ],
    ["moves", { phase: "shifting" }, /^dev is not at rest: its controller is shifting$/],
    ["is latched", { phase: "rolled-back" }, /its controller is rolled-back/],
    [
      "its tasks do not run",
      { running: known([`${DEV}@${digest("b")}`]) },
      /and was given sha256:aaaaaaaaaaaa$/,
    ],
    [
      "nobody knows what runs",
      { running: unknown("its deployment is IN_PROGRESS") },
      /is unknown: its deployment is IN_PROGRESS/,
    ],
    [
      "is not well",
      { ailments: ["red on green: green-p99"] },
      /^dev is not well: red on green: green-p99$/,
    ],
  ];
  for (const [name, changes, said] of doubtful)
    it(`is refused where what dev has ${name}, unless it is forced with a reason`, () => {
      const decision = decideRelease(WISH, source(changes), FILE);
      assert.ok(decision.kind === "refused" && decision.canForce);
      assert.match(decision.reasons.join("; "), said);
      const forced = decideRelease(
        { ...WISH, force: "the fix cannot wait" },
        source(changes),
        FILE,
      );
      assert.ok(forced.kind === "change");
      assert.deepEqual(forced.release.overruled, decision.reasons);
    });

  it("is nothing where the live color runs the digest already", () => {
    const file = { ...FILE, images: { ...FILE.images, blue: `${PROD}@${digest("a")}` } };
    const decision = decideRelease(WISH, source(), file);
    assert.deepEqual(decision, {
      kind: "nothing",
      reason: "blue, which is live in prod, runs sha256:aaaaaaaaaaaa already",
    });
  });

  it("tells what changes, why it may, and what to do next", () => {
    const decision = decideRelease(WISH, source(), FILE);
    const told = {
      ...WISH,
      file: "Pulumi.prod.yaml",
      decision,
      dryRun: false,
      diff: ["-old", "+new"],
    };
    const text = releaseText(told, PLAIN);
    assert.match(
      text,
      /^green of prod gets sha256:aaaaaaaaaaaa from dev, and then the payments\.\n/,
    );
    assert.match(
      text,
      /dev completed a cutover with it on 1970-01-01 00:01 UTC, begun 1970-01-01 00:00\./,
    );
    assert.match(text, /\n-old\n\+new\n/);
    assert.match(text, /1\. Make sure that blue is live there/);
    assert.match(text, new RegExp(`crane copy ${DEV}@${digest("a")} ${PROD}:aaaaaaaaaaaa`));
    assert.match(text, /git commit -m "Release aaaaaaaaaaaa to prod" Pulumi\.prod\.yaml/);
    const dry = releaseText({ ...told, dryRun: true }, PLAIN);
    assert.match(dry, /Nothing was changed: leave --dry-run out/);
    assert.doesNotMatch(dry, /git commit/);
  });
});
