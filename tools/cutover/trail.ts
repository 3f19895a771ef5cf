import type { Known } from "../../lambdas/common/ports";
import { Complaint } from "../terminal/complaint";
import { readParameters } from "./aws/parameters";
import type { Trail } from "./aws/records";
import { readFunction } from "./facts";
import type { Stack } from "./stack";

/** Where the records of a stack's environment are. Throws a complaint when nobody tells. */
export async function trailOf(stack: Stack): Promise<Trail> {
  const { environment, stateTableName, cutoverFunctionName } = stack;
  if (stateTableName !== undefined) return { table: stateTableName, environment };
  const deployed: Known<{ wiring: { stateTable: string } }> | undefined =
    cutoverFunctionName === undefined ? undefined : await readFunction(cutoverFunctionName);
  if (deployed?.known) return { table: deployed.value.wiring.stateTable, environment };
  const name = "cutover/table-name";
  const told = await readParameters(environment, [name]);
  const table = told.known ? told.value[name] : undefined;
  if (table !== undefined) return { table, environment };
  const reasons = [deployed?.reason, told.known ? "no parameter names it" : told.reason];
  throw new Complaint(
    `Which table holds the records of ${environment} is not known: ${reasons.filter((reason) => reason !== undefined).join("; ")}.`,
  );
}
