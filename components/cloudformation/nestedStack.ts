import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CommonArgs } from "../common";
import { capabilitiesOf } from "./capabilities";
import { mistakesIn } from "./mistakes";
import type { Template } from "./template";

export interface NestedStackArgs<OutputName extends string = string> extends CommonArgs {
  template: Template<OutputName>;
  /**
   * Every parameter that the template declares without a default, and no other than it declares.
   * Values may be unknown until they are deployed; none may be secret.
   */
  parameters?: { [name: string]: pulumi.Input<string> };
  /**
   * Logical ids of what no update may replace or delete. CloudFormation judges an update by the
   * policy that the stack has, not by the one that comes along: to replace or delete one on purpose,
   * take its id away here, and allow it with `aws cloudformation set-stack-policy` before deploying.
   * Deleting the whole stack is not an update.
   * @default none
   */
  protectedResources?: string[];
  /**
   * Parameters whose change replaces the stack, for what CloudFormation cannot change in place.
   * @default none
   */
  replacingParameters?: string[];
  /** The topic that is told of everything that happens in the stack. @default nobody is told */
  notificationTopicArn?: pulumi.Input<string>;
  /**
   * How long creation may take before CloudFormation takes it back. Creation with the way back,
   * an update with the way back, and deletion may each take twice as long.
   * @default 30
   */
  timeoutMinutes?: number;
}

/**
 * A CloudFormation stack for what only CloudFormation does well. Changes as one, and goes back as
 * one when a part of it fails. Gets the least capabilities that its template needs. Throws one error
 * that holds every mistake in the arguments; a secret value of a parameter fails the deployment.
 */
export class NestedStack<OutputName extends string = string> extends pulumi.ComponentResource {
  /** Values of the template's outputs. */
  public readonly outputs: { readonly [name in OutputName]: pulumi.Output<string> };

  constructor(
    name: string,
    args: NestedStackArgs<OutputName>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("payments:cloudformation:NestedStack", name, {}, opts);
    const { template, parameters, notificationTopicArn, timeoutMinutes = 30 } = args;
    const protectedResources = args.protectedResources ?? [];
    const given = Object.keys(parameters ?? {});
    this.refuse(name, mistakesIn({ template, given, protectedResources }));
    const capabilities = capabilitiesOf(template);
    const stack = new aws.cloudformation.Stack(
      name,
      {
        templateBody: JSON.stringify(template),
        policyBody: stackPolicy(protectedResources),
        ...(parameters && { parameters: plainOnly(name, parameters) }),
        ...(capabilities.length > 0 && { capabilities }),
        ...(notificationTopicArn && { notificationArns: [notificationTopicArn] }),
        onFailure: "ROLLBACK",
        timeoutInMinutes: timeoutMinutes,
        tags: args.tags,
      },
      // What a component depends on does not reach its children by itself.
      {
        parent: this,
        dependsOn: opts?.dependsOn,
        replaceOnChanges: (args.replacingParameters ?? []).map((one) => `parameters.${one}`),
        ...waiting(timeoutMinutes),
      },
    );
    this.outputs = outputsOf(name, template, stack);
    this.registerOutputs({ outputs: this.outputs });
  }

  private refuse(name: string, mistakes: string[]): void {
    if (mistakes.length === 0) return;
    const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
    const lines = mistakes.map((mistake) => `  ${mistake}`);
    throw new pulumi.ResourceError(
      [`${count} in the nested stack ${name}:`, ...lines].join("\n"),
      this,
      true,
    );
  }
}

/**
 * Given even where nothing is protected: CloudFormation keeps a policy until it gets another, so
 * that an empty list must lift an earlier one.
 */
function stackPolicy(protectedResources: string[]): string {
  const allow = { Effect: "Allow", Principal: "*", Action: "Update:*", Resource: "*" };
  const deny = {
    Effect: "Deny",
    Principal: "*",
    Action: ["Update:Replace", "Update:Delete"],
    Resource: protectedResources.map((id) => `LogicalResourceId/${id}`),
  };
  return JSON.stringify({ Statement: protectedResources.length > 0 ? [allow, deny] : [allow] });
}

/** CloudFormation gives up before the provider does, so that its reason and its way back are seen. */
function waiting(timeoutMinutes: number): pulumi.CustomResourceOptions {
  const wait = `${2 * timeoutMinutes}m`;
  return {
    customTimeouts: { create: wait, update: wait, delete: wait },
    // AWS takes it at creation only: a change would replace the stack, with all that is in it.
    ignoreChanges: ["timeoutInMinutes"],
  };
}

/** A secret may come under any name: only the value tells. */
function plainOnly(
  stackName: string,
  parameters: { [name: string]: pulumi.Input<string> },
): { [name: string]: pulumi.Output<string> } {
  const check = ([name, input]: [string, pulumi.Input<string>]) => {
    const value = pulumi.output(input);
    const checked = pulumi.output(pulumi.isSecret(value)).apply((secret) => {
      if (!secret) return value;
      throw new pulumi.RunError(
        `parameter ${name} of CloudFormation stack ${stackName}: got a secret, which anyone who may describe the stack could read. Pass the secret's ARN instead.`,
      );
    });
    return [name, checked];
  };
  return Object.fromEntries(Object.entries(parameters).map(check));
}

/** Unknown in a preview of what changes; a known map without the name is an error. */
function outputsOf<OutputName extends string>(
  stackName: string,
  { Outputs }: Template<OutputName>,
  { outputs }: aws.cloudformation.Stack,
): { [name in OutputName]: pulumi.Output<string> } {
  const read = (name: string) =>
    outputs.apply((values) => {
      // A stack without any has no map either, whatever the type says.
      const value = values?.[name];
      if (value !== undefined) return value;
      throw new pulumi.RunError(
        `CloudFormation stack ${stackName} has no output ${name}, which its template declares. Run "pulumi refresh"; if that does not help, look at the stack's events.`,
      );
    });
  const entries = Object.keys(Outputs ?? {}).map((name) => [name, read(name)]);
  return Object.fromEntries(entries);
}
