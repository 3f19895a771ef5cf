import { FAILED, WRONG_USAGE } from "../terminal/complaint";

/** Says what went wrong; the exit code is the answer. */
export function reportFailure(error: unknown): number {
  const { WriteError }: typeof import("../report/write") = require("../report/write");
  if (error instanceof WriteError || isMendable(error)) {
    console.error(error.message);
    return error instanceof WriteError ? FAILED : WRONG_USAGE;
  }
  console.error("The program or its rehearsal failed:");
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  return FAILED;
}

/**
 * Whether an error is one that the person can mend: wrong usage, or the program's own complaint about
 * its configuration. Such a message needs no stack trace.
 */
function isMendable(error: unknown): error is Error {
  const { UsageError }: typeof import("../evaluate/project") = require("../evaluate/project");
  const { RunError }: typeof import("@pulumi/pulumi") = require("@pulumi/pulumi");
  return error instanceof UsageError || RunError.isInstance(error);
}
