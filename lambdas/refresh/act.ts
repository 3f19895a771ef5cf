import type { Move, Step } from "./decide";
import type { Outcome, Ports } from "./ports";

/** What came of the moves beside their success, as sentences. */
export interface ActReport {
  /** What failed for certain. */
  problems: string[];
  /** What only another look can tell. */
  doubts: string[];
}

/**
 * Carries the moves out, in order, and tells people of each. Never throws: the next pass sees the
 * world as it then is.
 */
export async function act(ports: Ports, moves: Move[]): Promise<ActReport> {
  const report: ActReport = { problems: [], doubts: [] };
  for (const move of moves) {
    try {
      await carryOut(ports, move, report);
    } catch (error) {
      report.problems.push(`${move.reason} This failed: ${inWords(error)}`);
    }
  }
  return report;
}

/** Stops at the first step that is not known to be done. */
async function carryOut(ports: Ports, { reason, steps }: Move, report: ActReport): Promise<void> {
  let message = reason;
  for (const step of steps) {
    const outcome = await carryOutOne(ports, step);
    if (outcome === "changed") {
      // Nothing was done, and the next look may well find that somebody else did it.
      report.doubts.push(`${step.kind} was refused: the state has changed since it was seen.`);
      return;
    }
    if (outcome === "unknown") {
      const doubt = `It is unknown whether ${step.kind} was done.`;
      report.doubts.push(doubt);
      message = `${reason} ${doubt}`;
      break;
    }
  }
  await tell(ports, reason, message, report);
}

async function tell(
  ports: Ports,
  subject: string,
  message: string,
  report: ActReport,
): Promise<void> {
  try {
    await ports.notifier.notify(subject, message);
  } catch (error) {
    report.problems.push(`people were not told (${inWords(error)}): ${message}`);
  }
}

function carryOutOne(ports: Ports, step: Step): Promise<Outcome> {
  switch (step.kind) {
    case "restart-service":
      return ports.services.restart(step.clusterArn, step.serviceArn);
    case "mark-task":
      return ports.tasks.mark(step.taskArn, step.at);
    case "stop-task":
      return ports.tasks.stop(step.taskArn);
    case "resume-task":
      return ports.tasks.resume(step.taskArn);
    case "unmark-task":
      return ports.tasks.unmark(step.taskArn);
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
