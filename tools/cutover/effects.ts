import type { Plan } from "../../lambdas/cutover/contract";
import { duration } from "../terminal/texts";
import type { OperatorVerb } from "./arguments";
import { bakingOf } from "./move";
import type { Status } from "./status";

/** What is known before somebody confirms. */
export interface Before {
  status: Status;
  /** The plan of the next move. @default it is not known here */
  plan?: Plan;
}

/** What a request does to payments and clients, as a sentence that names the environment. Pure. */
export function effectOf(verb: OperatorVerb, { status, plan }: Before): string {
  const { environment, phase } = status;
  const isMoving = phase === "shifting" || phase === "migrating";
  switch (verb) {
    case "start":
      return phase === "idle" ? startEffect(status, plan) : refused(status);
    case "migrate":
      return phase === "idle" ? migrateEffect(status, plan) : refused(status);
    case "rollback":
      return isMoving ? rollbackEffect(status) : refused(status);
    case "clear":
      return status.isLatched
        ? `This lifts the latch of ${environment}, set because ${status.cause}: payments may be moved again.`
        : refused(status);
    default:
      return isMoving ? stepEffect(verb, status) : refused(status);
  }
}

function refused({ environment, phase, live }: Status): string {
  const stand: { [name in Status["phase"]]: string } = {
    idle: `nothing moves, ${live} is live`,
    shifting: "a cutover runs",
    migrating: "a migration runs",
    "rolling-back": "payments are being taken back",
    "migrating-back": "clients are being led back",
    "rolled-back": "it is latched after a rollback",
  };
  return `In ${environment} ${stand[phase]}: the controller will refuse, or do nothing.`;
}

function startEffect({ environment, standby }: Status, plan: Plan | undefined): string {
  const [first, ...rest] = plan?.steps.map(({ weightPercent }) => weightPercent) ?? [];
  if (first === undefined)
    return `This begins to give ${standby} the live payments of ${environment}.`;
  const then = rest.length > 0 ? `, then ${listed(rest)} as the evidence allows` : "";
  return `This gives ${standby} ${first} % of the live payments of ${environment}${then}.`;
}

function migrateEffect({ environment, clients, live }: Status, plan: Plan | undefined): string {
  const now = clients?.onRecordPercent ?? 0;
  const ahead = plan?.migration?.steps.map(({ awsPercent }) => awsPercent) ?? [];
  const [first, ...rest] = ahead.filter((percent) => percent > now);
  if (first === undefined)
    return `This leads clients of ${environment} from on-premises to AWS, if there are any left.`;
  const then = rest.length > 0 ? `, then ${listed(rest)}` : "";
  return `This leads ${first} % of the clients of ${environment} from on-premises to AWS, to ${live}${then}.`;
}

/** `50 %, 90 % and 100 %`. */
function listed(percents: number[]): string {
  const words = percents.map((percent) => `${percent} %`);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function rollbackEffect({ environment, move, weights, live, standby }: Status): string {
  if (move?.kind === "migration")
    return `This leads the clients of ${environment} back to where they were before, and latches the controller. DNS takes minutes.`;
  return `This gives ${live} all live payments of ${environment} back at once, ${standby}'s ${weights.onRecord[standby]} % too, and latches the controller.`;
}

function stepEffect(verb: OperatorVerb, { environment, move, at }: Status): string {
  if (move === undefined) return `This changes the move of ${environment}.`;
  const { kind, share, approval } = move;
  if (verb === "pause")
    return `This holds the ${kind} of ${environment} at ${share}, whatever the payments' evidence, until somebody resumes it. What hurts payments is taken back all the same.`;
  if (verb === "resume") return `This begins the step of ${environment} anew: ${share}.`;
  if (verb === "approve")
    return approval === undefined
      ? `The step of ${environment} asks nobody: the controller will refuse.`
      : `This agrees, for ${environment} at ${share}, to: ${approval.question}.`;
  const left = bakingOf(move, at)?.secondsLeft ?? 0;
  const rest = left > 0 ? `, of which ${duration(left)} are left` : "";
  return `This ends the bake time of ${share} in ${environment}${rest}. The evidence has to be there all the same.`;
}
