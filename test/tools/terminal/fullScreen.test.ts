import assert from "node:assert/strict";
import { openFullScreen } from "../../../tools/terminal/fullScreen";

/** Takes down what is written to a terminal of that size. */
function terminal(columns: number, rows: number) {
  const written: string[] = [];
  const out = { columns, rows, write: (text: string) => written.push(text) };
  return { out: out as unknown as NodeJS.WriteStream, written };
}

describe("a full screen", () => {
  it("leaves the terminal as it found it: the cursor shown, the other screen left, once", () => {
    const { out, written } = terminal(80, 24);
    const screen = openFullScreen(out);
    screen.close();
    screen.close();
    assert.deepEqual(written, ["\u001b[?1049h\u001b[?25l", "\u001b[?25h\u001b[?1049l"]);
    screen.draw(["late"], "late");
    assert.equal(written.length, 2);
  });

  it("shows the footer whatever the height, and no line wider than the terminal", () => {
    const { out, written } = terminal(6, 4);
    openFullScreen(out).draw(["1", "2 is too long", "3", "4"], "foot");
    const [, drawn = ""] = written;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor is taken away
    assert.deepEqual(drawn.replace(/\u001b\[[HKJ]/g, "").split("\r\n"), [
      "1",
      "2 is t",
      "foot",
      "",
    ]);
  });
});
