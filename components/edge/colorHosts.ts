import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";

export interface ColorHostsArgs extends CommonArgs {
  listenerArn: pulumi.Input<string>;
  targetGroupArns: { [color in Color]: pulumi.Input<string> };
  domainName: string;
  testCidrs: readonly string[];
}

/** Lower comes first; the weights rule, which takes everything, is behind them all. */
const PRIORITIES: { [rule in Color | "others"]: number } = { blue: 10, green: 20, others: 30 };

/** Name that reaches one color whatever the weights. */
export function colorHost(color: Color, domainName: string): string {
  return `${color}.${domainName}`;
}

/**
 * The rules that lead `blue.<domain>` and `green.<domain>` to their color, for those who test it.
 * Whoever else uses these names is refused, rather than answered by the color that the weights
 * choose: that answer would look like the tested color's.
 */
export function createColorHosts(args: ColorHostsArgs, parent: pulumi.Resource): void {
  const { environment, tags, listenerArn, testCidrs } = args;
  const hosts = COLORS.map((color) => colorHost(color, args.domainName));
  for (const color of COLORS)
    new aws.lb.ListenerRule(
      resourceName("host-rule", environment, color),
      {
        listenerArn,
        priority: PRIORITIES[color],
        conditions: [
          { hostHeader: { values: [colorHost(color, args.domainName)] } },
          { sourceIp: { values: [...testCidrs] } },
        ],
        actions: [{ type: "forward", order: 1, targetGroupArn: args.targetGroupArns[color] }],
        tags,
      },
      { parent },
    );
  new aws.lb.ListenerRule(
    resourceName("other-testers-rule", environment),
    {
      listenerArn,
      priority: PRIORITIES.others,
      conditions: [{ hostHeader: { values: hosts } }],
      actions: [
        {
          type: "fixed-response",
          order: 1,
          fixedResponse: {
            statusCode: "403",
            contentType: "text/plain",
            messageBody: "forbidden",
          },
        },
      ],
      tags,
    },
    { parent },
  );
}
