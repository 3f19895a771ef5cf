import type { InvocationContext } from "../common/ports";
import { VERBS, type Verb } from "./contract";
import { observe } from "./observe";
import { loadState } from "./pass";
import type { SwitchoverPorts } from "./ports";
import { obstaclesToStart } from "./rest";
import { type Answer, serve } from "./serve";
import type { StoredSwitchover, SwitchoverFacts } from "./state";
import type { Wiring } from "./variables";

export interface Preflight {
  verb: "preflight";
  /** All that stands against a switchover now; empty when it could start. */
  obstacles: string[];
}

/** What an event is answered with. */
export type Handled = Answer | StoredSwitchover | Preflight;

type Asked = NonNullable<SwitchoverFacts["request"]>;

/** Serves one event. Throws on one that cannot be served: nothing has been touched then. */
export async function handle(
  ports: SwitchoverPorts,
  wiring: Pick<Wiring, "environment" | "administrators">,
  event: unknown,
  context: InvocationContext,
  log: (line: string) => void,
): Promise<Handled> {
  const { environment, administrators } = wiring;
  const options = { environment, administrators };
  const { verb } = Object(event) as { verb?: unknown };
  if (verb === "watch") return serve(ports, { ...options, occasion: "watch" }, context, log);
  if (verb === undefined) return serve(ports, { ...options, occasion: "schedule" }, context, log);
  const request = readRequest(event, () => ports.newId());
  if (request === "status") return loadState(ports);
  if (request === "preflight") return preflight(ports, wiring);
  // Before anything waits: should this invocation die, another one has to be there.
  if (request.verb === "start") await ports.wakeWatch();
  return serve(ports, { ...options, occasion: "request", request }, context, log);
}

/** Throws on what cannot be asked, with what can. */
function readRequest(event: unknown, newId: () => string): Asked | "status" | "preflight" {
  const { verb, who, why, to } = Object(event) as { [field: string]: unknown };
  if (!isVerb(verb)) throw new Error(`verb must be one of ${VERBS.join(", ")}, got ${verb}`);
  if (verb === "status" || verb === "preflight") return verb;
  if (!isText(who) || !isText(why))
    throw new Error(`${verb} goes on record: send who and why with it, as texts`);
  if (to !== undefined && to !== "blue" && to !== "green")
    throw new Error(`to must be blue or green, got ${to}`);
  return { verb, who, why, markerId: newId(), ...(to !== undefined && { to }) };
}

function isVerb(value: unknown): value is Verb {
  return (VERBS as readonly unknown[]).includes(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** What a start would be refused for. Reads only: heartbeats come with the schedule. */
async function preflight(
  ports: SwitchoverPorts,
  { administrators }: Pick<Wiring, "administrators">,
): Promise<Preflight> {
  const state = await loadState(ports);
  const request: Asked = { verb: "start", who: "preflight", why: "preflight", markerId: "none" };
  const seen = await observe(ports, state, request, administrators);
  const { phase } = state;
  const obstacles =
    "attempt" in phase
      ? [`a switchover is ${phase.name} already`]
      : obstaclesToStart(state, seen, phase.writer);
  return { verb: "preflight", obstacles };
}
