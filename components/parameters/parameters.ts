import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";

export interface ParametersArgs extends CommonArgs {
  /** Path that all of them are under, without a slash at its end, such as `/payments/prod/blue`. */
  path: string;
  /** By the rest of their names, such as `database/writer-endpoint`. Words of a-z, 0-9 and hyphens. */
  values: { readonly [name: string]: pulumi.Input<string> };
  /** Prefix of the logical names, such as `blue-parameter`. */
  kind: string;
  /** Encrypts the values. */
  secretsKeyArn: pulumi.Input<string>;
}

/** Longest value of a parameter of the standard tier, in characters (Systems Manager, quotas). */
const MAX_LENGTH = 4096;

/**
 * What an application or an operator needs to know of an environment, under one path, so that it is
 * asked for by name and never copied. Encrypted with our key, all of it: endpoints and names are no
 * secrets, but nobody's business either (checkov CKV2_AWS_34, CKV_AWS_337).
 *
 * Credentials are not among them: a parameter says where they are.
 */
export class Parameters extends pulumi.ComponentResource {
  /** Of everything under the path, for policies. */
  public readonly names: string[];

  constructor(name: string, args: ParametersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:parameters:Parameters", name, {}, opts);
    this.names = Object.entries(args.values).map(([key, value]) =>
      this.createParameter(key, value, args),
    );
    this.registerOutputs({ names: this.names });
  }

  private createParameter(key: string, value: pulumi.Input<string>, args: ParametersArgs): string {
    const { environment, tags, path, kind, secretsKeyArn } = args;
    const name = `${path}/${key}`;
    if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(key))
      throw new pulumi.ResourceError(
        `parameter ${name}: got ${key}, allowed: words of a-z, 0-9 and hyphens, with slashes between`,
        this,
        true,
      );
    new aws.ssm.Parameter(
      resourceName(`${kind}-${key.replace(/\//g, "-")}`, environment),
      {
        name,
        type: "SecureString",
        keyId: secretsKeyArn,
        value: pulumi.output(value).apply((text) => short(name, text)),
        tags,
      },
      { parent: this },
    );
    return name;
  }
}

function short(name: string, value: string): string {
  if (value.length > 0 && value.length <= MAX_LENGTH) return value;
  throw new pulumi.RunError(
    `parameter ${name}: got ${value.length} characters, allowed: 1 to ${MAX_LENGTH}`,
  );
}
