import type { DatabaseUser } from "../../lambdas/bootstrap/contract";
import type { Color } from "../../lambdas/cutover/contract";
import {
  type Accounts,
  type Database,
  type Known,
  known,
  type Outcome,
  type Replication as ReplicationPort,
  type SwitchoverStore,
  unknown,
} from "../../lambdas/switchover/ports";
import { type Answers, CHECK_NAMES } from "../../lambdas/switchover/preflight";
import {
  isAtRest,
  type StoredSwitchover,
  type SwitchoverRecord,
} from "../../lambdas/switchover/state";
import { createScheduler, type Scheduler } from "../campaign/scheduler";
import type { Random } from "../random";
import {
  append,
  type Cluster,
  createCluster,
  endSessions,
  positionOf,
  setLocked,
  straysSince,
} from "./clusters";
import { createLedger, type Ledger } from "./ledger";
import { createPayments, type Payments } from "./payments";
import { createReplication, type Replication } from "./replication";

/** Everything around the switchover function: two clusters, what replicates, who pays, and who watches. */
export interface SwitchoverWorld {
  scheduler: Scheduler;
  clusters: { [color in Color]: Cluster };
  ledger: Ledger;
  replication: Replication;
  payments: Payments;
  stored: StoredSwitchover | undefined;
  records: SwitchoverRecord[];
  /** Called when a state has been stored. */
  onStored: () => void;
}

export function createSwitchoverWorld(
  startsAt: number,
  random: Random,
  paymentsPerSecond: number,
): SwitchoverWorld {
  const scheduler = createScheduler(startsAt);
  const clusters = {
    blue: createCluster("blue", ["replicationTarget"]),
    green: createCluster("green", ["application"]),
  };
  const ledger = createLedger(clusters);
  const replication = createReplication(clusters, ledger, scheduler, random);
  const payments = createPayments(clusters, ledger, scheduler, random, paymentsPerSecond);
  return {
    scheduler,
    clusters,
    ledger,
    replication,
    payments,
    stored: undefined,
    records: [],
    onStored: () => undefined,
  };
}

/** What the function's ports lead to, without faults and without taking time. */
export interface PlainPorts {
  databases: { [color in Color]: Database };
  replication: ReplicationPort;
  writer: { read(): Promise<Known<Color>>; write(color: Color): Promise<Outcome> };
  store: SwitchoverStore;
}

export function plainPorts(world: SwitchoverWorld): PlainPorts {
  const { replication, payments } = world;
  return {
    databases: { blue: databaseOf(world, "blue"), green: databaseOf(world, "green") },
    replication: {
      readStatus: async (from) => known(replication.tasks[from].status),
      stop: async (from) => replication.stop(from),
      start: async (from, position, since) => replication.start(from, position, since),
    },
    writer: {
      read: async () => known(payments.writer),
      write: async (color) => {
        payments.writer = color;
        return "done";
      },
    },
    store: storeOf(world),
  };
}

function storeOf(world: SwitchoverWorld): SwitchoverStore {
  return {
    load: async () => world.stored && structuredClone(world.stored),
    save: async (next, expectedVersion, record) => {
      if ((world.stored?.version ?? 0) !== expectedVersion) return "conflict";
      world.stored = structuredClone(next);
      if (record !== undefined) world.records.push(record);
      world.onStored();
      return "saved";
    },
  };
}

function databaseOf(world: SwitchoverWorld, color: Color): Database {
  const cluster = world.clusters[color];
  const now = world.scheduler.now;
  const does = async (change: () => void): Promise<Outcome> => {
    change();
    world.ledger.look();
    return "done";
  };
  return {
    setReadOnly: (readOnly) =>
      does(() => {
        cluster.readOnly = readOnly;
      }),
    setLocked: (users, locked) => does(() => setLocked(cluster, users, locked)),
    endSessions: (users) => does(() => endSessions(cluster, users)),
    writeMarker: ({ id, kind }) =>
      does(() => {
        if (!cluster.markers[id])
          append(cluster, { kind: "marker", key: id, payment: kind, at: now() });
        cluster.markers[id] = true;
      }),
    readFence: async () =>
      known({ readOnly: cluster.readOnly, serverId: `${color}-${cluster.serverId}` }),
    readAccounts: async (users) => known(accountsOf(cluster, users)),
    countSessions: async (users) =>
      known(
        (users.includes("application") ? cluster.sessions.length : 0) +
          (users.includes("replicationTarget") && cluster.replicationSession ? 1 : 0),
      ),
    countTransactions: async () => known(cluster.transactions.length),
    countPreparedXa: async () => known(0),
    hasMarker: async (id) => known(cluster.markers[id] === true),
    heartbeatAge: async () =>
      cluster.beatWrittenAt === undefined
        ? unknown("no heartbeat has come")
        : known(now() - cluster.beatWrittenAt),
    readPosition: async () => known(positionOf(cluster)),
    readWritten: async (since) =>
      known({ position: positionOf(cluster), strays: straysSince(cluster, since) }),
    readTroubles: async () => known({ exceptions: cluster.exceptions, suspendedTables: 0 }),
    readAnswers: async () => cleanAnswers(),
  };
}

function accountsOf({ locked }: Cluster, users: DatabaseUser[]): Accounts {
  const named = (isLocked: boolean) => users.filter((user) => (locked[user] ?? false) === isLocked);
  return { locked: named(true), open: named(false) };
}

/** What is wrong with a schema is no matter of time: the pre-flight is always clean here. */
function cleanAnswers(): Answers {
  const of: { [check: string]: Known<string[][]> } = {};
  for (const check of CHECK_NAMES) of[check] = known([]);
  return {
    ...(of as Answers),
    sight: known([["GRANT TRIGGER, EVENT ON `payments`.* TO `payments_admin`@`%`"]]),
    settings: known([["ROW", "FULL", "OFF"]]),
    retention: known([["binlog retention hours", "168"]]),
    columns: known([["payments.payment", "column id", "char(36)"]]),
    indexes: known([["payments.payment", "index PRIMARY 1", "id unique"]]),
  };
}

/** The cluster that the function takes for the writer, and whether nothing moves. */
export function standing({ stored }: SwitchoverWorld): { rests: boolean; writer?: Color } {
  if (stored === undefined) return { rests: true };
  const { phase } = stored;
  return isAtRest(phase) ? { rests: true, writer: phase.writer } : { rests: false };
}
