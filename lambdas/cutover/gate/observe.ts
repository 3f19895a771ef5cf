import type { OperatorRequest } from "../contract";
import { type Known, type Ports, unknown } from "../ports";
import type { CutoverState } from "../state";
import type { GateFacts } from "./decide";
import type { GateEvent } from "./event";

/** Reads what the gate needs beside the observation; asks CloudFormation only where it matters. */
export async function observeGate(
  ports: Ports,
  { gate }: CutoverState,
  event: GateEvent | undefined,
  request: OperatorRequest | undefined,
): Promise<GateFacts> {
  const { owed } = gate ?? {};
  const waiting = request === undefined && owed?.stage.name === "waiting" ? owed : undefined;
  const wish = event === undefined ? waiting?.wish : event.wish;
  const stackId = event?.address.stackId ?? waiting?.stackId;
  if (stackId === undefined || wish?.kind !== "update")
    return { event, stack: unknown("nobody asked for it") };
  return { event, stack: await readStatus(ports, stackId) };
}

async function readStatus(ports: Ports, stackId: string): Promise<Known<string>> {
  try {
    return await ports.release.readStatus(stackId);
  } catch (error) {
    return unknown(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
