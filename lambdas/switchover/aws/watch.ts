import { eventSender } from "../../common/aws/events";
import { WATCH_EVENT } from "../contract";

/** Wakes another invocation of this function; rejects unless Lambda has taken the event. */
export function lambdaWatch(functionName: string): () => Promise<void> {
  const send = eventSender(functionName);
  return async () => {
    const status = await send(WATCH_EVENT);
    if (status !== 202) throw new Error(`Lambda did not take the watch's event: ${status}`);
  };
}
