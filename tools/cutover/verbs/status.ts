import { DONE } from "../../terminal/complaint";
import type { Asked } from "../arguments";
import type { Session } from "../command";
import { readFacts } from "../facts";
import { lookOf } from "../screen/look";
import { statusScreen } from "../screen/screen";
import { statusOf } from "../status";
import { watchStatus } from "./watch";

type Wanted = Extract<Asked, { kind: "status" }>;

/** Shows where things stand, once or until Ctrl-C. */
export async function showStatus(asked: Wanted, session: Session): Promise<number> {
  const { stack, terminal } = session;
  if (asked.watch) return watchStatus(asked, session);
  const status = statusOf(await readFacts(stack));
  if (asked.json) terminal.print(JSON.stringify(status, undefined, 2));
  else terminal.print(statusScreen(status, status.at, lookOf(terminal)).join("\n"));
  return DONE;
}
