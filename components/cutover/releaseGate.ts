import * as pulumi from "@pulumi/pulumi";
import type { Color } from "../../lambdas/cutover/contract";
import { type ReleaseMode, SERVICE_TIMEOUT_SECONDS } from "../../lambdas/cutover/gate/contract";
import { NestedStack } from "../cloudformation/nestedStack";
import type { Template } from "../cloudformation/template";
import { type CommonArgs, resourceName } from "../common";

export interface ReleaseGateArgs extends CommonArgs {
  /** Takes `ControllerArn`, `Live`, `Mode`, and of each color image, service and task definition. */
  template: Template;
  controllerArn: pulumi.Input<string>;
  /** Color that should carry the payments. A change of it is a release. */
  live: Color;
  colors: { readonly [color in Color]: ReleasedColor };
  mode: ReleaseMode;
  /** Told of everything that happens to the gate. */
  alertsTopicArn: pulumi.Input<string>;
  /** What must be in place before payments move: both colors, and all that judges them. */
  after: pulumi.Resource[];
}

/** What a stack says of a color; the controller compares it with what really runs. */
export interface ReleasedColor {
  image: pulumi.Input<string>;
  serviceArn: pulumi.Input<string>;
  /** Task definition that the service should run. */
  taskArn: pulumi.Input<string>;
}

/** CloudFormation waits an hour for the release, and another for its way back; then so does Pulumi. */
const TIMEOUT_MINUTES = SERVICE_TIMEOUT_SECONDS / 60 + 5;

/** Logical kind of the stack, which the controller may look at. */
export const GATE_STACK = "release-gate";

/** The last thing that a deployment changes: which color is live, by way of the controller. */
export class ReleaseGate extends pulumi.ComponentResource {
  constructor(name: string, args: ReleaseGateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:cutover:ReleaseGate", name, {}, opts);
    const { environment, tags, template, colors } = args;
    const { blue, green } = colors;
    new NestedStack(
      resourceName(GATE_STACK, environment),
      {
        environment,
        tags,
        template,
        parameters: {
          ControllerArn: args.controllerArn,
          Live: args.live,
          BlueImage: blue.image,
          GreenImage: green.image,
          BlueServiceArn: blue.serviceArn,
          GreenServiceArn: green.serviceArn,
          BlueTaskArn: blue.taskArn,
          GreenTaskArn: green.taskArn,
          Mode: args.mode,
        },
        // CloudFormation lets no update change who serves a resource. A new gate moves nothing.
        replacingParameters: ["ControllerArn"],
        notificationTopicArn: args.alertsTopicArn,
        timeoutMinutes: TIMEOUT_MINUTES,
      },
      { parent: this, dependsOn: args.after },
    );
    this.registerOutputs({});
  }
}
