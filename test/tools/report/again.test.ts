import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { commandOf } from "../../../tools/report/again";
import { story } from "./stories";

describe("commandOf", () => {
  it("names all that chance and the plan depend on", () => {
    assert.equal(
      commandOf(story()),
      "npm run rehearse -- --scenario handmade --stack prod --seed 7 --payments-per-hour 50000",
    );
    assert.match(commandOf({ ...story(), hourOfDay: 3 }), / --hour 3$/);
  });

  it("gives a shell each name as one word", () => {
    const name = `it's "$(touch x)" & more`;
    const command = commandOf(story({ scenario: { name } }));
    const words = command.replace("npm run rehearse --", "printf '%s\\n'");
    const printed = execFileSync("sh", ["-c", words], { encoding: "utf8" });
    assert.equal(printed.split("\n")[1], name);
  });
});
