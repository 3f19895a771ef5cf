import assert from "node:assert/strict";
import pc from "picocolors";
import { withShortNames } from "../../../tools/cutover/screen/names";
import { atBothEnds, filledOf, visibleLength, wrap } from "../../../tools/terminal/layout";

describe("layout on a terminal", () => {
  it("counts characters, and not what colors them", () => {
    assert.equal(visibleLength(pc.createColors(true).red("four")), 4);
  });

  it("breaks a text between words, and a word only where it fits nowhere", () => {
    assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
    assert.deepEqual(wrap("a 123456789 b", 4), ["a", "1234", "5678", "9 b"]);
    assert.deepEqual(wrap("12345678", 4), ["1234", "5678"]);
    assert.deepEqual(wrap("", 4), [""]);
  });

  it("lets no text steer the terminal that it is shown on", () => {
    const reason = "a \u001b[2Jfix,\r\nreally\u0008 so";
    assert.deepEqual(wrap(reason, 40), ["a fix, really so"]);
    assert.equal(withShortNames(reason), "a fix, really  so");
  });

  it("puts two texts to both ends of a line, and leaves the right one out where there is no room", () => {
    assert.equal(atBothEnds("left", "right", 12), "left   right");
    assert.equal(atBothEnds("left", "right", 10), "left");
  });

  it("fills a bar only for all, and shows any share above nothing", () => {
    const shares = [0, 0.001, 0.5, 0.999, 1, 2, Number.NaN];
    assert.deepEqual(
      shares.map((share) => filledOf(share, 10)),
      [0, 1, 5, 9, 10, 10, 0],
    );
  });
});
