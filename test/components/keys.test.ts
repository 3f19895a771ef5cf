import assert from "node:assert/strict";
import { Keys } from "../../components/keys/keys";
import { KEY_CLASSES, keyPolicy } from "../../components/keys/policies";
import { ACCOUNT, COMMON, type Rendered, render, statements } from "./support";

const PUBLISHERS = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"];
const CONTEXT = {
  accountId: ACCOUNT,
  region: "us-east-1",
  partition: "aws",
  publishers: PUBLISHERS,
};

function renderKeys(deletionProtection: boolean): Promise<Rendered> {
  return render(() => new Keys("keys-test", { ...COMMON, context: CONTEXT, deletionProtection }));
}

describe("Keys", () => {
  let keys: Rendered;
  before(async () => {
    keys = await renderKeys(true);
  });

  it("are one for each class of data, with an alias each, and nothing else", () => {
    const expected = ["keys-test"];
    for (const keyClass of KEY_CLASSES)
      expected.push(`${keyClass}-key-test`, `${keyClass}-key-alias-test`);
    assert.deepEqual(keys.names, expected.sort());
  });

  for (const keyClass of KEY_CLASSES)
    it(`rotate the ${keyClass} key every year and keep it for 30 days after its deletion`, () => {
      const { policy, description, ...others } = keys.tagged(`${keyClass}-key-test`) as {
        policy: string;
        description: string;
      };
      assert.deepEqual(others, {
        enableKeyRotation: true,
        rotationPeriodInDays: 365,
        deletionWindowInDays: 30,
      });
      assert.match(description, /^payments test: \w/);
      assert.deepEqual(JSON.parse(policy).Statement, keyPolicy(keyClass, CONTEXT));
      assert.equal(keys.get(`${keyClass}-key-test`).options.protect, true);
    });

  it("can be found by an alias", () => {
    const { name, targetKeyId } = keys.get("data-key-alias-test").inputs;
    assert.equal(name, "alias/payments/test/data");
    assert.equal(targetKeyId, keys.get("data-key-test").state.keyId);
  });

  it("go quickly where nothing is protected", async () => {
    const relaxed = await renderKeys(false);
    assert.equal(relaxed.get("logs-key-test").inputs.deletionWindowInDays, 7);
    assert.equal(relaxed.get("logs-key-test").options.protect, false);
  });
});

describe("the key policies", () => {
  const policyOf = (keyClass: (typeof KEY_CLASSES)[number]) =>
    statements(JSON.stringify({ Statement: keyPolicy(keyClass, CONTEXT) }));

  it("leave control with the account, and give it to nobody else", () => {
    for (const keyClass of KEY_CLASSES)
      for (const [sid, statement] of Object.entries(policyOf(keyClass))) {
        const principal = statement.Principal as { AWS?: string; Service?: string | string[] };
        if (principal.AWS === undefined)
          for (const service of [principal.Service].flat())
            assert.match(service ?? "", /\.amazonaws\.com$/, sid);
        else assert.equal(principal.AWS, `arn:aws:iam::${ACCOUNT}:root`);
        assert.equal("kms:*" === statement.Action, sid === "AccountAdministration");
      }
  });

  it("admit each service for this account only", () => {
    for (const keyClass of KEY_CLASSES)
      for (const [sid, statement] of Object.entries(policyOf(keyClass)))
        if (sid !== "AccountAdministration")
          assert.match(JSON.stringify(statement.Condition), new RegExp(ACCOUNT), sid);
  });

  it("admit exactly the services that use the key without a caller's credentials", () => {
    const services = Object.fromEntries(
      KEY_CLASSES.map((keyClass) => [keyClass, Object.keys(policyOf(keyClass)).slice(1)]),
    );
    assert.deepEqual(services, {
      data: [],
      secrets: [],
      logs: ["CloudWatchLogs"],
      messaging: ["TopicPublishers"],
      compute: ["FargateDataKeys", "FargateGrants"],
    });
  });
});
