/** The longest name that ACM takes as the first of a certificate. */
const CERTIFICATE_NAME_MAX = 64;

/** What Route 53 takes as a weight. */
const WEIGHT_MAX = 255;

/** Leaves room for a color, and for the label of a certificate's proof, in the 253 that DNS has. */
const DOMAIN_MAX = 200;

export interface DnsRequest {
  domainName: string;
  initialWeight: number;
  legacy:
    | { addresses: readonly string[]; initialWeight: number; healthCheckPath?: string }
    | undefined;
}

/** Why these arguments make no records; empty when they do. */
export function dnsMistakes({ domainName, initialWeight, legacy }: DnsRequest): string[] {
  const weights = [...weightMistakes("initialWeight", initialWeight)];
  if (legacy !== undefined)
    weights.push(...weightMistakes("legacy.initialWeight", legacy.initialWeight));
  // Whatever is wrong with a weight has been said.
  if (weights.length === 0 && initialWeight === 0 && !legacy?.initialWeight)
    weights.push(
      "initialWeight: got 0, and no other record has a weight. Route 53 answers with records of which all have weight 0 as if they had the same: give one of them some.",
    );
  return [...domainMistakes("domainName", domainName), ...weights, ...legacyMistakes(legacy)];
}

function weightMistakes(argument: string, weight: number): string[] {
  if (Number.isInteger(weight) && weight >= 0 && weight <= WEIGHT_MAX) return [];
  return [`${argument}: got ${weight}, allowed: a whole number from 0 to ${WEIGHT_MAX}.`];
}

function legacyMistakes(legacy: DnsRequest["legacy"]): string[] {
  if (legacy === undefined) return [];
  const { addresses, healthCheckPath } = legacy;
  const mistakes = addresses
    .filter((address) => !isIpv4Address(address))
    .map(
      (address) =>
        `legacy.addresses: got ${address}, allowed: an IPv4 address such as 198.51.100.7.`,
    );
  if (addresses.length === 0)
    mistakes.push(
      "legacy.addresses: got none, allowed: one or more. Leave legacy out if there is no on-premises endpoint.",
    );
  if (healthCheckPath !== undefined && !/^\/\S*$/.test(healthCheckPath))
    mistakes.push(
      `legacy.healthCheckPath: got ${healthCheckPath}, allowed: a path such as /healthz/ready.`,
    );
  return mistakes;
}

/** Why there is no certificate for this domain; empty when there is one. */
export function certificateMistakes(domainName: string): string[] {
  const mistakes = domainMistakes("domainName", domainName);
  if (domainName.length > CERTIFICATE_NAME_MAX)
    mistakes.push(
      `domainName: got ${domainName.length} characters, allowed: at most ${CERTIFICATE_NAME_MAX}. ACM takes no longer name as the first of a certificate.`,
    );
  return mistakes;
}

/** Why a domain is none; empty when it is one. */
export function domainMistakes(argument: string, domain: string): string[] {
  const labels = domain.split(".");
  const fits = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  if (fits && labels.length >= 2 && domain.length <= DOMAIN_MAX) return [];
  return [
    `${argument}: got ${domain || "nothing"}, allowed: a name in lower case with a dot in it and none at its end, of at most ${DOMAIN_MAX} characters, such as pay.example.com.`,
  ];
}

function isIpv4Address(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
