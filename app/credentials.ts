export interface Credentials {
  username: string;
  password: string;
  port: number;
}

/** Milliseconds between two looks at a secret whose password was refused. */
const REREAD_AFTER = 1_000;

interface Known {
  credentials: Promise<Credentials>;
  readAt: number;
}

/** Credentials by their secret, read when they are first needed. */
export class CredentialStore {
  private readonly known = new Map<string, Known>();

  constructor(private readonly readSecret: (arn: string) => Promise<string>) {}

  /** Rejects when the secret cannot be read or is none. */
  read(arn: string): Promise<Credentials> {
    return this.known.get(arn)?.credentials ?? this.readAnew(arn);
  }

  /** After a server refused a password, which was perhaps rotated; asks no more often than needed. */
  reread(arn: string): Promise<Credentials> {
    const known = this.known.get(arn);
    if (known && performance.now() - known.readAt < REREAD_AFTER) return known.credentials;
    return this.readAnew(arn);
  }

  private readAnew(arn: string): Promise<Credentials> {
    const credentials = this.readSecret(arn).then(parseCredentials);
    const known = { credentials, readAt: performance.now() };
    this.known.set(arn, known);
    // A failure is not remembered.
    credentials.catch(() => this.known.get(arn) === known && this.known.delete(arn));
    return credentials;
  }
}

/** Throws without quoting the text, any part of which may be the password. */
export function parseCredentials(text: string): Credentials {
  const { username, password, port = 3306 } = parse(text);
  if (typeof username !== "string" || typeof password !== "string")
    throw new Error("the secret has no username and password");
  if (!Number.isInteger(Number(port))) throw new Error("the secret's port is no number");
  return { username, password, port: Number(port) };
}

function parse(text: string): { [field: string]: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Error("the secret is no JSON");
  }
}
