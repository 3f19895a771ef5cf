import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { bits, explicit, integer, oid, sequence, set, time, utf8 } from "./der";

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const COMMON_NAME = oid("2.5.4.3");
const DAY = 86_400_000;

/**
 * A certificate that vouches for itself, made anew at every start and kept in memory only. The load
 * balancer encrypts with it and does not verify it: the network lets nobody else answer there, and
 * a key that is in no image and on no disk needs no rotation.
 */
export function selfSignedCertificate(now: Date): { certificatePem: string; keyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(set(sequence(COMMON_NAME, utf8("payments"))));
  const certified = sequence(
    explicit(0, integer(Buffer.from([2]))), // X.509, version 3
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    name,
    // A clock that is a little behind finds it valid too; no task lives for a year.
    sequence(time(new Date(now.getTime() - DAY)), time(new Date(now.getTime() + 365 * DAY))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", certified, privateKey);
  return {
    certificatePem: pem(sequence(certified, ECDSA_WITH_SHA256, bits(signature))),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Sixteen bytes, of which the first is neither zero nor negative. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
