import assert from "node:assert/strict";
import { seededRandom } from "../../../simulation/random";
import { VARIANTS } from "../../../tools/report/charts/draw";
import type { Happening } from "../../../tools/report/happenings";
import { placeMarks } from "../../../tools/report/marks";
import { decided } from "./stories";

function at(times: number[]): Happening[] {
  return times.map((atSeconds, index) => ({
    kind: "decision",
    atSeconds,
    label: String(index + 1),
    decision: decided(atSeconds, "promote", "Promoted.", 10),
  }));
}

const [WIDE, NARROW] = VARIANTS;

describe("placeMarks", () => {
  it("puts each mark at its time", () => {
    assert.ok(WIDE);
    const marks = placeMarks(at([0, 50, 100]), 100, WIDE);
    const middle = WIDE.left + (WIDE.width - WIDE.left - WIDE.right) / 2;
    assert.deepEqual(
      marks.map(({ label }) => label),
      ["1", "2", "3"],
    );
    assert.equal(marks[1]?.x, middle);
  });

  it("puts together what would stand on each other, with the first and the last number", () => {
    assert.ok(NARROW);
    const marks = placeMarks(at([0, 5, 10, 90, 100]), 100, NARROW);
    assert.deepEqual(
      marks.map(({ label, happenings }) => [label, happenings.length]),
      [
        ["1–3", 3],
        ["4", 1],
        ["5", 1],
      ],
    );
  });

  it("leaves out what has no label", () => {
    assert.ok(NARROW);
    const [one, other] = at([0, 50]);
    assert.ok(one && other?.kind === "decision");
    const { label: _, ...minor } = other;
    assert.equal(placeMarks([one, minor], 100, NARROW).length, 1);
  });

  it("never overlaps, never leaves the drawing, and loses nothing", () => {
    const random = seededRandom(1);
    for (let round = 0; round < 300; round++)
      for (const variant of VARIANTS) {
        const count = 1 + Math.floor(random() * 40);
        const times = Array.from({ length: count }, () => random() * 110).sort((a, b) => a - b);
        const marks = placeMarks(at(times), 100, variant);
        assert.equal(marks.flatMap(({ happenings }) => happenings).length, count);
        marks.forEach(({ x, width, label }, index) => {
          assert.ok(x - width / 2 >= 0 && x + width / 2 <= variant.width, label);
          const next = marks[index + 1];
          if (next) assert.ok(x + width / 2 <= next.x - next.width / 2, `${label} ${next.label}`);
        });
      }
  });
});
