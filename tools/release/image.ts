/** A container image by its parts. */
export interface Image {
  /** Registry and name, such as `111122223333.dkr.ecr.us-east-1.amazonaws.com/payments`. */
  repository: string;
  /** `sha256:` and 64 hexadecimal digits. @default it is named by a tag alone */
  digest?: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Undefined for what is no image, such as an empty text. */
export function parseImage(text: string): Image | undefined {
  const [named = "", digest, ...rest] = text.trim().split("@");
  const repository = withoutTag(named);
  if (repository === "" || /\s/.test(text.trim()) || rest.length > 0) return undefined;
  if (digest === undefined) return { repository };
  return DIGEST.test(digest) ? { repository, digest } : undefined;
}

/** A tag stands behind the last colon, unless that belongs to the port of a registry. */
function withoutTag(named: string): string {
  const colon = named.lastIndexOf(":");
  return colon > named.lastIndexOf("/") ? named.slice(0, colon) : named;
}

/** Such as `sha256:0123456789ab`. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
