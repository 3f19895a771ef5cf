import * as assert from "node:assert/strict";
import { type Path, parsePath, valueAt, withValueAt } from "../../../tools/evaluate/paths";

describe("Property paths", () => {
  const paths: [string, Path | undefined][] = [
    ["live", ["live"]],
    ["network.cidr", ["network", "cidr"]],
    ["steps[1].weight", ["steps", 1, "weight"]],
    ['["network.cidr"]', ["network.cidr"]],
    ['tags["a \\"b\\""]', ["tags", 'a "b"']],
    ["", undefined],
    ["steps[one]", undefined],
  ];
  for (const [text, path] of paths)
    it(`reads ${text || "nothing"}`, () => assert.deepEqual(parsePath(text), path));

  it("finds a nested value, and undefined where there is none", () => {
    const root = { steps: [{ weight: 10 }] };
    assert.equal(valueAt(root, ["steps", 0, "weight"]), 10);
    assert.equal(valueAt(root, ["steps", 1, "weight"]), undefined);
  });

  it("makes the objects and arrays on the way", () => {
    assert.deepEqual(withValueAt(undefined, ["steps", 0, "weight"], 5), { steps: [{ weight: 5 }] });
  });
});
