import assert from "node:assert/strict";
import { VARIABLES } from "../../../lambdas/switchover/contract";
import { readVariables } from "../../../lambdas/switchover/variables";

function cluster(color: string) {
  return {
    clusterArn: `arn:cluster:${color}`,
    administratorSecretArn: `arn:secret:${color}-administrator`,
    endpoint: `${color}.example`,
    applicationSecretArn: `arn:secret:${color}-application`,
    taskArn: `arn:task:${color}`,
  };
}

const CLUSTERS = { blue: cluster("blue"), green: cluster("green") };
const GOOD = {
  PAYMENTS_ENVIRONMENT: "test",
  PAYMENTS_STATE_TABLE: "table",
  PAYMENTS_TOPIC_ARN: "arn:topic",
  PAYMENTS_WRITER_PARAMETER: "/payments/test/database/writer",
  PAYMENTS_CLUSTERS: JSON.stringify(CLUSTERS),
  PAYMENTS_ADMINISTRATORS: "payments_admin,paymentsmaster",
  AWS_LAMBDA_FUNCTION_NAME: "switchover",
};

describe("the switchover function's variables", () => {
  it("are read", () => {
    assert.deepEqual(readVariables(GOOD), {
      environment: "test",
      stateTable: "table",
      topicArn: "arn:topic",
      writerParameter: "/payments/test/database/writer",
      clusters: CLUSTERS,
      administrators: ["payments_admin", "paymentsmaster"],
      functionName: "switchover",
    });
  });

  it("are all missed at once", () => {
    assert.throws(
      () => readVariables({}),
      (error: Error) => VARIABLES.every((name) => error.message.includes(`${name} is missing`)),
    );
  });

  for (const [name, text, message] of [
    ["PAYMENTS_CLUSTERS", "{", /clusterArn of blue must be a text, got undefined/],
    ["PAYMENTS_CLUSTERS", "null", /taskArn of green must be a text/],
    [
      "PAYMENTS_CLUSTERS",
      JSON.stringify({ blue: CLUSTERS.blue, green: { ...CLUSTERS.green, endpoint: 3 } }),
      /endpoint of green must be a text, got 3$/,
    ],
    [
      "PAYMENTS_CLUSTERS",
      JSON.stringify({ blue: CLUSTERS.blue, green: CLUSTERS.blue }),
      /clusterArn of blue and green must differ/,
    ],
  ] as const)
    it(`are refused with ${name} ${text.slice(0, 40)}`, () => {
      assert.throws(() => readVariables({ ...GOOD, [name]: text }), message);
    });
});
