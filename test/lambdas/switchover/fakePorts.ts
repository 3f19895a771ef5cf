import type { DatabaseUser } from "../../../lambdas/bootstrap/contract";
import { type Color, otherColor } from "../../../lambdas/cutover/contract";
import { initialState } from "../../../lambdas/switchover/pass";
import {
  type Accounts,
  type Database,
  known,
  type Outcome,
  type SwitchoverPorts,
  type SwitchoverStore,
  unknown,
} from "../../../lambdas/switchover/ports";
import type { Answers } from "../../../lambdas/switchover/preflight";
import type { StoredSwitchover, SwitchoverRecord } from "../../../lambdas/switchover/state";
import { clean } from "./answers";
import { NOW, POSITION } from "./facts";

interface Cluster {
  readOnly: boolean;
  locked: DatabaseUser[];
  markers: string[];
  /** When the last heartbeat of the other cluster came. */
  beatAt?: number;
  task: string;
}

/**
 * Two clusters that do at once what they are told, and replication that carries at once. What happens
 * to them is written down, in order, such as `fence blue`. Each call takes a millisecond.
 */
export class FakeClusters {
  now = NOW;
  readonly clusters: { [color in Color]: Cluster } = {
    blue: { readOnly: false, locked: ["replicationTarget"], markers: [], task: "running" },
    green: { readOnly: false, locked: ["application"], markers: [], task: "ready" },
  };
  writer: Color = "blue";
  stored: StoredSwitchover | undefined;
  readonly records: SwitchoverRecord[] = [];
  readonly messages: string[] = [];
  readonly log: string[] = [];
  /** Whether replication carries anything. */
  carries = true;
  answers: Answers = clean();
  /** What goes wrong with an act, by its words, such as `fence blue`; `dies` ends the process. */
  faults: { [act: string]: "fails" | "unknown" | "dies" } = {};
  /** What the store answers next, instead of what it does. */
  storeOutcomes: ("conflict" | "unknown")[] = [];
  wakesWatch = true;
  /** Whether the process has ended: it comes to no further pass. */
  isDead = false;
  /** What happens as time passes. */
  onSleep: () => void = () => undefined;
  private ids = 0;

  readonly ports: SwitchoverPorts = {
    databases: { blue: this.database("blue"), green: this.database("green") },
    replication: {
      readStatus: async (from) => known(this.clusters[from].task),
      stop: (from) =>
        this.act(`stop ${from}`, () => {
          this.clusters[from].task = "stopped";
        }),
      start: (from, { file, offset }) =>
        this.act(`start ${from} ${file}:${offset}`, () => {
          this.clusters[from].task = "running";
        }),
    },
    writer: {
      read: async () => known(this.writer),
      write: (color) =>
        this.act(`point ${color}`, () => {
          this.writer = color;
        }),
    },
    store: this.store(),
    wakeWatch: async () => {
      this.log.push("wake watch");
      if (!this.wakesWatch) throw new Error("nobody wakes");
    },
    notifier: {
      notify: async (_, message) => {
        if (this.faults.notify === "fails") throw new Error("no topic");
        this.messages.push(message);
      },
    },
    clock: {
      now: () => this.now,
      sleep: async (milliseconds) => {
        this.now += milliseconds;
        this.onSleep();
      },
    },
    newId: () => `id ${++this.ids}`,
  };

  get state(): StoredSwitchover {
    return this.stored ?? initialState("blue");
  }

  private store(): SwitchoverStore {
    return {
      load: async () => {
        if (this.isDead) throw new Error("the process has ended");
        return this.stored;
      },
      save: async (next, expected, record) => {
        const outcome = this.storeOutcomes.shift();
        if (outcome !== undefined) return outcome;
        if (expected !== this.state.version) return "conflict";
        this.stored = structuredClone(next);
        this.log.push(`store ${next.lastCode}`);
        if (record !== undefined) this.records.push(record);
        return "saved";
      },
    };
  }

  private async act(name: string, effect: () => void): Promise<Outcome> {
    this.now += 1;
    const fault = this.faults[name];
    if (fault === "fails") throw new Error("refused");
    this.log.push(name);
    effect();
    if (fault === "dies") this.isDead = true;
    return fault === "unknown" ? "unknown" : "done";
  }

  private accounts(color: Color, user: DatabaseUser): Accounts {
    const isLocked = this.clusters[color].locked.includes(user);
    return isLocked ? { locked: [user], open: [] } : { locked: [], open: [user] };
  }

  private database(color: Color): Database {
    const cluster = () => this.clusters[color];
    const setLocked = (users: DatabaseUser[], locked: boolean) => {
      const others = cluster().locked.filter((user) => !users.includes(user));
      cluster().locked = locked ? [...others, ...users] : others;
    };
    return {
      setReadOnly: (readOnly) =>
        this.act(`${readOnly ? "fence" : "unfence"} ${color}`, () => {
          cluster().readOnly = readOnly;
        }),
      setLocked: (users, locked) =>
        this.act(`${locked ? "lock" : "unlock"} ${color} ${users.join("+")}`, () =>
          setLocked(users, locked),
        ),
      endSessions: (users) => this.act(`kill ${color} ${users.join("+")}`, () => undefined),
      writeMarker: ({ id, kind }) =>
        this.act(`${kind} ${color}`, () => {
          cluster().markers.push(id);
          const other = this.clusters[otherColor(color)];
          if (!this.carries || cluster().task !== "running") return;
          other.markers.push(id);
          if (kind === "heartbeat") other.beatAt = this.now;
        }),
      readFence: async () => known({ readOnly: cluster().readOnly, serverId: `${color}-1` }),
      readAccounts: async ([user]) => known(this.accounts(color, user as DatabaseUser)),
      countSessions: async () => known(0),
      countTransactions: async () => known(0),
      countPreparedXa: async () => known(0),
      hasMarker: async (id) => known(cluster().markers.includes(id)),
      heartbeatAge: async () => {
        const { beatAt } = cluster();
        return beatAt === undefined ? unknown("no heartbeat has come") : known(this.now - beatAt);
      },
      readPosition: async () => known(POSITION),
      readWritten: async () => known({ position: POSITION, strays: [] }),
      readTroubles: async () => known({ exceptions: 0, suspendedTables: 0 }),
      readAnswers: async () => this.answers,
    };
  }
}
