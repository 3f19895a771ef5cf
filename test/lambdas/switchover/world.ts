import type { DatabaseUser } from "../../../lambdas/bootstrap/contract";
import { known, unknown } from "../../../lambdas/common/ports";
import { COLORS, type Color, otherColor } from "../../../lambdas/cutover/contract";
import { decideSwitchover } from "../../../lambdas/switchover/decide";
import type { Accounts } from "../../../lambdas/switchover/ports";
import type {
  Act,
  ClusterFacts,
  SwitchoverFacts,
  SwitchoverState,
} from "../../../lambdas/switchover/state";

interface Cluster {
  readOnly: boolean;
  locked: { [user in DatabaseUser]?: boolean };
  /** Whether the application and AWS DMS have sessions. */
  sessions: { application: boolean; replicationTarget: boolean };
  /** Its own writes, in order: a payment, a marker's id, or what somebody slipped in. */
  log: string[];
  /** How many of them the other cluster has. */
  carried: number;
  /** Ids of markers, of whichever origin. */
  markers: string[];
  task: "running" | "stopped" | "failed";
  /** When it last began. @default long ago */
  startedAt?: number;
}

/** What befalls one pass. */
export const FAULTS = [
  /** Nothing can be read. */
  "blind",
  /** The acts are not done. */
  "lost",
  /** The acts are done, and once more as late as a statement can be. */
  "twice-late",
  /** The acts are done as late as a statement can be. */
  "late",
  /** The acts are done after those of the next pass. */
  "after-next",
  /** The writer restarts. */
  "restart",
  /** An administrator writes to the old writer behind the fence. */
  "stray",
  /** Nothing happens for a minute. */
  "stall",
  /** Replication carries nothing for half a minute. */
  "lag",
  /** Replication ends. */
  "task-fails",
  /** A person asks for an abort. */
  "abort",
] as const;
export type Fault = (typeof FAULTS)[number];

/** Ten seconds until the last act begins, and 45 s until it ends. */
const LATEST_MILLISECONDS = 55_000;

/** Two clusters, replication between them, and the passes that switch over. */
export class SwitchoverWorld {
  readonly clusters: { [color in Color]: Cluster } = { blue: cluster(false), green: cluster(true) };
  state: SwitchoverState = { epoch: 0, opensUntil: 0, phase: { name: "prepared", writer: "blue" } };
  now = 1_000_000;
  writer: Color = "blue";
  readonly broken: string[] = [];
  readonly visited: string[] = [];
  private late: { at: number; acts: Act[] }[] = [];
  private attempts = 0;
  private lagsUntil = 0;

  constructor() {
    this.clusters.blue.task = "running";
    this.clusters.blue.locked.replicationTarget = true;
    this.live();
  }

  canWrite(color: Color): boolean {
    const { readOnly, locked, sessions } = this.clusters[color];
    return !readOnly && (!locked.application || sessions.application);
  }

  /** One pass, in which somebody wants the payments to go to the other cluster. */
  pass(fault?: Fault): void {
    if (fault === "stall") this.now += 60_000;
    if (fault === "lag") this.lagsUntil = this.now + 30_000;
    if (fault === "restart") this.restart();
    if (fault === "task-fails")
      for (const color of COLORS)
        if (this.clusters[color].task === "running") this.clusters[color].task = "failed";
    if (fault === "stray") this.slipIn();
    const { next, acts } = decideSwitchover(this.state, this.read(fault));
    const isIdle = next === this.state;
    this.state = next;
    this.visited.push(next.phase.name);
    // After the next pass there is one at which nothing is due any more.
    const lateBefore = this.late.filter(({ at }) => at === 0);
    if (fault === "late" || fault === "twice-late")
      this.late.push({ at: this.now + LATEST_MILLISECONDS, acts });
    if (fault === "after-next") this.late.push({ at: 0, acts });
    if (fault === undefined || !["late", "lost", "after-next"].includes(fault)) this.carryOut(acts);
    for (const one of lateBefore) this.carryOut(one.acts);
    this.late = this.late.filter((one) => !lateBefore.includes(one));
    // Statements come at their last moment, before the time that a long wait skips.
    this.advance(isIdle ? 20_000 : 1_000);
  }

  private advance(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (const one of this.late.filter(({ at }) => at > 0 && at <= until)) {
      this.now = Math.max(this.now, one.at);
      this.carryOut(one.acts);
      this.late = this.late.filter((other) => other !== one);
    }
    this.now = until;
    this.live();
  }

  private carryOut(acts: Act[]): void {
    for (const act of acts) {
      this.carryOutOne(act);
      this.check();
    }
    this.live();
  }

  private carryOutOne(act: Act): void {
    switch (act.kind) {
      case "set-read-only":
        this.clusters[act.cluster].readOnly = act.readOnly;
        break;
      case "set-locked":
        for (const user of act.users) this.clusters[act.cluster].locked[user] = act.locked;
        break;
      case "end-sessions": {
        const { sessions } = this.clusters[act.cluster];
        if (act.users.includes("application")) sessions.application = false;
        if (act.users.includes("replicationTarget")) sessions.replicationTarget = false;
        break;
      }
      case "write-marker": {
        const { markers, log } = this.clusters[act.marker.from];
        if (!markers.includes(act.marker.id)) log.push(act.marker.id);
        if (!markers.includes(act.marker.id)) markers.push(act.marker.id);
        break;
      }
      case "set-writer":
        this.writer = act.cluster;
        break;
      case "stop-replication":
        this.clusters[act.from].task = "stopped";
        break;
      case "start-replication":
        this.startFrom(act.from, act.position.offset, act.since);
        break;
    }
  }

  /** A task that begins after a payment never carries it. */
  private startFrom(color: Color, offset: number, since: number): void {
    const cluster = this.clusters[color];
    if (cluster.task === "running") return;
    const hasRun = (cluster.startedAt ?? 0) > since;
    cluster.task = "running";
    cluster.startedAt = this.now;
    if (hasRun) return;
    if (cluster.log.slice(cluster.carried, offset).includes("payment"))
      this.broken.push(`replication of ${color} begins after payments that nobody has carried`);
    cluster.carried = offset;
  }

  /** Whoever can log in does, payments come, and replication carries what it can. */
  private live(): void {
    for (const color of COLORS) {
      const { locked, sessions, log } = this.clusters[color];
      if (!locked.application) sessions.application = true;
      if (!locked.replicationTarget) sessions.replicationTarget = true;
      if (this.canWrite(color)) log.push("payment");
    }
    this.check();
    for (const color of this.now < this.lagsUntil ? [] : COLORS) {
      const [from, to] = [this.clusters[color], this.clusters[otherColor(color)]];
      if (from.task !== "running" || to.readOnly || !to.sessions.replicationTarget) continue;
      to.markers.push(...from.log.filter((id) => id !== "payment" && !to.markers.includes(id)));
      from.carried = from.log.length;
    }
    this.check();
  }

  private check(): void {
    const open = COLORS.filter((color) => this.canWrite(color));
    if (open.length === 2) this.broken.push("both clusters take payments");
    for (const color of open) {
      const other = this.clusters[otherColor(color)];
      if (other.log.slice(other.carried).includes("payment"))
        this.broken.push(`${color} takes payments and has not all of the other's`);
      if (other.task === "running" && this.clusters[color].sessions.replicationTarget)
        this.broken.push(`replication writes to ${color}, which takes payments`);
    }
  }

  private restart(): void {
    const { phase } = this.state;
    const writer = "attempt" in phase ? phase.attempt.from : phase.writer;
    const cluster = this.clusters[writer];
    cluster.readOnly = false;
    cluster.sessions = { application: false, replicationTarget: false };
    this.live();
  }

  /** Until the new writer is to be opened; afterwards nothing could be done about it. */
  private slipIn(): void {
    const { phase } = this.state;
    if (!["fenced", "draining", "drained", "sealed"].includes(phase.name)) return;
    if ("attempt" in phase) this.clusters[phase.attempt.from].log.push("payment");
  }

  private read(fault: Fault | undefined): SwitchoverFacts {
    const { phase } = this.state;
    const attempt = "attempt" in phase ? phase.attempt : undefined;
    const from = attempt?.from ?? "blue";
    const since = this.clusters[from].log.slice(attempt?.drainsFrom?.offset ?? 0);
    const seen: SwitchoverFacts = {
      now: this.now,
      clusters: { blue: this.facts("blue"), green: this.facts("green") },
      written: known({
        position: this.position(from),
        strays: since.includes("payment") ? ["rows of payments.payment"] : [],
      }),
      replication: {
        blue: known(this.clusters.blue.task),
        green: known(this.clusters.green.task),
      },
      writer: known(this.writer),
      findings: known([]),
    };
    if (attempt === undefined)
      seen.request = {
        verb: "start",
        who: "alice",
        why: "a test",
        markerId: `marker ${++this.attempts}`,
      };
    if (fault === "abort")
      seen.request = { verb: "abort", who: "bob", why: "a test", markerId: "" };
    return fault === "blind" ? blind(seen) : seen;
  }

  private facts(color: Color): ClusterFacts {
    const { readOnly, locked, sessions, markers } = this.clusters[color];
    const from = this.clusters[otherColor(color)];
    const { phase } = this.state;
    const markerId = "attempt" in phase ? phase.attempt.markerId : "";
    const accounts = (user: DatabaseUser, name: string) =>
      known<Accounts>(locked[user] ? { locked: [name], open: [] } : { locked: [], open: [name] });
    const isFed = from.task === "running" && !readOnly && sessions.replicationTarget;
    return {
      fence: known({ readOnly, serverId: `${color}-1` }),
      accounts: {
        application: accounts("application", "app@%"),
        migration: accounts("migration", "app_schema@%"),
        replicationTarget: accounts("replicationTarget", "dms_target@%"),
      },
      sessions: known(sessions.application ? 1 : 0),
      replicationSessions: known(sessions.replicationTarget ? 1 : 0),
      transactions: known(0),
      preparedXa: known(0),
      position: known(this.position(color)),
      hasMarker: known(markers.includes(markerId)),
      heartbeatAge: isFed
        ? known(this.now < this.lagsUntil ? 30_000 : 500)
        : unknown("no heartbeat has come"),
      troubles: known({ exceptions: 0, suspendedTables: 0 }),
    };
  }

  private position(color: Color) {
    return { file: "bin.000001", offset: this.clusters[color].log.length };
  }
}

function cluster(locked: boolean): Cluster {
  return {
    readOnly: false,
    locked: { application: locked, migration: false, replicationTarget: false },
    sessions: { application: false, replicationTarget: false },
    log: [],
    carried: 0,
    markers: [],
    task: "stopped",
  };
}

/** The same, where nothing is known but the time and what people want. */
function blind(seen: SwitchoverFacts): SwitchoverFacts {
  const hide = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if ("known" in value) return unknown("no answer");
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, hide(part)]));
  };
  return hide(seen) as SwitchoverFacts;
}
