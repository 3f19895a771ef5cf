import { CLONE_SUFFIX, DATABASE_USERS, type DatabaseUser, USER_NAMES } from "./contract";

export interface Credentials {
  /** The user's name, or its twin's after a rotation. */
  username: string;
  password: string;
}

export type AllCredentials = { [user in DatabaseUser]: Credentials };

/** A secret's text, read as JSON; undefined when it is none. */
type Secret = { [field: string]: unknown } | undefined;

/**
 * Reads the secrets' texts. Throws one error that names every mistake and no password: a cluster with
 * some of its users is worse than one with none.
 */
export function readCredentials(texts: { [user in DatabaseUser]: string }): AllCredentials {
  const secrets = DATABASE_USERS.map((user) => ({ user, secret: parse(texts[user]) }));
  const mistakes = secrets.flatMap(({ user, secret }) =>
    mistakesIn(user, secret).map((mistake) => `secret of ${user}: ${mistake}`),
  );
  if (mistakes.length > 0) throw new Error(mistakes.join("; "));
  const entries = secrets.map(({ user, secret }) => {
    const { username, password } = secret as { username: string; password: string };
    return [user, { username, password }];
  });
  return Object.fromEntries(entries);
}

function mistakesIn(user: DatabaseUser, secret: Secret): string[] {
  if (secret === undefined) return ["it must be a JSON object"];
  const { username, password, ssl } = secret;
  const names = namesOf(user);
  const mistakes: string[] = [];
  if (!names.some((name) => name === username))
    mistakes.push(`username must be ${names.join(" or ")}, got ${inWords(username)}`);
  if (typeof password !== "string" || password === "")
    mistakes.push("password must be a text that is not empty");
  // Without it AWS's rotation functions fall back to connections that anybody can listen to.
  if (ssl !== true && ssl !== "true") mistakes.push(`ssl must be true, got ${inWords(ssl)}`);
  return mistakes;
}

function parse(text: string): Secret {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // The parser's message would quote the text.
    return undefined;
  }
}

/** A value for a message; of one that has parts only the type, since any part may be the password. */
function inWords(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object" : String(JSON.stringify(value));
}

/** A user's name and its twin's; the administrator has none. */
export function namesOf(user: DatabaseUser): string[] {
  const name = USER_NAMES[user];
  return user === "administrator" ? [name] : [name, name + CLONE_SUFFIX];
}
