import assert from "node:assert/strict";
import { endpointsTemplate } from "../../stacks/templates/endpoints";
import type { Evaluation } from "../../tools/evaluate/evaluate";
import { byType, evaluations } from "../support/program";

/** Roles of what runs inside the VPC: tasks, what starts them, and replication. */
const INSIDE =
  /^((blue|green)-(app-task|app-execution|migration-task)|replication-secrets)-policy-/;

/** What AWS's rotation functions do, which bring a role of their own (Secrets Manager's user guide). */
const ROTATION = [
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:GetSecretValue",
  "secretsmanager:PutSecretValue",
  "secretsmanager:UpdateSecretVersionStage",
];

/** Secrets Manager calls KMS itself, not through the VPC. */
const CALLED_BY_AWS = ["kms:Decrypt"];

function calledInside(all: Evaluation[]): string[] {
  const policies = all
    .flatMap(({ resources }) => byType(resources, "aws:iam/rolePolicy:RolePolicy"))
    .filter(({ name }) => INSIDE.test(name));
  assert.equal(policies.length, 5);
  const actions = policies.flatMap(({ inputs }) =>
    JSON.parse(inputs.policy as string).Statement.flatMap(
      ({ Action }: { Action: string | string[] }) => Action,
    ),
  );
  return [...new Set<string>([...actions, ...ROTATION])].filter(
    (action) => !CALLED_BY_AWS.includes(action),
  );
}

/** Actions that some interface endpoint lets through. */
function admitted(): string[] {
  const endpoints = Object.values(endpointsTemplate("used").Resources).filter(
    ({ Properties }) => Properties.VpcEndpointType === "Interface",
  );
  return endpoints.flatMap(({ Properties }) => {
    const { Statement } = Properties.PolicyDocument as { Statement: { Action: string[] }[] };
    return Statement.flatMap(({ Action }) => Action);
  });
}

describe("the interface endpoints of prod", () => {
  it("let through exactly what is called from inside the VPC", async () => {
    const called = calledInside(await evaluations("prod"));
    assert.deepEqual([...new Set(admitted())].sort(), called.sort());
  });
});
