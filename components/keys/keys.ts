import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, policyDocument, resourceName } from "../common";
import {
  KEY_CLASSES,
  KEY_PURPOSES,
  type KeyClass,
  type KeyPolicyContext,
  keyPolicy,
} from "./policies";

/** ARN of each class's key. */
export type KeyArns = { [keyClass in KeyClass]: string };

export interface KeysArgs extends CommonArgs {
  context: pulumi.Input<KeyPolicyContext>;
  /** Protects the keys against deletion by Pulumi: without its key, data is lost. */
  deletionProtection: boolean;
}

/** Customer-managed keys, one for each class of data, rotated once a year. */
export class Keys extends pulumi.ComponentResource {
  public readonly arns: { readonly [keyClass in KeyClass]: pulumi.Output<string> };

  constructor(name: string, args: KeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:keys:Keys", name, {}, opts);
    const entries = KEY_CLASSES.map((keyClass) => [keyClass, createKey(keyClass, args, this)]);
    this.arns = Object.fromEntries(entries);
    this.registerOutputs({ arns: this.arns });
  }
}

function createKey(keyClass: KeyClass, args: KeysArgs, parent: pulumi.Resource) {
  const name = resourceName(`${keyClass}-key`, args.environment);
  const key = new aws.kms.Key(
    name,
    {
      description: `payments ${args.environment}: ${KEY_PURPOSES[keyClass]}`,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: args.deletionProtection ? 30 : 7,
      policy: pulumi
        .output(args.context)
        .apply((context) => policyDocument(keyPolicy(keyClass, context))),
      tags: args.tags,
    },
    { parent, protect: args.deletionProtection },
  );
  new aws.kms.Alias(
    resourceName(`${keyClass}-key-alias`, args.environment),
    { name: `alias/payments/${args.environment}/${keyClass}`, targetKeyId: key.keyId },
    { parent },
  );
  return key.arn;
}
