import { SWITCHOVER_RECORD } from "../../../lambdas/switchover/contract";
import { Complaint, DONE } from "../../terminal/complaint";
import type { HistoryOptions } from "../arguments";
import { asSentence } from "../aws/calls";
import type { Records } from "../aws/records";
import { troubleOf } from "../aws/trouble";
import type { Session } from "../command";
import { readStory, type Story } from "../history";
import { lookOf } from "../screen/look";
import { storyScreen } from "../screen/story";
import { trailOf } from "../trail";

/** Kinds of records of the whole story. */
const ALL: (keyof Records)[] = ["decision", SWITCHOVER_RECORD];

/** Tells what was decided. @param ofWriter whether only what is about the database writer */
export async function showHistory(
  asked: HistoryOptions,
  { stack, terminal }: Session,
  ofWriter: boolean,
): Promise<number> {
  const trail = await trailOf(stack);
  const kinds: (keyof Records)[] = ofWriter ? [SWITCHOVER_RECORD] : ALL;
  let story: Story;
  try {
    const { limit, since } = asked;
    story = await readStory(trail, { limit, kinds, ...(since !== undefined && { since }) });
  } catch (error) {
    const call = { permission: "dynamodb:Query", subject: `table ${trail.table}` };
    throw new Complaint(asSentence(troubleOf(error, call).clause));
  }
  if (asked.json) terminal.print(JSON.stringify(story, undefined, 2));
  else terminal.print(storyScreen(story, lookOf(terminal)).join("\n"));
  return DONE;
}
