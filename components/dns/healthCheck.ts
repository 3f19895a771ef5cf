import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";

export interface HealthCheckArgs extends CommonArgs {
  /** Sent as host and as TLS server name. */
  domainName: string;
  /** IPv4, one or more. */
  addresses: readonly string[];
  path: string;
}

/**
 * Whether an endpoint answers over HTTPS: 30 seconds of failures at one of its addresses are that
 * address's end. Of several addresses one is enough, since a client that gets them all tries the next.
 */
export function createHealthCheck(
  args: HealthCheckArgs,
  parent: pulumi.Resource,
): aws.route53.HealthCheck {
  const several = args.addresses.length > 1;
  const checks = args.addresses.map((address, index) =>
    checkAddress(several ? `legacy-check-${index + 1}` : "legacy-check", address, args, parent),
  );
  const [only] = checks;
  if (only !== undefined && !several) return only;
  const name = resourceName("legacy-check", args.environment);
  return new aws.route53.HealthCheck(
    name,
    {
      type: "CALCULATED",
      childHealthchecks: checks.map(({ id }) => id),
      childHealthThreshold: 1,
      tags: { ...args.tags, Name: name },
    },
    { parent },
  );
}

function checkAddress(
  kind: string,
  ipAddress: string,
  args: HealthCheckArgs,
  parent: pulumi.Resource,
): aws.route53.HealthCheck {
  const name = resourceName(kind, args.environment);
  return new aws.route53.HealthCheck(
    name,
    {
      type: "HTTPS",
      ipAddress,
      port: 443,
      fqdn: args.domainName,
      enableSni: true,
      resourcePath: args.path,
      requestInterval: 10,
      failureThreshold: 3,
      // The console shows a check by this tag and by nothing else.
      tags: { ...args.tags, Name: name },
    },
    { parent },
  );
}
