import type { Evaluation } from "../evaluate/evaluate";
import type { CutoverSettings } from "./cutoverSettings";

/** What a stack's own program says of its cutover. */
export interface Environment {
  /** The stacks that it reads from, lowest first, and itself. */
  evaluations: Evaluation[];
  /** Absent where the stack has no service layer. */
  cutover?: CutoverSettings;
  /** Payments that the stack's configuration expects in an hour; 0: it expects none. */
  expectedPaymentsPerHour: number;
}

/** Evaluates a stack's program. Rejects with a `UsageError` or the program's complaint. */
export async function readEnvironment(stack: string): Promise<Environment> {
  // Required here, because Pulumi takes seconds to load and --help does not need it.
  const { evaluateWithUpstream }: typeof import("../evaluate/evaluate") =
    require("../evaluate/evaluate");
  const { cutoverSettings }: typeof import("./cutoverSettings") = require("./cutoverSettings");
  const { readProject }: typeof import("../evaluate/project") = require("../evaluate/project");
  const { readConfiguration }: typeof import("../evaluate/configuration") =
    require("../evaluate/configuration");
  const directory = process.cwd();
  const evaluations = await evaluateWithUpstream({ directory, stack });
  const project = readProject(directory);
  const { values } = readConfiguration(project, stack);
  const cutover = cutoverSettings(evaluations[evaluations.length - 1]?.resources ?? []);
  return {
    evaluations,
    ...(cutover !== undefined && { cutover }),
    expectedPaymentsPerHour: Number(values[`${project.name}:expectedPaymentsPerHour`] ?? 0),
  };
}
