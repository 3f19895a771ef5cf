import assert from "node:assert/strict";
import {
  attachedMistakes,
  LAST_ANSWER_MINUTES,
  LONGEST_WAIT_MINUTES,
  minutesOf,
  SERVICE_TIMEOUT_SECONDS,
  TAKE_BACK_MINUTES,
} from "../../../../lambdas/cutover/gate/contract";

describe("the gate's contract", () => {
  it("leaves time to take back, then to answer, within CloudFormation's hour", () => {
    const order = [LONGEST_WAIT_MINUTES, TAKE_BACK_MINUTES, LAST_ANSWER_MINUTES];
    assert.deepEqual(
      order,
      [...order].sort((one, other) => one - other),
    );
    assert.ok(LAST_ANSWER_MINUTES * 60 < SERVICE_TIMEOUT_SECONDS);
    assert.ok(SERVICE_TIMEOUT_SECONDS <= 3600);
  });

  const plans: [steps: number[], minutes: number, mistakes: number][] = [
    [[5, 10, 10, 15], 44, 0],
    [[54], 55, 0],
    [[54.5], 55.5, 1],
    [[0, 0, 0], 3, 0],
  ];
  for (const [bakes, minutes, mistakes] of plans)
    it(`counts ${minutes} minutes for bake times of ${bakes.join(", ")}`, () => {
      const steps = bakes.map((bakeMinutes) => ({ bakeMinutes }));
      assert.equal(minutesOf(steps), minutes);
      assert.equal(attachedMistakes(steps).length, mistakes);
    });
});
