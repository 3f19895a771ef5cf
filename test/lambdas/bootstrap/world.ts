import {
  type ClusterAccess,
  DATABASE_USERS,
  type DatabaseUser,
  type PrepareRequest,
  type StartRequest,
  USER_NAMES,
} from "../../../lambdas/bootstrap/contract";
import type { Ports, Row } from "../../../lambdas/bootstrap/ports";
import type { Color } from "../../../lambdas/cutover/contract";

export const FORWARD = "arn:aws:dms:us-east-1:111122223333:task:FORWARD";
export const REVERSE = "arn:aws:dms:us-east-1:111122223333:task:REVERSE";
export const LEGACY = "arn:aws:dms:us-east-1:111122223333:task:LEGACY";

export function access(color: Color): ClusterAccess {
  const secret = (name: string) =>
    `arn:aws:secretsmanager:us-east-1:111122223333:secret:${color}-${name}`;
  const secrets = DATABASE_USERS.map((user) => [user, secret(user)]);
  return {
    clusterArn: `arn:aws:rds:us-east-1:111122223333:cluster:${color}`,
    masterSecretArn: secret("master"),
    userSecretArns: Object.fromEntries(secrets),
  };
}

export function prepareRequest(color: Color = "blue"): PrepareRequest {
  return { verb: "prepare", ...access(color) };
}

/** Blue takes writes first. */
export function startRequest(legacyTaskArn?: string): StartRequest {
  return {
    verb: "start",
    taskArn: FORWARD,
    reverseTaskArn: REVERSE,
    ...(legacyTaskArn !== undefined && { legacyTaskArn }),
    source: access("blue"),
    target: access("green"),
  };
}

/** The text of a secret, as a deployment makes it. */
export function secretText(
  user: DatabaseUser,
  password: string,
  others: { [field: string]: unknown } = {},
): string {
  const username = USER_NAMES[user];
  return JSON.stringify({ engine: "mysql", username, password, ssl: true, port: 3306, ...others });
}

/** A user in a cluster. */
export interface Account {
  password: string;
  locked: boolean;
  grants: string[];
}

export interface Cluster {
  accounts: { [username: string]: Account };
  /** Schemas, tables and settings that were made. */
  objects: string[];
}

/** How an effect goes wrong. */
export type Fault =
  /** The process dies before it. */
  | "dies-before"
  /** The process dies after it. */
  | "dies-after"
  /** It is done, and no answer comes. */
  | "unanswered";

/** Two clusters, their secrets and tasks in memory. Understands the statements of the bootstrap. */
export class FakeWorld {
  readonly clusters: { [arn: string]: Cluster } = {};
  readonly secretTexts: { [arn: string]: string } = {};
  readonly tasks: { [arn: string]: string } = { [FORWARD]: "ready", [REVERSE]: "ready" };
  /** Every effect, in order. */
  readonly log: string[] = [];
  /** What befalls the effect with this number, counted from 0. */
  readonly faults: { [effect: number]: Fault } = {};
  /** Called at each statement; what it throws is the engine's answer. */
  engine: (sql: string) => void = () => {};
  /** Called at each pause. */
  onSleep: () => void = () => {};
  timeLeft = 300_000;
  /** Number of the next effect. */
  effects = 0;
  readonly ports: Ports;

  constructor() {
    for (const color of ["blue", "green"] as const) {
      const { clusterArn, userSecretArns } = access(color);
      this.clusters[clusterArn] = { accounts: {}, objects: [] };
      for (const user of DATABASE_USERS)
        this.secretTexts[userSecretArns[user]] = secretText(user, `${color}-${user}-password`);
    }
    this.ports = {
      sql: { execute: async (cluster, sql) => this.execute(cluster.clusterArn, sql) },
      secrets: { read: async (arn) => this.secretTexts[arn] ?? "" },
      replication: {
        status: async (arn) => this.tasks[arn] ?? this.fail(`no task ${arn}`),
        start: async (arn) => this.startTask(arn),
      },
      clock: {
        timeLeft: () => this.timeLeft,
        sleep: async (milliseconds) => {
          this.timeLeft -= milliseconds;
          this.onSleep();
        },
      },
    };
  }

  cluster(color: Color): Cluster {
    return this.clusterOf(access(color).clusterArn);
  }

  setSecret(color: Color, user: DatabaseUser, text: string): void {
    this.secretTexts[access(color).userSecretArns[user]] = text;
  }

  locked(color: Color): string[] {
    const accounts = Object.entries(this.cluster(color).accounts);
    return accounts.filter(([, { locked }]) => locked).map(([name]) => name);
  }

  /** The log since it was last taken. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  private clusterOf(arn: string): Cluster {
    return this.clusters[arn] ?? this.fail(`no cluster ${arn}`);
  }

  private execute(arn: string, sql: string): Row[] {
    this.engine(sql);
    const cluster = this.clusterOf(arn);
    if (/^SELECT table_name/.test(sql))
      return cluster.objects.includes("cutover.marker") ? [["marker"]] : [];
    if (/^SELECT user/.test(sql)) {
      const asked = [...sql.matchAll(/'(\w+)'/g)].map(([, name = ""]) => name);
      return asked.filter((name) => name in cluster.accounts).map((name) => [name]);
    }
    this.effect(`${arn.split(":").pop()}: ${sql}`, () => change(cluster, sql));
    return [];
  }

  private startTask(arn: string): void {
    if (this.tasks[arn] !== "ready") this.fail(`${arn} is ${this.tasks[arn]}`);
    this.effect(`start ${arn.split(":").pop()}`, () => {
      this.tasks[arn] = "starting";
    });
  }

  private effect(what: string, carryOut: () => void): void {
    const fault = this.faults[this.effects++];
    if (fault === "dies-before") this.fail("died");
    carryOut();
    this.log.push(what);
    if (fault === "dies-after") this.fail("died");
    if (fault === "unanswered") this.fail("no answer came");
  }

  private fail(message: string): never {
    throw new Error(message);
  }
}

function change(cluster: Cluster, sql: string): void {
  const account = (name: string) => {
    const found = cluster.accounts[name];
    if (found === undefined) throw new Error(`there is no user ${name}`);
    return found;
  };
  const [, created, password = "", lock] =
    sql.match(/^CREATE USER IF NOT EXISTS '(\w+)'@'%' IDENTIFIED BY '(.*)' REQUIRE SSL( .*)?$/) ??
    [];
  const [, altered, identified = ""] =
    sql.match(/^ALTER USER '(\w+)'@'%' IDENTIFIED BY '(.*)' REQUIRE SSL$/) ?? [];
  const [, locked] = sql.match(/^ALTER USER '(\w+)'@'%' ACCOUNT LOCK$/) ?? [];
  const [, grant = "", grantee] = sql.match(/^GRANT (.*) TO '(\w+)'@'%'(?: WITH .*)?$/) ?? [];
  const [, object] = sql.match(/^(?:CREATE (?:DATABASE|TABLE) IF NOT EXISTS|CALL) (\S+)/) ?? [];
  if (created !== undefined)
    cluster.accounts[created] ??= { password, locked: lock === " ACCOUNT LOCK", grants: [] };
  else if (altered !== undefined) account(altered).password = identified;
  else if (locked !== undefined) account(locked).locked = true;
  else if (grantee !== undefined) add(account(grantee).grants, grant);
  else if (object !== undefined) add(cluster.objects, object);
  else throw new Error(`the fake does not know ${sql}`);
}

function add(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}
