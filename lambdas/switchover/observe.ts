import type { DatabaseUser } from "../bootstrap/contract";
import { COLORS, type Color, otherColor } from "../cutover/contract";
import { APPLICATION_USERS } from "./decision";
import { attempt, type Database, type Known, known, type SwitchoverPorts, unknown } from "./ports";
import { type Finding, preflight } from "./preflight";
import {
  type ClusterFacts,
  isAtRest,
  type SwitchoverFacts,
  type SwitchoverPhase,
  type SwitchoverState,
} from "./state";

const WRITERS: DatabaseUser[] = [...APPLICATION_USERS, "replicationTarget"];
const NOT_ASKED = "it was not asked";

/**
 * Reads all that `decideSwitchover` needs, at once; what fails to be read is unknown, with the reason.
 * @param administrators names of database users who may write to a fenced cluster
 */
export async function observe(
  ports: SwitchoverPorts,
  { phase }: SwitchoverState,
  request: SwitchoverFacts["request"],
  administrators: string[],
): Promise<SwitchoverFacts> {
  const now = ports.clock.now();
  const { databases, replication } = ports;
  const isStart = isAtRest(phase) && request?.verb === "start";
  const [blue, green, ofBlue, ofGreen, writer, written, findings] = await Promise.all([
    readCluster(databases.blue, "blue", phase),
    readCluster(databases.green, "green", phase),
    attempt(() => replication.readStatus("blue")),
    attempt(() => replication.readStatus("green")),
    attempt(() => ports.writer.read()),
    readWritten(ports, phase),
    isStart ? readFindings(ports, administrators) : unknown<Finding[]>(NOT_ASKED),
  ]);
  return {
    ...{ now, clusters: { blue, green }, replication: { blue: ofBlue, green: ofGreen } },
    ...{ writer, written, findings },
    ...(request && { request }),
  };
}

/** All that stands against a switchover in the databases themselves. */
export async function readFindings(
  { databases }: SwitchoverPorts,
  administrators: string[],
): Promise<Known<Finding[]>> {
  const [blue, green] = await Promise.all(COLORS.map((color) => databases[color].readAnswers()));
  return blue && green
    ? known(preflight({ blue, green }, administrators))
    : unknown("the clusters gave no answers");
}

async function readCluster(
  database: Database,
  color: Color,
  phase: SwitchoverPhase,
): Promise<ClusterFacts> {
  const markerId = "attempt" in phase ? phase.attempt.markerId : undefined;
  // Nobody writes heartbeats while payments wait.
  const beats = isAtRest(phase) || phase.name === "reversing";
  const [accounts, ...counts] = await Promise.all([
    readAccounts(database),
    attempt(() => database.readFence()),
    attempt(() => database.countSessions(APPLICATION_USERS)),
    attempt(() => database.countSessions(["replicationTarget"])),
    attempt(() => database.countTransactions(WRITERS)),
    attempt(() => database.countPreparedXa()),
    attempt(() => database.readPosition()),
    markerId === undefined
      ? unknown<boolean>(NOT_ASKED)
      : attempt(() => database.hasMarker(markerId)),
    beats
      ? attempt(() => database.heartbeatAge(otherColor(color)))
      : unknown<number>("no heartbeat is written while payments wait"),
    attempt(() => database.readTroubles()),
  ]);
  const [fence, sessions, replicationSessions, transactions, preparedXa] = counts;
  const [, , , , , position, hasMarker, heartbeatAge, troubles] = counts;
  return {
    ...{ fence, accounts, sessions, replicationSessions, transactions, preparedXa },
    ...{ position, hasMarker, heartbeatAge, troubles },
  };
}

async function readAccounts(database: Database): Promise<ClusterFacts["accounts"]> {
  const [application, migration, replicationTarget] = await Promise.all([
    attempt(() => database.readAccounts(["application"])),
    attempt(() => database.readAccounts(["migration"])),
    attempt(() => database.readAccounts(["replicationTarget"])),
  ]);
  return { application, migration, replicationTarget };
}

function readWritten(
  { databases }: SwitchoverPorts,
  phase: SwitchoverPhase,
): Promise<SwitchoverFacts["written"]> {
  if (!("attempt" in phase) || phase.attempt.drainsFrom === undefined)
    return Promise.resolve(unknown(NOT_ASKED));
  const { from, drainsFrom } = phase.attempt;
  return attempt(() => databases[from].readWritten(drainsFrom));
}
