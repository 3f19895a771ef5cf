import { known } from "../../../lambdas/common/ports";
import { withShortNames } from "../screen/names";
import type { Status } from "../status";
import { bad, type Check, good, unseen, warning } from "./check";
import type { DoctorFacts } from "./facts";

/** Whether the right person asks in the right place. */
export function credentials({ identity, stack }: DoctorFacts): Check {
  const { accountId, arn } = identity;
  const who = `account ${accountId} as ${withShortNames(arn)}`;
  if (stack.accountId === undefined || stack.accountId === accountId)
    return good("credentials", who);
  return bad(
    "credentials",
    `${who}, and the stack is in account ${stack.accountId}`,
    `Use credentials of account ${stack.accountId}.`,
  );
}

/** Whether the function is there, and as it was deployed. */
export function deployment({ deployed }: DoctorFacts): Check {
  const name = "function";
  if (!deployed.known)
    return /does not exist/.test(deployed.reason)
      ? bad(name, deployed.reason, "Deploy the stack: npx pulumi up.")
      : unseen(name, deployed.reason);
  const { state, lastUpdate, reason } = deployed.value;
  const because = reason === undefined ? "" : ` (${reason})`;
  if (state === "Failed" || lastUpdate === "Failed")
    return bad(name, `Lambda says that it failed${because}`, "Deploy the stack once more.");
  if (state === "Pending" || lastUpdate === "InProgress")
    return warning(name, "Lambda is still bringing it up to date", "Wait for a minute.");
  return good(name, "is deployed");
}

/** Whether the controller serves a request. */
export function answering({ answer }: DoctorFacts): Check {
  if (answer.known) return good("controller", "answers");
  return bad(
    "controller",
    `does not answer: ${answer.reason}`,
    "Read its log; its alarm tells the same. While it does not answer, nothing takes payments back.",
  );
}

/** Whether it runs by itself, and without failing. */
export function activity({ activity: lately }: DoctorFacts): Check {
  const name = "schedule";
  if (!lately.known) return unseen(name, lately.reason);
  const { invocations, errors, minutes } = lately.value;
  const inTime = `in the last ${minutes} minutes`;
  if (invocations === 0)
    return bad(
      name,
      `the controller ran not once ${inTime}`,
      "Look whether its EventBridge rule is enabled and its concurrency is not 0: nothing wakes it.",
    );
  if (errors > 0)
    return bad(
      name,
      `${errors} of ${invocations} runs failed ${inTime}`,
      "Read the controller's log: a pass that fails takes nothing back.",
    );
  return good(name, `ran ${invocations} times ${inTime}, without a failure`);
}

/** Whether it would begin. */
export function latch({ facts, stack }: DoctorFacts, status: Status | undefined): Check {
  const name = "state";
  if (!facts.known || status === undefined)
    return bad(name, facts.known ? "unknown" : facts.reason, "Without its state it moves nothing.");
  const { phase, cause, live, move } = status;
  const command = `npm run cutover -- %s ${stack.choice}`;
  if (phase === "idle") return good(name, `nothing moves, ${live} is live`);
  if (phase === "rolled-back")
    return bad(
      name,
      `latched after a rollback, because ${cause}`,
      `Find the cause, then lift the latch: ${command.replace("%s", "clear")}`,
    );
  const what = move?.kind === "migration" ? "a migration" : "a cutover";
  return bad(
    name,
    phase === "shifting" || phase === "migrating"
      ? `${what} runs already: ${move?.share}`
      : `${what} is being taken back, because ${cause}`,
    `Wait for its end: ${command.replace("%s", "status --watch")}`,
  );
}

/** Whether anybody hears of decisions. */
export function listeners({ listeners: count, stack }: DoctorFacts): Check {
  const name = "topic";
  if (!count.known) return unseen(name, count.reason);
  if (count.value > 0)
    return good(name, `${count.value} ${count.value === 1 ? "listener" : "listeners"}`);
  return warning(
    name,
    "nobody hears of the controller's decisions",
    `Subscribe: aws sns subscribe --topic-arn ${stack.topicArn} --protocol email --notification-endpoint <address>`,
  );
}

/** Whether the databases are at rest, and can be switched over where the plan asks for it. */
export function writer({ facts, deployed }: DoctorFacts, status: Status | undefined): Check {
  const name = "writer";
  const plan = deployed.known ? deployed.value.wiring.plan : undefined;
  const isPlanned = plan?.steps.some(({ switchover }) => switchover) ?? false;
  const hasFunction = deployed.known && deployed.value.wiring.switchoverFunctionArn !== "";
  if (isPlanned && !hasFunction)
    return bad(
      name,
      "the plan has a switchover, and the controller knows no function for it",
      "Deploy the stack of the data layer, then this one.",
    );
  const standing = status?.writer ?? known(undefined);
  if (!facts.known) return unseen(name, "it is told by the controller's table");
  if (!standing.known) return unseen(name, standing.reason);
  if (standing.value === undefined)
    return isPlanned
      ? bad(
          name,
          "the switchover function has stored nothing yet, and the plan has a switchover",
          "Its schedule makes it store where the writer is within a minute: look at its log.",
        )
      : good(name, "no switchover was ever asked for");
  const { color, phase, isAtRest, reason } = standing.value;
  if (isAtRest) return good(name, `${color}'s cluster takes all writes, nothing moves there`);
  const say = isPlanned ? bad : warning;
  return say(
    name,
    `a switchover is ${phase}: ${reason}`,
    "Wait until it is at rest: npm run cutover -- switchover status.",
  );
}
