import { Complaint, FAILED } from "../terminal/complaint";
import type { Dialog } from "../terminal/prompt";
import { openTerminal, type Terminal } from "../terminal/terminal";
import { type Asked, readArguments } from "./arguments";
import { asSentence, prepareSdk } from "./aws/calls";
import { troubleOf } from "./aws/trouble";
import { findStack, runPulumi } from "./outputs";
import type { Stack } from "./stack";

/** What the command has around it. */
export interface Surroundings {
  input: NodeJS.ReadStream;
  out: NodeJS.WriteStream;
  err: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  /** @default the Pulumi CLI */
  pulumi?: typeof runPulumi;
}

/** What each verb works with. */
export interface Session {
  stack: Stack;
  terminal: Terminal;
  dialog: Dialog;
  out: NodeJS.WriteStream;
  err: NodeJS.WriteStream;
}

/** Does what a person asks for. Resolves to the exit code. */
export async function cutoverCommand(given: string[], around: Surroundings): Promise<number> {
  const asked = readArguments(given);
  if ("exitCode" in asked) return asked.exitCode;
  const { input, out, err, environment } = around;
  try {
    const dialog = { input, output: err };
    checkBefore(asked, dialog);
    const stack = await findStack(asked, around.pulumi ?? runPulumi);
    prepareSdk(environment, stack.region);
    const terminal = openTerminal(out, environment);
    return await carryOut(asked, { stack, terminal, dialog, out, err });
  } catch (error) {
    return report(error, asked, out, err);
  }
}

/** Before Pulumi or AWS are asked anything. */
function checkBefore(asked: Asked, dialog: Dialog): void {
  if (asked.kind !== "operate" && asked.kind !== "switchover") return;
  const { checkAskable }: typeof import("./confirm") = require("./confirm");
  checkAskable(asked, dialog);
}

/** Each verb's code is loaded when it is asked for: most take less than a second in all. */
async function carryOut(asked: Asked, session: Session): Promise<number> {
  switch (asked.kind) {
    case "status": {
      const { showStatus }: typeof import("./verbs/status") = require("./verbs/status");
      return showStatus(asked, session);
    }
    case "operate": {
      const { operateVerb }: typeof import("./verbs/operate") = require("./verbs/operate");
      return operateVerb(asked, session);
    }
    case "history":
    case "switchover-history": {
      const { showHistory }: typeof import("./verbs/history") = require("./verbs/history");
      return showHistory(asked, session, asked.kind === "switchover-history");
    }
    case "doctor": {
      const { showDoctor }: typeof import("./verbs/doctor") = require("./verbs/doctor");
      return showDoctor(asked, session);
    }
    default: {
      const verbs: typeof import("./verbs/switchover") = require("./verbs/switchover");
      return asked.kind === "switchover"
        ? verbs.moveWriter(asked, session)
        : verbs.lookAtSwitchover(asked, session);
    }
  }
}

/** Says what went wrong: a line for what a person can mend, the stack for what they cannot. */
function report(
  error: unknown,
  { json }: Asked,
  out: NodeJS.WriteStream,
  err: NodeJS.WriteStream,
): number {
  const complaint = error instanceof Complaint ? error : ofSdk(error);
  const exitCode = complaint?.exitCode ?? FAILED;
  const said = complaint?.message ?? `This is a mistake of the command itself: ${stackOf(error)}`;
  if (json) out.write(`${JSON.stringify({ error: said, exitCode }, undefined, 2)}\n`);
  err.write(`${said}\n`);
  return exitCode;
}

/** Of a call that failed where nobody expected it. */
function ofSdk(error: unknown): Complaint | undefined {
  const { $metadata, code } = Object(error) as { $metadata?: unknown; code?: unknown };
  if ($metadata === undefined && code === undefined) return undefined;
  const call = { permission: "a call to AWS", subject: "what was asked for" };
  return new Complaint(asSentence(troubleOf(error, call).clause));
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
