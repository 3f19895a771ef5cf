import * as pulumi from "@pulumi/pulumi";

/** The name at the end of an ARN, after its last colon or slash: what metrics call the resource. */
export function lastPart(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.slice(text.search(/[^:/]*$/)));
}
