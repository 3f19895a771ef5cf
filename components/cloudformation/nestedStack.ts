import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CommonArgs } from "../common";
import type { Template } from "./template";

export interface NestedStackArgs extends CommonArgs {
  template: Template;
  parameters?: { [name: string]: pulumi.Input<string> };
  /** @default none: a stack gets a capability only when its template needs it. */
  capabilities?: ("CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | "CAPABILITY_AUTO_EXPAND")[];
  /** @default 30 */
  timeoutMinutes?: number;
}

/** CloudFormation's limit for a template that is passed inline, in bytes (its quotas page). */
export const TEMPLATE_BYTES_MAX = 51_200;

/**
 * A CloudFormation stack for what only CloudFormation does well. Changes as one, and goes back as
 * one when a part of it fails. Throws when the template is larger than CloudFormation takes.
 */
export class NestedStack extends pulumi.ComponentResource {
  /** Values of the template's outputs, by name. */
  public readonly outputs: pulumi.Output<{ [name: string]: string }>;

  constructor(name: string, args: NestedStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:cloudformation:NestedStack", name, {}, opts);
    const templateBody = JSON.stringify(args.template);
    const bytes = Buffer.byteLength(templateBody);
    if (bytes > TEMPLATE_BYTES_MAX)
      throw new pulumi.ResourceError(
        `template of ${name} is too large: got ${bytes} bytes, allowed are ${TEMPLATE_BYTES_MAX}; split it into two nested stacks`,
        this,
        true,
      );
    const stack = new aws.cloudformation.Stack(
      name,
      {
        templateBody,
        ...(args.parameters && { parameters: args.parameters }),
        ...(args.capabilities && { capabilities: args.capabilities }),
        onFailure: "ROLLBACK",
        timeoutInMinutes: args.timeoutMinutes ?? 30,
        tags: args.tags,
      },
      { parent: this },
    );
    this.outputs = stack.outputs;
    this.registerOutputs({ outputs: this.outputs });
  }
}
