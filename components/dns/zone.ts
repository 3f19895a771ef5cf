import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, policyDocument, resourceName } from "../common";
import { domainMistakes } from "./mistakes";

export interface HostedZoneArgs extends CommonArgs {
  /** A public zone that exists, by its ID; or the name of one to make. */
  zone: { id: string } | { create: string };
  /** Records every query that Route 53 answers (Security Hub Route53.2). @default none */
  queryLogging?: QueryLogging;
  /** Protects a zone that is made here: another one of its name would have other name servers. */
  deletionProtection: boolean;
}

export interface QueryLogging {
  accountId: pulumi.Input<string>;
  /** Of a key in us-east-1, where Route 53 writes all its logs. */
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** The one Region to whose log groups Route 53 writes. */
const QUERY_LOG_REGION = "us-east-1";

/**
 * The hosted zone of the names, apart from the records in it: a certificate needs the zone, the load
 * balancer the certificate, and the records the load balancer.
 *
 * A zone that is made answers nobody until its parent zone names its `nameServers`; until then no
 * certificate in it is validated either. A zone has one query log: leave it out where the zone
 * has one already. A mistake in the arguments is a `ResourceError`.
 */
export class HostedZone extends pulumi.ComponentResource {
  public readonly zoneId: pulumi.Output<string>;
  /** Of a zone that was made; undefined for one that exists. */
  public readonly nameServers: pulumi.Output<string[]> | undefined;

  constructor(name: string, args: HostedZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:dns:HostedZone", name, {}, opts);
    const { zone } = args;
    if ("create" in zone) this.refuse(name, domainMistakes("zone.create", zone.create));
    else if (!/^Z[A-Z0-9]{1,31}$/.test(zone.id))
      this.refuse(name, [
        `zone.id: got ${zone.id || "nothing"}, allowed: an ID such as Z0123456789ABCDEFGHIJ.`,
      ]);
    const made = "create" in zone ? createZone(zone.create, args, this) : undefined;
    this.zoneId = made?.zoneId ?? pulumi.output("id" in zone ? zone.id : "");
    this.nameServers = made?.nameServers;
    if (args.queryLogging !== undefined) this.logQueries(name, args.queryLogging, args);
    const { zoneId, nameServers } = this;
    this.registerOutputs({ zoneId, ...(nameServers && { nameServers }) });
  }

  private refuse(name: string, mistakes: string[]): void {
    if (mistakes.length > 0)
      throw new pulumi.ResourceError(`hosted zone ${name}: ${mistakes.join("\n  ")}`, this, true);
  }

  private logQueries(name: string, logging: QueryLogging, args: HostedZoneArgs): void {
    const { environment, tags } = args;
    const kmsKeyId = pulumi.output(logging.logsKeyArn).apply((arn) => {
      if (arn.split(":")[3] !== QUERY_LOG_REGION)
        this.refuse(name, [
          `queryLogging.logsKeyArn: got ${arn}, allowed: a key in ${QUERY_LOG_REGION}. Route 53 writes its logs there, and a key does not leave its Region.`,
        ]);
      return arn;
    });
    const logGroup = new aws.cloudwatch.LogGroup(
      resourceName("dns-query-logs", environment),
      {
        region: QUERY_LOG_REGION,
        kmsKeyId,
        retentionInDays: logging.logRetentionDays,
        tags,
      },
      { parent: this },
    );
    const policy = this.admitRoute53(logGroup, logging, args);
    new aws.route53.QueryLog(
      resourceName("dns-query-log", environment),
      { zoneId: this.zoneId, cloudwatchLogGroupArn: logGroup.arn },
      // Route 53 refuses a log group that it may not write to.
      { parent: this, dependsOn: [policy] },
    );
  }

  private admitRoute53(
    logGroup: aws.cloudwatch.LogGroup,
    { accountId }: QueryLogging,
    { environment }: HostedZoneArgs,
  ) {
    const policyName = resourceName("dns-query-logs-policy", environment);
    const document = pulumi
      .output({ zoneId: this.zoneId, logGroupArn: logGroup.arn, accountId })
      .apply(queryLogPolicy);
    return new aws.cloudwatch.LogResourcePolicy(
      policyName,
      { region: QUERY_LOG_REGION, policyName, policyDocument: document },
      { parent: this },
    );
  }
}

function createZone(name: string, args: HostedZoneArgs, parent: pulumi.Resource): aws.route53.Zone {
  const { environment, tags, deletionProtection } = args;
  return new aws.route53.Zone(
    resourceName("zone", environment),
    { name, comment: `payments ${environment}`, forceDestroy: false, tags },
    { parent, protect: deletionProtection },
  );
}

/** Lets Route 53 write to the log group, for this zone only. */
function queryLogPolicy(parts: { zoneId: string; logGroupArn: string; accountId: string }) {
  return policyDocument([
    {
      Sid: "Route53QueryLogs",
      Effect: "Allow",
      Principal: { Service: "route53.amazonaws.com" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${parts.logGroupArn}:*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": parts.accountId },
        ArnLike: { "aws:SourceArn": `arn:aws:route53:::hostedzone/${parts.zoneId}` },
      },
    },
  ]);
}
