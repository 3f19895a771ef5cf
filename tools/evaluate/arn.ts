import { createHash } from "node:crypto";

/** AWS's own example account: nothing that is made up here can be mistaken for something real. */
export const ACCOUNT_ID = "111122223333";

/** Regions don't appear in the ARNs of these services. */
const GLOBAL = ["iam", "route53", "cloudfront"];

export function arn(service: string, region: string, resource: string): string {
  const place = GLOBAL.includes(service) ? "" : region;
  return `arn:aws:${service}:${place}:${service === "route53" ? "" : ACCOUNT_ID}:${resource}`;
}

/** Hexadecimal digits that are the same for the same text, so that two evaluations agree. */
export function digits(text: string, count: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, count);
}

export function uuid(text: string): string {
  const hex = digits(text, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}
