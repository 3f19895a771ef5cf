import type { OperatorRequest } from "../contract";
import { attempt, type Ports, unknown } from "../ports";
import type { CutoverState } from "../state";
import type { GateFacts } from "./decide";
import type { GateEvent } from "./event";

/** Reads what the gate needs beside the observation, and only where payments might be moved for it. */
export async function observeGate(
  ports: Ports,
  { gate }: CutoverState,
  event: GateEvent | undefined,
  request: OperatorRequest | undefined,
): Promise<GateFacts> {
  const waiting = gate?.owed?.stage.name === "waiting" && request === undefined;
  const owed = waiting ? gate?.owed : undefined;
  const wish = event === undefined ? owed?.wish : event.wish;
  const stackId = event?.address.stackId ?? owed?.stackId;
  const unasked = unknown<never>("nobody asked for it");
  if (stackId === undefined || wish?.kind !== "update")
    return { event, stack: unasked, service: unasked };
  const [stack, service] = await Promise.all([
    attempt(() => ports.release.readStatus(stackId)),
    attempt(() => ports.release.readService(wish.service.serviceArn)),
  ]);
  return { event, stack, service };
}
