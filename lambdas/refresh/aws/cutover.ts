import { versionedItem } from "../../common/aws/versionedItem";
import { placeOf } from "../../cutover/contract";
import { SWITCHOVER_STATE } from "../../switchover/contract";
import { type CutoverSource, type Known, known, unknown } from "../ports";

/** Phases in which the database writer stays where it is. */
const AT_REST = ["prepared", "steady"];

/** The phases of the cutover controller and of the switchover, from their state items. */
export function dynamoCutover(table: string, environment: string): CutoverSource {
  const place = placeOf(table, environment);
  const [cutover, switchover] = ["state", SWITCHOVER_STATE].map((key) => versionedItem(place, key));

  async function readPhase(): Promise<Known<string>> {
    const [ofCutover, ofSwitchover] = await Promise.all([cutover?.load(), switchover?.load()]);
    // Each stores its first state when it first does something.
    const writer = ofSwitchover === undefined ? known("prepared") : phaseIn(ofSwitchover);
    if (!writer.known) return writer;
    if (!AT_REST.includes(writer.value)) return known(`switchover ${writer.value}`);
    return ofCutover === undefined ? known("idle") : phaseIn(ofCutover);
  }

  return { readPhase };
}

function phaseIn(text: string): Known<string> {
  const state = JSON.parse(text) as { phase?: { name?: unknown } } | null;
  const name = state?.phase?.name;
  return typeof name === "string" ? known(name) : unknown("the stored state has no phase");
}
