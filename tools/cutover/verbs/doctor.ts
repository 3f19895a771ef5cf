import { DONE, FAILED } from "../../terminal/complaint";
import type { Common } from "../arguments";
import type { Session } from "../command";
import { diagnose, examine } from "../doctor/examine";
import { readDoctorFacts } from "../doctor/facts";
import { diagnosisScreen } from "../screen/diagnosis";
import { lookOf } from "../screen/look";

/** Says what would stop a cutover now. */
export async function showDoctor({ json }: Common, { stack, terminal }: Session): Promise<number> {
  const facts = await readDoctorFacts(stack, process.cwd());
  const diagnosis = diagnose(examine(facts, Date.now()));
  const { environment } = stack;
  if (json) terminal.print(JSON.stringify({ environment, ...diagnosis }, undefined, 2));
  else terminal.print(diagnosisScreen(environment, diagnosis, lookOf(terminal)).join("\n"));
  return diagnosis.canBegin ? DONE : FAILED;
}
