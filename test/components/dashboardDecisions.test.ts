import assert from "node:assert/strict";
import { decisionsQuery, REPORT_GLOB } from "../../components/observability/decisionsQuery";
import { type TickReport, tick } from "../../lambdas/cutover/tick";
import { PLAN, red, shifting } from "../support/facts";
import { FakeWorld } from "../support/fakePorts";

describe("decisionsQuery", () => {
  /** A glob as Logs Insights reads it: each asterisk takes as little as it can. */
  const readReport = (report: TickReport) => {
    const parts = REPORT_GLOB.split("*").map((part) => part.replace(/[[\]{}]/g, "\\$&"));
    return new RegExp(parts.join("(.*?)")).exec(JSON.stringify(report))?.slice(1);
  };

  it("reads what the controller logs of a pass", async () => {
    const world = new FakeWorld(shifting({ bakingMinutesAgo: 1 }));
    world.standby = { ...world.standby, redAlarms: red("green-errors") };
    world.faults.writeWeights = ["fails"];
    const report = await tick(world.ports, { plan: PLAN, initialLive: "blue" });
    assert.equal(report.code, "roll-back");
    const { code, reason, phase, live, weights, problems } = report;
    assert.ok(problems.length > 0);
    const texts = [code, reason, phase, live, String(weights.blue), String(weights.green)];
    assert.deepEqual(readReport(report), [...texts, JSON.stringify(problems).slice(1, -1)]);
  });

  it("shows the last decisions, and not that there was nothing to decide", () => {
    assert.deepEqual(decisionsQuery("logs").split("\n"), [
      "SOURCE 'logs'",
      `| parse message '${REPORT_GLOB}' as code, reason, phase, live, blue, green, problems`,
      '| filter ispresent(code) and code != "idle"',
      "| sort @timestamp desc",
      "| limit 50",
      "| display @timestamp, code, reason, phase, live, blue, green, problems",
    ]);
  });
});
