import assert from "node:assert/strict";
import { VARIABLES } from "../../../lambdas/cutover/contract";
import { readVariables } from "../../../lambdas/cutover/variables";
import { LIMITS, PLAN } from "../../support/facts";

const GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup";

const COMPLETE = {
  PAYMENTS_ENVIRONMENT: "test",
  PAYMENTS_INITIAL_LIVE: "green",
  PAYMENTS_PLAN: JSON.stringify(PLAN),
  PAYMENTS_TICK_SECONDS: "10",
  PAYMENTS_STATE_TABLE: "cutover",
  PAYMENTS_TOPIC_ARN: "arn:aws:sns:us-east-1:123456789012:cutover",
  PAYMENTS_RULE_ARN: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/a/b/c",
  PAYMENTS_LOAD_BALANCER_DIMENSION: "app/a/b",
  PAYMENTS_BLUE_TARGET_GROUP_ARN: `${GROUP}/blue/1`,
  PAYMENTS_GREEN_TARGET_GROUP_ARN: `${GROUP}/green/2`,
  PAYMENTS_BLUE_ALARMS: "blue-5xx,blue-p99",
  PAYMENTS_GREEN_ALARMS: "green-5xx,green-p99",
  PAYMENTS_ZONE_ID: "Z0123456789ABC",
  PAYMENTS_RECORD_NAME: "pay.example.com",
  PAYMENTS_SWITCHOVER_FUNCTION_ARN: "arn:aws:lambda:us-east-1:123456789012:function:switchover",
  AWS_LAMBDA_FUNCTION_NAME: "cutover",
};

/** The deployment's, and what Lambda tells a function of itself. */
const WANTED = [...VARIABLES, "AWS_LAMBDA_FUNCTION_NAME"];

describe("readVariables", () => {
  it("reads every variable", () => {
    assert.deepEqual(readVariables(COMPLETE), {
      environment: "test",
      initialLive: "green",
      plan: PLAN,
      tickSeconds: 10,
      stateTable: "cutover",
      topicArn: COMPLETE.PAYMENTS_TOPIC_ARN,
      ruleArn: COMPLETE.PAYMENTS_RULE_ARN,
      loadBalancerDimension: "app/a/b",
      targetGroupArns: { blue: `${GROUP}/blue/1`, green: `${GROUP}/green/2` },
      alarmNames: { blue: ["blue-5xx", "blue-p99"], green: ["green-5xx", "green-p99"] },
      switchoverFunctionArn: COMPLETE.PAYMENTS_SWITCHOVER_FUNCTION_ARN,
      dns: { zoneId: "Z0123456789ABC", recordName: "pay.example.com" },
      functionName: "cutover",
    });
  });

  it("knows no records where none share clients with on-premises", () => {
    const none = { PAYMENTS_ZONE_ID: "", PAYMENTS_RECORD_NAME: "" };
    assert.equal("dns" in readVariables({ ...COMPLETE, ...none }), false);
  });

  for (const name of ["PAYMENTS_ZONE_ID", "PAYMENTS_RECORD_NAME"])
    it(`wants both the zone and the name of the records: ${name} is empty`, () => {
      assert.throws(
        () => readVariables({ ...COMPLETE, [name]: "" }),
        /PAYMENTS_ZONE_ID and PAYMENTS_RECORD_NAME must be given together/,
      );
    });

  it("reads no alarms from an empty list", () => {
    const none = { PAYMENTS_BLUE_ALARMS: "", PAYMENTS_GREEN_ALARMS: "" };
    assert.deepEqual(readVariables({ ...COMPLETE, ...none }).alarmNames, { blue: [], green: [] });
  });

  it("wants an alarm of each kind for both colors, or it could not compare them", () => {
    assert.throws(
      () => readVariables({ ...COMPLETE, PAYMENTS_BLUE_ALARMS: "blue-5xx" }),
      /PAYMENTS_BLUE_ALARMS and PAYMENTS_GREEN_ALARMS must name the same kinds/,
    );
  });

  it("names all that is missing at once", () => {
    const message = `environment variables missing: ${WANTED.join(", ")}`;
    assert.throws(() => readVariables({}), { message });
  });

  for (const name of WANTED)
    it(`does not do without ${name}`, () => {
      const message = `environment variables missing: ${name}`;
      assert.throws(() => readVariables({ ...COMPLETE, [name]: undefined }), { message });
    });

  const wrong: [variables: Partial<typeof COMPLETE>, message: string][] = [
    [
      { PAYMENTS_INITIAL_LIVE: "purple" },
      "PAYMENTS_INITIAL_LIVE must be blue or green, got purple",
    ],
    [{ PAYMENTS_TICK_SECONDS: "" }, "PAYMENTS_TICK_SECONDS must be above 0 and up to 60, got "],
    [{ PAYMENTS_TICK_SECONDS: "0" }, "PAYMENTS_TICK_SECONDS must be above 0 and up to 60, got 0"],
    [
      { PAYMENTS_TICK_SECONDS: "ten" },
      "PAYMENTS_TICK_SECONDS must be above 0 and up to 60, got ten",
    ],
    [{ PAYMENTS_TICK_SECONDS: "61" }, "PAYMENTS_TICK_SECONDS must be above 0 and up to 60, got 61"],
    [{ PAYMENTS_PLAN: "{" }, "PAYMENTS_PLAN cannot run: it is not JSON of a plan"],
    [{ PAYMENTS_PLAN: "null" }, "PAYMENTS_PLAN cannot run: it is not JSON of a plan"],
    [{ PAYMENTS_PLAN: '{"steps":[]}' }, "PAYMENTS_PLAN cannot run: it is not JSON of a plan"],
    [{ PAYMENTS_PLAN: '{"limits":{}}' }, "PAYMENTS_PLAN cannot run: it is not JSON of a plan"],
    [
      { PAYMENTS_PLAN: JSON.stringify({ steps: [], limits: LIMITS }) },
      "PAYMENTS_PLAN cannot run: a plan needs at least one step",
    ],
    [
      { PAYMENTS_INITIAL_LIVE: "", PAYMENTS_PLAN: "" },
      "PAYMENTS_INITIAL_LIVE must be blue or green, got . PAYMENTS_PLAN cannot run: it is not JSON of a plan",
    ],
  ];
  for (const [variables, message] of wrong)
    it(`does not run with ${JSON.stringify(variables)}`, () => {
      assert.throws(() => readVariables({ ...COMPLETE, ...variables }), { message });
    });
});
