import { CLONE_SUFFIX, DATABASE_USERS, type DatabaseUser, USER_NAMES } from "./contract";

export interface Credentials {
  /** The user's name, or its twin's after a rotation. */
  username: string;
  password: string;
}

export type AllCredentials = { [user in DatabaseUser]: Credentials };

/**
 * Reads the secrets' texts. Throws one error that names every mistake and no password: a user with
 * half a set of credentials is worse than none.
 */
export function readCredentials(texts: { [user in DatabaseUser]: string }): AllCredentials {
  const mistakes: string[] = [];
  const entries = DATABASE_USERS.map((user) => {
    const { credentials, problem } = readOne(user, texts[user]);
    if (problem !== undefined) mistakes.push(`secret of ${user}: ${problem}`);
    return [user, credentials];
  });
  if (mistakes.length > 0) throw new Error(mistakes.join("; "));
  return Object.fromEntries(entries);
}

function readOne(
  user: DatabaseUser,
  text: string,
): { credentials?: Credentials; problem?: string } {
  const secret = parse(text);
  if (secret === undefined) return { problem: "is not a JSON object" };
  const { username, password, ssl } = secret;
  const names = namesOf(user);
  if (!names.some((name) => name === username))
    return { problem: `username must be ${names.join(" or ")}, got ${JSON.stringify(username)}` };
  if (typeof password !== "string" || password === "") return { problem: "has no password" };
  // Without it AWS's rotation functions fall back to connections that anybody can listen to.
  if (ssl !== true && ssl !== "true") return { problem: `ssl must be true, got ${ssl}` };
  return { credentials: { username: String(username), password } };
}

function parse(text: string): { [key: string]: unknown } | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // The engine's message would quote the text.
    return undefined;
  }
}

/** A user's name and its twin's; the administrator has none. */
export function namesOf(user: DatabaseUser): string[] {
  const name = USER_NAMES[user];
  return user === "administrator" ? [name] : [name, name + CLONE_SUFFIX];
}
