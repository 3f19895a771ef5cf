import { attemptWrite, clientSettings } from "../../common/aws/client";
import type { Color, Weights } from "../contract";
import { type Known, known, type TrafficRouter, unknown } from "../ports";

/** The weights of one listener rule that forwards to the two colors' target groups. */
export function elbRouter(
  ruleArn: string,
  targetGroupArns: { [color in Color]: string },
): TrafficRouter {
  const elb: typeof import("@aws-sdk/client-elastic-load-balancing-v2") = require("@aws-sdk/client-elastic-load-balancing-v2");
  const client = new elb.ElasticLoadBalancingV2Client(clientSettings());

  async function readWeights(): Promise<Known<Weights>> {
    const { Rules } = await client.send(new elb.DescribeRulesCommand({ RuleArns: [ruleArn] }));
    const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    const weightOf = (color: Color) =>
      groups.find((group) => group.TargetGroupArn === targetGroupArns[color])?.Weight;
    const [blue, green] = [weightOf("blue"), weightOf("green")];
    if (blue === undefined || green === undefined || groups.length !== 2)
      return unknown(`rule ${ruleArn} does not forward to exactly the two colors`);
    return known({ blue, green });
  }

  async function writeWeights(weights: Weights): Promise<"written" | "unknown"> {
    if (weights.blue + weights.green !== 100)
      throw new Error(`weights must add up to 100, got ${JSON.stringify(weights)}`);
    const TargetGroups = [
      { TargetGroupArn: targetGroupArns.blue, Weight: weights.blue },
      { TargetGroupArn: targetGroupArns.green, Weight: weights.green },
    ];
    // Stickiness would keep clients on a color whatever its weight.
    const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } };
    const Actions = [{ Type: "forward" as const, Order: 1, ForwardConfig }];
    return attemptWrite(
      () => client.send(new elb.ModifyRuleCommand({ RuleArn: ruleArn, Actions })),
      "written",
    );
  }

  return { readWeights, writeWeights };
}
