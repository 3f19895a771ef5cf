import assert from "node:assert/strict";
import { VARIABLES } from "../../../lambdas/refresh/contract";
import { readVariables } from "../../../lambdas/refresh/variables";
import { serviceNamed, taskNamed } from "./facts";

const CONSUMERS = [serviceNamed("blue"), taskNamed("forward")];
const COMPLETE = {
  PAYMENTS_ENVIRONMENT: "test",
  PAYMENTS_STATE_TABLE: "state",
  PAYMENTS_TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:alerts",
  PAYMENTS_CONSUMERS: JSON.stringify(CONSUMERS),
};

describe("readVariables", () => {
  it("reads every variable", () => {
    assert.deepEqual(readVariables(COMPLETE), {
      environment: "test",
      stateTable: "state",
      topicArn: COMPLETE.PAYMENTS_TOPIC_ARN,
      consumers: CONSUMERS,
    });
  });

  it("names all that is missing at once", () => {
    const missing = VARIABLES.map((name) => `${name} is missing`).join("; ");
    assert.throws(() => readVariables({}), { message: `environment variables: ${missing}` });
  });

  for (const name of VARIABLES)
    for (const value of [undefined, ""])
      it(`does not do without ${name}, nor with ${JSON.stringify(value)} in it`, () => {
        const message = `environment variables: ${name} is missing`;
        assert.throws(() => readVariables({ ...COMPLETE, [name]: value }), { message });
      });

  it("names mistakes beside what is missing", () => {
    const wrong = { ...COMPLETE, PAYMENTS_TOPIC_ARN: "", PAYMENTS_CONSUMERS: "[{}]" };
    const message =
      "environment variables: PAYMENTS_TOPIC_ARN is missing; PAYMENTS_CONSUMERS: consumer 1: kind must be service or replicationTask, got undefined";
    assert.throws(() => readVariables(wrong), { message });
  });

  it("refuses consumers that are no JSON", () => {
    const message =
      "environment variables: PAYMENTS_CONSUMERS: there must be a list of at least one consumer";
    assert.throws(() => readVariables({ ...COMPLETE, PAYMENTS_CONSUMERS: "{" }), { message });
  });
});

describe("readVariables on consumers", () => {
  const noSecrets = "consumer 1: secretArns must be a list of at least one text";
  const rows: [consumers: unknown, mistakes: string[]][] = [
    [[], ["there must be a list of at least one consumer"]],
    [{}, ["there must be a list of at least one consumer"]],
    [[null], ["consumer 1: kind must be service or replicationTask, got undefined"]],
    [[{ kind: "job" }], ["consumer 1: kind must be service or replicationTask, got job"]],
    [[{ ...serviceNamed("blue"), secretArns: [] }], [noSecrets]],
    [[{ ...serviceNamed("blue"), secretArns: "arn" }], [noSecrets]],
    [[{ ...serviceNamed("blue"), secretArns: ["arn", ""] }], [noSecrets]],
    [
      [serviceNamed("blue"), { kind: "service", name: "", secretArns: ["arn"] }],
      [
        "consumer 2: name must be a text, got ",
        "consumer 2: clusterArn must be a text, got undefined",
        "consumer 2: serviceArn must be a text, got undefined",
      ],
    ],
    [
      [{ kind: "replicationTask", taskArn: 7 }],
      [
        "consumer 1: name must be a text, got undefined",
        "consumer 1: taskArn must be a text, got 7",
        noSecrets,
      ],
    ],
  ];
  for (const [consumers, mistakes] of rows)
    it(`refuses ${JSON.stringify(consumers)}`, () => {
      const listed = mistakes.map((mistake) => `PAYMENTS_CONSUMERS: ${mistake}`).join("; ");
      const variables = { ...COMPLETE, PAYMENTS_CONSUMERS: JSON.stringify(consumers) };
      const message = `environment variables: ${listed}`;
      assert.throws(() => readVariables(variables), { message });
    });
});
