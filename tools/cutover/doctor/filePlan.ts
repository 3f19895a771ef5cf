import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../lambdas/cutover/contract";

/** Where the settings of a plan stand in a stack's file, and where in the plan. */
const KEYS: { [key: string]: (plan: Plan) => unknown } = {
  "payments:cutoverSteps": ({ steps }) => steps,
  "payments:maxErrorsPerThousand": ({ limits }) => limits.maxErrorsPerThousand,
  "payments:minimumPayments": ({ limits }) => limits.minimumPayments,
  "payments:maxP99Milliseconds": ({ limits }) => limits.maxP99Milliseconds,
  "payments:releasesPerFalseRollback": ({ limits }) => limits.releasesPerFalseRollback,
  "payments:stepsPerFalsePromotion": ({ limits }) => limits.stepsPerFalsePromotion,
  "payments:longestHoldMinutes": ({ limits }) => limits.longestHoldMinutes,
  "payments:freezeWindows": ({ freeze }) => freeze?.windows ?? [],
};

/** What a stack's file says of the plan: only the keys that it has. */
export interface FilePlan {
  file: string;
  values: { [key: string]: unknown };
}

/** Undefined where there is no such file, or none that can be read: Pulumi tells of that. */
export function readFilePlan(directory: string, stack: string): FilePlan | undefined {
  // A full name has the organization and the project before it.
  const file = `Pulumi.${stack.split("/").at(-1)}.yaml`;
  const path = join(directory, file);
  if (!existsSync(path)) return undefined;
  const { parse }: typeof import("yaml") = require("yaml");
  try {
    const { config } = Object(parse(readFileSync(path, "utf8"))) as { config?: object };
    const entries = Object.entries(config ?? {}).filter(([key]) => key in KEYS);
    return { file, values: Object.fromEntries(entries) };
  } catch {
    return undefined;
  }
}

/** Keys whose values in the file are not those of the plan that is deployed. */
export function differences({ values }: FilePlan, plan: Plan): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isSame(value, KEYS[key]?.(plan)) ? [] : [key],
  );
}

/** Whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
