import { otherColor } from "../cutover/contract";
import type { SwitchoverPorts } from "./ports";
import { isAtRest, type StoredSwitchover } from "./state";

/** Between two looks for the heartbeat in the other cluster, in milliseconds. */
const LOOK_MILLISECONDS = 250;

/**
 * Writes a heartbeat into the cluster that takes writes and waits until the other one has it. AWS DMS's
 * own latency is no proof: it is 0 as well when nothing was read at all. None is written while payments
 * wait, nor into a cluster that does not take writes. Never rejects.
 * @param patience longest wait, in milliseconds
 * @returns how long it was on its way, in milliseconds; undefined when it has not arrived
 */
export async function beat(
  ports: SwitchoverPorts,
  { phase, epoch }: StoredSwitchover,
  patience: number,
): Promise<number | undefined> {
  if (!isAtRest(phase) && phase.name !== "reversing") return undefined;
  const from = "attempt" in phase ? otherColor(phase.attempt.from) : phase.writer;
  const { databases, clock } = ports;
  const id = ports.newId();
  const beganAt = clock.now();
  try {
    await databases[from].writeMarker({ id, epoch, from, kind: "heartbeat" });
    while (clock.now() - beganAt <= patience) {
      const there = await databases[otherColor(from)].hasMarker(id);
      if (there.known && there.value) return clock.now() - beganAt;
      await clock.sleep(LOOK_MILLISECONDS);
    }
  } catch {
    // It does not arrive then, and that is what is reported.
  }
  return undefined;
}
