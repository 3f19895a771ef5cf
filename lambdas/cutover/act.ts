import type { Action } from "./decide";
import type { Ports } from "./ports";

/**
 * Carries the actions out, in order. Never throws: what failed is returned as a sentence, and the
 * next pass sees the world as it then is. Weights come first, so that no broken notification can
 * hold up a rollback.
 * @param actsBefore epoch milliseconds after which no weights begin to be set: see `lease.ts`
 */
export async function act(ports: Ports, actions: Action[], actsBefore: number): Promise<string[]> {
  const problems: string[] = [];
  for (const action of actions) {
    try {
      const problem = await actOne(ports, action, actsBefore);
      if (problem !== undefined) problems.push(problem);
    } catch (error) {
      problems.push(`${action.kind} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  return problems;
}

async function actOne(
  ports: Ports,
  action: Action,
  actsBefore: number,
): Promise<string | undefined> {
  if (action.kind === "notify") {
    await ports.notifier.notify(action.subject, action.message);
    return undefined;
  }
  if (action.kind === "ask-switchover") {
    const outcome = await ports.switchover?.ask(action.to, "cutover controller", action.why);
    return outcome === "unknown" ? "it is unknown whether the switchover was asked for" : undefined;
  }
  if (ports.clock.now() > actsBefore)
    return "the weights were not set: this pass came to it too late";
  if (action.kind === "set-weights") {
    const outcome = await ports.router.writeWeights(action.weights);
    return outcome === "unknown" ? "it is unknown whether the weights were set" : undefined;
  }
  const outcome = await ports.router.writeAwsPercent?.(action.percent);
  return outcome === "unknown" ? "it is unknown whether the weights of DNS were set" : undefined;
}
