import { known } from "../../../lambdas/common/ports";
import { type Color, otherColor } from "../../../lambdas/cutover/contract";
import type { Accounts } from "../../../lambdas/switchover/ports";
import type {
  Act,
  Attempt,
  ClusterFacts,
  SwitchoverFacts,
  SwitchoverPhase,
  SwitchoverState,
} from "../../../lambdas/switchover/state";

export const NOW = 1_000_000;
export const POSITION = { file: "bin.000001", offset: 100 };

export const OPEN = known<Accounts>({ locked: [], open: ["app@%"] });
export const LOCKED = known<Accounts>({ locked: ["app@%"], open: [] });

export function state(phase: SwitchoverPhase, opensUntil = 0): SwitchoverState {
  return { epoch: 1, opensUntil, phase };
}

/** An attempt of blue's that began 5 s ago, and all that one comes to know. */
export function attempt(others: Partial<Attempt> = {}): Attempt {
  return {
    markerId: "the marker",
    from: "blue",
    restsIn: "prepared",
    requestedBy: "alice",
    startedAt: NOW - 5_000,
    serverId: "blue-1",
    drainsFrom: POSITION,
    markedAt: NOW - 3_000,
    ...others,
  };
}

/** A writer with a cluster that follows it. */
export function atRest(writer: Color = "blue"): SwitchoverFacts {
  const other = otherColor(writer);
  const clusters = {
    [writer]: cluster(`${writer}-1`, { replicationTarget: LOCKED }),
    [other]: cluster(`${other}-1`, { application: LOCKED }),
  } as SwitchoverFacts["clusters"];
  return {
    now: NOW,
    clusters,
    written: known({ position: POSITION, strays: [] }),
    replication: {
      [writer]: known("running"),
      [other]: known("stopped"),
    } as SwitchoverFacts["replication"],
    writer: known(writer),
    findings: known([]),
  };
}

/** Everything done that is to be done before blue's payments go to green. */
export function sealed(): SwitchoverFacts {
  const seen = atRest("blue");
  const all = () => ({ application: LOCKED, migration: LOCKED, replicationTarget: LOCKED });
  const { blue, green } = seen.clusters;
  return {
    ...seen,
    clusters: {
      blue: {
        ...blue,
        accounts: all(),
        fence: known({ readOnly: true, serverId: "blue-1" }),
        hasMarker: known(true),
      },
      green: { ...green, accounts: all(), hasMarker: known(true) },
    },
  };
}

function cluster(serverId: string, accounts: Partial<ClusterFacts["accounts"]>): ClusterFacts {
  return {
    fence: known({ readOnly: false, serverId }),
    accounts: { application: OPEN, migration: OPEN, replicationTarget: OPEN, ...accounts },
    sessions: known(0),
    replicationSessions: known(0),
    transactions: known(0),
    preparedXa: known(0),
    position: known(POSITION),
    hasMarker: known(false),
    heartbeatAge: known(500),
    troubles: known({ exceptions: 0, suspendedTables: 0 }),
  };
}

/** Acts in short words, without messages to people. */
export function inWords(acts: Act[]): string[] {
  return acts.flatMap((act) => {
    switch (act.kind) {
      case "notify":
        return [];
      case "set-read-only":
        return [`${act.readOnly ? "fence" : "unfence"} ${act.cluster}`];
      case "set-locked":
        return [`${act.locked ? "lock" : "unlock"} ${act.cluster} ${act.users.join("+")}`];
      case "end-sessions":
        return [`kill ${act.cluster} ${act.users.join("+")}`];
      case "write-marker":
        return [`mark ${act.marker.from}`];
      case "set-writer":
        return [`point ${act.cluster}`];
      case "start-replication":
        return [`start ${act.from} ${act.position.file}:${act.position.offset}`];
      default:
        return [`stop ${act.from}`];
    }
  });
}
