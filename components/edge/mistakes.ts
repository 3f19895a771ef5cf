import { isIpv4Network } from "./networks";

const NETWORK = "an IPv4 network by its first address, such as 203.0.113.0/24, and not /0";

/** A rule takes five values over all its conditions, and the host name is one of them. */
const TEST_CIDRS_MAX = 4;

/** What AWS WAF takes as the limit of a rate-based rule. */
const RATE_LIMIT = { min: 10, max: 2_000_000_000 };

/** What an IP set holds at most. */
const PARTNER_CIDRS_MAX = 10_000;

export interface BalancerRequest {
  listener: { protocol: "HTTPS" | "HTTP" };
  /** Whether there is one; its ARN may not be known yet. */
  hasCertificate: boolean;
  domainName: string | undefined;
  testCidrs: readonly string[] | undefined;
}

/** Why these arguments make no load balancer; empty when they do. */
export function balancerMistakes(request: BalancerRequest): string[] {
  const { listener, hasCertificate } = request;
  const mistakes: string[] = [];
  if (listener.protocol === "HTTPS" && !hasCertificate)
    mistakes.push(
      "certificateArn: got nothing beside a listener for HTTPS. Give the ARN of an ACM certificate.",
    );
  if (listener.protocol === "HTTP" && hasCertificate)
    mistakes.push(
      "certificateArn: got one beside a listener for HTTP, which has no use for it. Listen for HTTPS, or leave it out.",
    );
  return [...mistakes, ...testMistakes(request)];
}

function testMistakes({ domainName, testCidrs = [] }: BalancerRequest): string[] {
  if (domainName === undefined)
    return testCidrs.length === 0
      ? []
      : [
          "testCidrs: got a list without domainName. There are no names that it could restrict: give the domain too, or leave the list out.",
        ];
  if (testCidrs.length === 0)
    return [
      `testCidrs: got nothing beside domainName ${domainName}. List the networks that may reach a color before its traffic, 1 to ${TEST_CIDRS_MAX}.`,
    ];
  const tooMany =
    testCidrs.length > TEST_CIDRS_MAX
      ? [
          `testCidrs: got ${testCidrs.length} networks, allowed: 1 to ${TEST_CIDRS_MAX}. Join neighbors to a larger network.`,
        ]
      : [];
  return [...tooMany, ...networkMistakes("testCidrs", testCidrs)];
}

export interface WebAclRequest {
  requestsPerFiveMinutesPerIp: number;
  partnerCidrs: readonly string[];
}

/** Why these arguments make no web ACL; empty when they do. */
export function webAclMistakes(request: WebAclRequest): string[] {
  const { requestsPerFiveMinutesPerIp: limit, partnerCidrs } = request;
  const mistakes: string[] = [];
  if (!Number.isInteger(limit) || limit < RATE_LIMIT.min || limit > RATE_LIMIT.max)
    mistakes.push(
      `requestsPerFiveMinutesPerIp: got ${limit}, allowed: a whole number from ${RATE_LIMIT.min} to ${RATE_LIMIT.max}.`,
    );
  if (partnerCidrs.length > PARTNER_CIDRS_MAX)
    mistakes.push(
      `partnerCidrs: got ${partnerCidrs.length} networks, allowed: at most ${PARTNER_CIDRS_MAX}. Join neighbors to a larger network.`,
    );
  return [...mistakes, ...networkMistakes("partnerCidrs", partnerCidrs)];
}

function networkMistakes(argument: string, cidrs: readonly string[]): string[] {
  return cidrs
    .filter((cidr) => !isIpv4Network(cidr))
    .map((cidr) => `${argument}: got ${cidr || "nothing"}, allowed: ${NETWORK}.`);
}
