import assert from "node:assert/strict";
import pc from "picocolors";
import { type Entry, merged } from "../../../tools/cutover/history";
import type { Look } from "../../../tools/cutover/screen/look";
import { withShortNames } from "../../../tools/cutover/screen/names";
import { storyScreen } from "../../../tools/cutover/screen/story";
import { TYPED, visibleLength } from "../../../tools/terminal/layout";
import { NOW } from "../../support/facts";

const ALICE = "arn:aws:sts::111122223333:assumed-role/Operators/alice@example.com";

function look(width: number): Look {
  return { width, colors: pc.createColors(false), glyphs: TYPED, timeZone: "UTC" };
}

const ENTRIES: Entry[] = [
  {
    ...{ of: "payments", at: NOW - 13 * 3_600_000, code: "start", who: ALICE },
    ...{ reason: "Started the cutover to green (release 42): 10 % to green." },
    weights: { blue: 90, green: 10 },
  },
  {
    ...{ of: "writer", at: NOW - 60_000, code: "start", who: "controller" },
    reason: "controller started the switchover to green (a step): blue is fenced.",
  },
  {
    ...{ of: "payments", at: NOW, code: "pause", who: ALICE, weights: { blue: 0, green: 100 } },
    reason: `${ALICE} paused the cutover at 100 % on green (lunch); it holds until somebody resumes it.`,
  },
];

describe("the audit trail as a story", () => {
  it("tells time, weights, who, what and why on 80 columns, day by day", () => {
    const story = { environment: "prod", entries: ENTRIES, isCut: false };
    assert.equal(
      storyScreen(story, look(80)).join("\n"),
      `prod  blue/green percent; times in UTC

2026-01-14
23:00:00  90/10    Operators/alice@example.com: Started the cutover to green
                   (release 42): 10 % to green.

2026-01-15
11:59:00  writer   controller started the switchover to green (a step): blue is
                   fenced.
12:00:00  0/100    Operators/alice@example.com: Operators/alice@example.com
                   paused the cutover at 100 % on green (lunch); it holds until
                   somebody resumes it.`,
    );
  });

  it("is never wider than the terminal", () => {
    for (let width = 40; width <= 120; width += 10)
      for (const line of storyScreen(
        { environment: "prod", entries: ENTRIES, isCut: true },
        look(width),
      ))
        assert.ok(visibleLength(line) <= width, line);
  });

  it("says where there is nothing, and where there is more", () => {
    const none = { environment: "prod", entries: [], isCut: false };
    assert.deepEqual(storyScreen(none, look(80)), ["Nothing is on record of prod in that time."]);
    const cut = storyScreen({ environment: "prod", entries: ENTRIES, isCut: true }, look(80));
    assert.match(cut.at(-1) ?? "", /older records: --limit/);
  });

  it("merges both functions' records by time, and keeps the newest", () => {
    const mixed = [ENTRIES[2], ENTRIES[0], ENTRIES[1]] as Entry[];
    assert.deepEqual(merged(mixed, 3), { entries: ENTRIES, isCut: false });
    assert.deepEqual(merged(mixed, 2), { entries: ENTRIES.slice(1), isCut: true });
  });

  it("names people by what tells them apart", () => {
    assert.equal(
      withShortNames(`by ${ALICE}, arn:aws:iam::1:user/bob. arn:aws:sns:us-east-1:1:topic`),
      "by Operators/alice@example.com, bob. arn:aws:sns:us-east-1:1:topic",
    );
  });
});
