import {
  type BootstrapAnswer,
  type ClusterAccess,
  DATABASE_USERS,
  type DatabaseUser,
  type PrepareRequest,
} from "./contract";
import { type AllCredentials, namesOf, readCredentials } from "./credentials";
import type { Ports } from "./ports";
import { runStatement } from "./run";
import {
  existingUsers,
  grantStatements,
  markerStatement,
  schemaStatements,
  userStatements,
  WAS_PREPARED,
} from "./statements";

/** Users that write: in a cluster that may not be the one which takes writes, they are made locked. */
const WRITERS: DatabaseUser[] = ["application", "replicationTarget"];

/** Brings one cluster to where it should be, from wherever it is. */
export async function prepare(ports: Ports, request: PrepareRequest): Promise<BootstrapAnswer> {
  const credentials = await credentialsOf(ports, request);
  const firstTime = (await ports.sql.execute(request, WAS_PREPARED)).length === 0;
  const names = DATABASE_USERS.flatMap(namesOf);
  const existing = (await ports.sql.execute(request, existingUsers(names))).map(([name]) => name);
  const present = [
    ...existing.filter((name) => name !== undefined),
    ...DATABASE_USERS.map((user) => credentials[user].username),
  ];
  const statements = [
    ...schemaStatements(),
    ...DATABASE_USERS.flatMap((user) =>
      userStatements(credentials[user], WRITERS.includes(user) && !firstTime),
    ),
    ...DATABASE_USERS.flatMap((user) => grantStatements(user, present)),
    markerStatement(),
  ];
  for (const statement of statements) await runStatement(ports, request, statement);
  return { verb: "prepare", statements: statements.length, firstTime };
}

async function credentialsOf(ports: Ports, cluster: ClusterAccess): Promise<AllCredentials> {
  const texts: { [user: string]: string } = {};
  for (const user of DATABASE_USERS)
    texts[user] = await ports.secrets.read(cluster.userSecretArns[user]);
  return readCredentials(texts as { [user in DatabaseUser]: string });
}
