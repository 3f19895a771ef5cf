import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { Certificate } from "../components/dns/certificate";
import { Dns } from "../components/dns/dns";
import { HostedZone } from "../components/dns/zone";
import { AlbLogs } from "../components/edge/albLogs";
import { LoadBalancer } from "../components/edge/loadBalancer";
import { WebAcl } from "../components/edge/webAcl";
import type { Foundation } from "./layers";
import type { Settings } from "./settings";

/** What the parts of the service layer are made from. */
export interface ServiceSurroundings {
  settings: Settings;
  foundation: Foundation;
  accountId: pulumi.Input<string>;
  parent: pulumi.Resource;
}

export interface Edge {
  balancer: LoadBalancer;
  /** Names by which clients come; undefined where somebody else makes them. */
  dns: Dns | undefined;
}

/** Where clients come in: names, certificate, firewall, load balancer and what it writes down. */
export function createEdge(around: ServiceSurroundings): Edge {
  const zoneId = createZone(around);
  const balancer = createLoadBalancer(createCertificate(zoneId, around), around);
  createLogs(balancer, around);
  createFirewall(balancer, around);
  const dns = zoneId === undefined ? undefined : createDns(zoneId, balancer, around);
  return { balancer, dns };
}

/** The zone exists already: whoever owns the domain made it, and keeps its query log. */
function createZone({ settings, parent }: ServiceSurroundings): pulumi.Output<string> | undefined {
  const { environment, tags, edge, deletionProtection } = settings;
  if (edge.hostedZoneId === undefined) return undefined;
  const zone = { id: edge.hostedZoneId };
  return new HostedZone(
    resourceName("hosted-zone", environment),
    { environment, tags, zone, deletionProtection },
    { parent },
  ).zoneId;
}

function createCertificate(
  zoneId: pulumi.Output<string> | undefined,
  { settings, parent }: ServiceSurroundings,
): pulumi.Input<string> | undefined {
  const { environment, tags, edge } = settings;
  const { certificateArn, domainName } = edge;
  if (certificateArn !== undefined) return certificateArn;
  if (zoneId === undefined || domainName === undefined) return undefined;
  return new Certificate(
    resourceName("domain-certificate", environment),
    { environment, tags, domainName, zoneId },
    { parent },
  ).arn;
}

function createLoadBalancer(
  certificateArn: pulumi.Input<string> | undefined,
  { settings, foundation, parent }: ServiceSurroundings,
): LoadBalancer {
  const { environment, tags, service, listener, live, deletionProtection, edge } = settings;
  const { domainName, testCidrs } = edge;
  return new LoadBalancer(
    resourceName("load-balancer", environment),
    {
      environment,
      tags,
      vpcId: foundation.vpcId,
      subnetIds: foundation.publicSubnetIds,
      securityGroupId: foundation.securityGroupIds.loadBalancer,
      listener,
      certificateArn,
      ...(domainName !== undefined && { domainName, testCidrs }),
      applicationPort: service.port,
      healthCheckPath: service.healthCheckPath,
      live,
      deletionProtection,
    },
    { parent },
  );
}

function createLogs(balancer: LoadBalancer, around: ServiceSurroundings): void {
  const { settings, foundation, accountId, parent } = around;
  const { environment, tags, region, logRetentionDays } = settings;
  new AlbLogs(
    resourceName("load-balancer-logs", environment),
    {
      environment,
      tags,
      loadBalancerArn: balancer.arn,
      accountId,
      region,
      logsKeyArn: foundation.keyArns.logs,
      logRetentionDays,
    },
    { parent },
  );
}

function createFirewall(balancer: LoadBalancer, around: ServiceSurroundings): void {
  const { settings, foundation, accountId, parent } = around;
  const { environment, tags, edge, region, logRetentionDays } = settings;
  new WebAcl(
    resourceName("firewall", environment),
    {
      environment,
      tags,
      loadBalancerArn: balancer.arn,
      mode: edge.webFirewall,
      requestsPerFiveMinutesPerIp: edge.requestsPerFiveMinutesPerIp,
      partnerCidrs: edge.partnerCidrs,
      accountId,
      region,
      logsKeyArn: foundation.keyArns.logs,
      logRetentionDays,
    },
    { parent },
  );
}

/** Weight of the one of two records that clients are sent to at first; the other has none. */
const EVERYBODY = 255;

function createDns(
  zoneId: pulumi.Input<string>,
  balancer: LoadBalancer,
  { settings, parent }: ServiceSurroundings,
): Dns | undefined {
  const { environment, tags, edge } = settings;
  const { domainName, legacyAddresses: addresses } = edge;
  if (domainName === undefined) return undefined;
  const migrating = addresses.length > 0;
  return new Dns(
    resourceName("dns", environment),
    {
      environment,
      tags,
      zoneId,
      domainName,
      loadBalancer: { dnsName: balancer.dnsName, zoneId: balancer.zoneId },
      initialWeight: migrating ? 0 : EVERYBODY,
      ...(migrating && { legacy: { addresses, initialWeight: EVERYBODY } }),
    },
    { parent },
  );
}
