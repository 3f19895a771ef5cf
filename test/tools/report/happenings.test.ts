import assert from "node:assert/strict";
import { happeningsOf, letters, momentsOf } from "../../../tools/report/happenings";
import { decided, MIGRATED, rehearsed, samplesOf, story, TAKEN_BACK } from "./stories";

describe("happeningsOf", () => {
  it("numbers what was decided, letters what the world did, in the order of time", () => {
    const told = happeningsOf(TAKEN_BACK).map((one) => [
      one.label,
      one.kind === "world" ? one.what : one.decision.code,
    ]);
    assert.deepEqual(told, [
      ["1", "start"],
      [undefined, "bake"],
      ["A", "the first payment meets the release's fault"],
      ["2", "roll-back"],
      ["3", "rolled-back"],
    ]);
  });

  it("tells an incident before what was decided at the same time", () => {
    const happenings = happeningsOf(
      story({
        incidents: [{ atSeconds: 30, what: "somebody sets the weights by hand" }],
        rehearsal: { decisions: [decided(30, "heal-drift", "Put the weights back.", 10)] },
      }),
    );
    assert.deepEqual(
      happenings.map(({ label }) => label),
      ["A", "1"],
    );
  });

  it("numbers no bake and no hold, and every other decision of a real rehearsal", async () => {
    const { rehearsal } = await rehearsed("switchover");
    const happenings = happeningsOf(await rehearsed("switchover"));
    assert.equal(happenings.length, rehearsal.decisions.length);
    const numbered = happenings.flatMap((one) =>
      one.kind === "decision" && one.label !== undefined ? [one.decision.code] : [],
    );
    assert.ok(numbered.includes("ask-switchover") && numbered.includes("switched-over"));
    assert.ok(numbered.every((code) => code !== "bake" && !code.startsWith("hold-")));
    assert.ok(numbered.length < rehearsal.decisions.length);
  });

  it("speaks of no release in a migration", () => {
    const [fault] = happeningsOf({
      ...MIGRATED,
      rehearsal: { ...MIGRATED.rehearsal, faultAtSeconds: 0 },
    });
    assert.equal(fault?.kind === "world" && fault.what, "the first payment meets the fault");
  });
});

describe("momentsOf", () => {
  it("has each time once, and none beyond the chart", () => {
    const moments = momentsOf(
      story({
        samples: samplesOf([{ seconds: 60, green: 0 }]),
        rehearsal: {
          decisions: [0, 20, 20, 99].map((at) => decided(at, "promote", "Promoted.", 10)),
        },
      }),
    );
    assert.deepEqual(moments, [0, 20, 60]);
  });
});

describe("letters", () => {
  it("goes on after Z", () => {
    assert.deepEqual([0, 25, 26, 52, 702].map(letters), ["A", "Z", "AA", "BA", "AAA"]);
  });
});
