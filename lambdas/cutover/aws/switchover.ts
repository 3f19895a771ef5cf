import { attemptWrite } from "../../common/aws/client";
import { eventSender } from "../../common/aws/events";
import { versionedItem } from "../../common/aws/versionedItem";
import { SWITCHOVER_STATE, type SwitchoverRequest } from "../../switchover/contract";
import { isAtRest, parseStored, writerIn } from "../../switchover/state";
import { placeOf } from "../contract";
import { type Known, known, type Switchover, type SwitchoverStanding, unknown } from "../ports";

/** The function that moves the database writer: what it has stored, and an event that asks it. */
export function lambdaSwitchover(
  functionArn: string,
  table: string,
  environment: string,
): Switchover {
  const item = versionedItem(placeOf(table, environment), SWITCHOVER_STATE);
  const send = eventSender(functionArn);
  return {
    async read() {
      return standingOf(await item.load());
    },
    async ask(to, who, why) {
      const request: SwitchoverRequest = { verb: "start", who, why, to };
      return attemptWrite(() => send(request), "asked");
    },
  };
}

/** Throws on a state that this version does not know. */
function standingOf(text: string | undefined): Known<SwitchoverStanding> {
  if (text === undefined) return unknown("the switchover function has stored nothing yet");
  const { phase, epoch, lastReason: reason } = parseStored(text);
  const writer = writerIn(phase);
  return known({ phase: phase.name, isAtRest: isAtRest(phase), writer, epoch, reason });
}
