import assert from "node:assert/strict";
import { type Evaluation, evaluateStack } from "../../tools/evaluate/evaluate";
import { byName, DIRECTORY, evaluations, secretValue } from "../support/program";

describe("a stack whose upstream does not fit", () => {
  const evaluateOn = async (
    change: (base: Evaluation) => Evaluation,
    overrides: { [key: string]: unknown } = {},
  ) => {
    const [base] = await evaluations("prod");
    assert.ok(base);
    return evaluateStack({
      directory: DIRECTORY,
      stack: "prod",
      upstream: [change(base)],
      overrides,
    });
  };
  const withOutputs = (base: Evaluation, outputs: { [name: string]: unknown }): Evaluation => ({
    ...base,
    outputs,
  });

  it("is told when it lacks a layer", async () => {
    await assert.rejects(
      evaluateOn((base) => withOutputs(base, { foundation: base.outputs.foundation })),
      /prod-base, named by payments:upstream, exports no data layer\. Deploy it first/,
    );
  });

  it("is told when it has another shape", async () => {
    await assert.rejects(
      evaluateOn((base) =>
        withOutputs(base, {
          ...base.outputs,
          foundation: { ...(base.outputs.foundation as object), shapeVersion: 2 },
        }),
      ),
      /exports its foundation layer in shape 2, this program reads 1/,
    );
  });

  /** The base with one output of a layer taken away or changed. */
  const without = (base: Evaluation, layer: string, change: (outputs: Outputs) => void) => {
    const exported = structuredClone(base.outputs[layer]) as { outputs: Outputs };
    change(exported.outputs);
    return withOutputs(base, { ...base.outputs, [layer]: exported });
  };
  type Outputs = { [name: string]: { [name: string]: unknown } };

  it("is told every output that it reads and the other stack lacks", async () => {
    await assert.rejects(
      evaluateOn((base) =>
        without(base, "data", (outputs) => {
          delete outputs.replication;
          delete outputs.writerPointer?.name;
        }),
      ),
      /prod-base, named by payments:upstream, lacks outputs .*: data\.replication, data\.writerPointer\.name\. Deploy it from the same revision as this stack first\./,
    );
    await assert.rejects(
      evaluateOn((base) =>
        without(base, "foundation", (outputs) => {
          delete outputs.securityGroupIds?.rotation;
        }),
      ),
      /lacks outputs .*: foundation\.securityGroupIds\.rotation\./,
    );
  });

  it("reads on where the other stack exports more than it needs", async () => {
    await evaluateOn((base) =>
      without(base, "data", (outputs) => {
        outputs.later = { addition: true };
      }),
    );
  });

  it("is told when it belongs to another environment", async () => {
    await assert.rejects(
      evaluateOn((base) => base, { "payments:environment": "stage" }),
      /belongs to environment prod, this stack to stage/,
    );
  });

  it("is told when its network admits other ports", async () => {
    await assert.rejects(
      evaluateOn((base) => base, { "payments:applicationPort": "9443" }),
      /admits port 8443, this stack uses 9443\. Give both stacks the same payments:applicationPort/,
    );
  });

  it("is told when it uses an on-premises database to which the network admits no way", async () => {
    const [base] = await evaluations("prod");
    assert.ok(base);
    const overrides = {
      "payments:layers": ["data"],
      "payments:upstream": "prod-base",
      "payments:legacyHost": "db.old.example",
      "payments:legacyCidr": "192.168.10.0/24",
      "payments:legacySecretArn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:old-AbCdEf",
      "payments:legacyCaCertificate":
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    };
    await assert.rejects(
      evaluateStack({ directory: DIRECTORY, stack: "prod-base", upstream: [base], overrides }),
      /admits no on-premises database, this stack uses 192\.168\.10\.0\/24:3306\. Give both stacks the same payments:legacyHost/,
    );
  });
});

describe("what is secret in the stack below", () => {
  it("stays secret in the stack that reads it", async () => {
    const [base] = await evaluations("prod");
    assert.ok(base);
    const upstream = [{ ...base, secretOutputs: ["data"] }];
    const { resources } = await evaluateStack({ directory: DIRECTORY, stack: "prod", upstream });
    const { environment } = byName(resources, "cutover-function-prod").inputs as {
      environment: { variables: { [name: string]: unknown } };
    };
    const table = byName(base.resources, "cutover-state-prod").state.name;
    assert.equal(secretValue(environment.variables.PAYMENTS_STATE_TABLE), table);
    // What comes from a layer without secrets stays readable.
    const key = byName(base.resources, "logs-key-prod").state.arn;
    assert.equal(byName(resources, "cutover-logs-prod").inputs.kmsKeyId, key);
  });
});
