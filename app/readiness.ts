import { type Answer, json } from "./answer";

/** What a task knows of itself. Milliseconds. */
export interface Standing {
  /** Since the database last answered; infinite before its first answer. */
  silent: number;
  /** It was told to stop. */
  draining: boolean;
}

/**
 * Whether the load balancer should send payments to this task.
 *
 * A database that takes no writes makes no task unready: all tasks of both colors share the one
 * writer, so each would fail its check in the same seconds, ECS would replace what is healthy, and
 * the pause of a switchover would become an outage. A refusal even shows that the way is open. Only
 * a task that has had no answer at all, for longer than a fence or a failover lasts, is the task that
 * is wrong; and so is one that has never had any.
 */
export function readiness({ silent, draining }: Standing, silenceLimit: number): Answer {
  if (draining) return json(503, { status: "draining" });
  if (silent > silenceLimit) return json(503, { status: "no answer from the database" });
  return json(200, { status: "ready" });
}
