import assert from "node:assert/strict";
import { blocksOf, readPages } from "./support/pages";

const KINDS = /^(flowchart (LR|RL|TB|TD|BT)|stateDiagram-v2|sequenceDiagram)$/;
const PAIRS: { [open: string]: string } = { "(": ")", "[": "]", "{": "}" };

/** What keeps a diagram from being drawn, as far as one sees without drawing it. */
function mistakesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const mistakes: string[] = [];
  if (!KINDS.test(lines[0] ?? "")) mistakes.push(`begins with ${lines[0]}`);
  const begun = lines.filter((line) => /^subgraph\b/.test(line)).length;
  const ended = lines.filter((line) => line === "end").length;
  if (begun !== ended) mistakes.push(`has ${begun} subgraphs and ${ended} ends`);
  for (const line of lines) {
    if (!isBalanced(line.replace(/"[^"]*"/g, ""))) mistakes.push(`is not balanced: ${line}`);
    if ((line.match(/"/g) ?? []).length % 2 === 1) mistakes.push(`has an open quote: ${line}`);
    // A state may not have a hyphen: the rest would be taken for an arrow.
    if (lines[0] === "stateDiagram-v2" && /^\w+-\w+ -->|--> \w+-\w+/.test(line))
      mistakes.push(`has a hyphen in a state: ${line}`);
  }
  return mistakes;
}

/** Shapes such as `[/topic/]` and arrows such as `->>` have no brackets of their own kind. */
function isBalanced(line: string): boolean {
  const open: string[] = [];
  for (const sign of line)
    if (sign in PAIRS) open.push(PAIRS[sign] ?? "");
    else if (Object.values(PAIRS).includes(sign) && open.pop() !== sign) return false;
  return open.length === 0;
}

describe("the diagrams of the documentation", () => {
  for (const { path, text } of readPages()) {
    const diagrams = blocksOf(text).filter(({ language }) => language === "mermaid");
    if (diagrams.length === 0) continue;
    it(`of ${path} are whole, all ${diagrams.length}`, () => {
      for (const diagram of diagrams) assert.deepEqual(mistakesOf(diagram.text), []);
    });
  }

  it("are found wrong where they are wrong", () => {
    assert.deepEqual(mistakesOf("flowchart LR\n  a[one --> b"), ["is not balanced: a[one --> b"]);
    assert.deepEqual(mistakesOf("flow LR\n  subgraph a\n"), [
      "begins with flow LR",
      "has 1 subgraphs and 0 ends",
    ]);
    assert.deepEqual(mistakesOf("stateDiagram-v2\n  a --> b-c"), [
      "has a hyphen in a state: a --> b-c",
    ]);
  });
});
