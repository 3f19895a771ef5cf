import { systemClock } from "../common/aws/clock";
import type { InvocationContext } from "../common/ports";
import { awsPorts } from "./aws/ports";
import { type BootstrapAnswer, type BootstrapRequest, DATABASE_USERS } from "./contract";
import { namesOf } from "./credentials";
import type { Clock, Ports } from "./ports";
import { prepare } from "./prepare";
import { start } from "./start";
import {
  grantStatements,
  markerStatement,
  type Statement,
  schemaStatements,
  userStatements,
} from "./statements";

/** Serves one request of a deployment; see contract.ts. */
export function createHandler() {
  return async (event: unknown, context: InvocationContext): Promise<BootstrapAnswer> => {
    const answer = await serve(awsPorts(clockOf(context)), event);
    console.log(JSON.stringify(answer));
    return answer;
  };
}

function clockOf(context: InvocationContext): Clock {
  return {
    timeLeft: () => context.getRemainingTimeInMillis(),
    sleep: systemClock().sleep,
  };
}

export async function serve(ports: Ports, event: unknown): Promise<BootstrapAnswer> {
  const request = (event ?? {}) as BootstrapRequest;
  if (request.verb === "prepare") return prepare(ports, request);
  if (request.verb === "start") return start(ports, request);
  const { verb } = request as { verb?: unknown };
  throw new Error(`verb must be prepare or start, got ${JSON.stringify(verb)}`);
}

/** All statements of a preparation, with a placeholder for passwords: what changes with the program. */
export function statementTexts(): string[] {
  const all: Statement[] = [
    ...schemaStatements(),
    ...DATABASE_USERS.flatMap((user) => [
      ...namesOf(user).flatMap((username) => userStatements({ username, password: "" }, true)),
      ...grantStatements(user, namesOf(user)),
    ]),
    markerStatement(),
  ];
  return all.map(({ sql }) => sql);
}
