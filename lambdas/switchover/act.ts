import type { Outcome, SwitchoverPorts } from "./ports";
import type { Act } from "./state";

/**
 * Longest time from a decision until one of its acts begins, in milliseconds; the lease of what opens
 * something counts on it, see `OPENING_LEASE_MILLISECONDS`.
 */
export const ACT_WINDOW_MILLISECONDS = 10_000;

type Doing = Exclude<Act, { kind: "notify" }>;

/**
 * Carries the acts out, in order. Never throws: what failed is returned as a sentence, and the next
 * pass sees the world as it then is. Messages are not among them: payments may be waiting.
 * @param actsBefore epoch milliseconds after which none begins any more
 */
export async function act(
  ports: SwitchoverPorts,
  acts: Act[],
  actsBefore: number,
): Promise<string[]> {
  const problems: string[] = [];
  for (const one of acts) {
    if (one.kind === "notify") continue;
    const name = inWords(one);
    try {
      if (ports.clock.now() > actsBefore)
        problems.push(`${name} was left out: this pass came to it too late`);
      else if ((await carryOut(ports, one)) === "unknown")
        problems.push(`${name}: it is unknown whether that was done`);
    } catch (error) {
      problems.push(`${name} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  return problems;
}

/** Sends the messages among the acts. Never rejects; each that failed is a sentence. */
export async function tell({ notifier }: SwitchoverPorts, acts: Act[]): Promise<string[]> {
  const problems: string[] = [];
  for (const one of acts)
    if (one.kind === "notify")
      try {
        await notifier.notify(one.subject, one.message);
      } catch (error) {
        problems.push(`notify failed: ${error instanceof Error ? error.message : error}`);
      }
  return problems;
}

function carryOut(ports: SwitchoverPorts, one: Doing): Promise<Outcome> {
  const { databases, replication } = ports;
  switch (one.kind) {
    case "set-read-only":
      return databases[one.cluster].setReadOnly(one.readOnly);
    case "set-locked":
      return databases[one.cluster].setLocked(one.users, one.locked);
    case "end-sessions":
      return databases[one.cluster].endSessions(one.users);
    case "write-marker":
      return databases[one.marker.from].writeMarker(one.marker);
    case "set-writer":
      return ports.writer.write(one.cluster);
    case "stop-replication":
      return replication.stop(one.from);
    case "start-replication":
      return replication.start(one.from, one.position, one.since);
  }
}

/** Names no user and no value: this lands in logs. */
function inWords(one: Doing): string {
  if (one.kind === "set-read-only" || one.kind === "set-locked") {
    const isOn = one.kind === "set-read-only" ? one.readOnly : one.locked;
    return `${one.kind} (${isOn ? "on" : "off"}) in ${one.cluster}`;
  }
  if (one.kind === "write-marker") return `${one.kind} in ${one.marker.from}`;
  return `${one.kind} of ${"from" in one ? one.from : one.cluster}`;
}
