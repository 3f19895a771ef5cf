import type { Color } from "../../lambdas/cutover/contract";

/** Requests of CloudFormation to start a test from. */

export const STACK =
  "arn:aws:cloudformation:us-east-1:111122223333:stack/release-gate-test-1a2b3c4/e5f6";
export const URL = "https://responses.example/signed?secret=1";
export const TASK = "arn:aws:ecs:us-east-1:111122223333:task-definition/payments-test:7";
export const SERVICE = "arn:aws:ecs:us-east-1:111122223333:service/application/payments-test";

/** Properties of the gate, as texts, with both colors on one task definition. */
export function properties(live: Color, changes: { [name: string]: unknown } = {}): object {
  return {
    ServiceToken: "arn:aws:lambda:us-east-1:111122223333:function:cutover",
    ServiceTimeout: "3600",
    Environment: "test",
    Live: live,
    BlueImage: "registry.example/payments@sha256:1",
    GreenImage: "registry.example/payments@sha256:2",
    BlueServiceArn: SERVICE,
    GreenServiceArn: SERVICE,
    BlueTaskArn: TASK,
    GreenTaskArn: TASK,
    Mode: "attached",
    ...changes,
  };
}

export interface RequestChanges {
  requestId?: string;
  /** What the stack had before an update. @default the other color, and otherwise the same */
  before?: object;
  properties?: { [name: string]: unknown };
  stackId?: string;
}

/** What CloudFormation sends to the function. */
export function gateRequest(
  type: "Create" | "Update" | "Delete",
  live: Color,
  { requestId = "r-1", before, properties: changed, stackId = STACK }: RequestChanges = {},
): { [field: string]: unknown } {
  const old = before ?? properties(live === "blue" ? "green" : "blue");
  return {
    RequestType: type,
    ResponseURL: URL,
    StackId: stackId,
    RequestId: requestId,
    ResourceType: "Custom::PaymentsReleaseGate",
    LogicalResourceId: "ReleaseGate",
    ResourceProperties: properties(live, changed),
    ...(type !== "Create" && { PhysicalResourceId: "payments-release-gate-test" }),
    ...(type === "Update" && { OldResourceProperties: old }),
  };
}
