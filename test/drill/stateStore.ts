import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { StoredSwitchover } from "../../lambdas/switchover/state";
import { bodyOf, LocalServer } from "../support/localServer";

/** A state that one of the controller's processes has stored; its answer is still on the way. */
export interface Stored {
  state: StoredSwitchover;
  /** The process's name, as its path says. */
  sandbox: string;
}

/**
 * DynamoDB as the controller reaches it: it tells who has stored which state, before whoever stored it
 * knows. That is where a process is killed, to the line.
 */
export class StateStore extends LocalServer {
  private readonly listeners: ((stored: Stored) => void)[] = [];

  constructor(private readonly target: string) {
    super();
  }

  /** Endpoint of the process with this name. */
  urlOf(sandbox: string): string {
    return `${this.url}/${sandbox}`;
  }

  onStored(listener: (stored: Stored) => void): () => void {
    this.listeners.push(listener);
    return () => void this.listeners.splice(this.listeners.indexOf(listener), 1);
  }

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [, sandbox = "", path = ""] = incoming.url?.match(/^\/([^/]+)(\/.*)?$/) ?? [];
    const body = await bodyOf(incoming);
    const { method, headers } = incoming;
    const onward = request(`${this.target}${path || "/"}`, { method, headers }, (reply) => {
      const state = reply.statusCode === 200 ? stateIn(body) : undefined;
      if (state !== undefined) for (const listen of [...this.listeners]) listen({ state, sandbox });
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    // Whoever asked is gone.
    outgoing.once("error", () => onward.destroy());
    onward.end(body);
  }
}

interface Put {
  Item?: { [attribute: string]: { S?: string } };
}

/** The switchover's state in a request that puts it; undefined in every other request. */
export function stateIn(body: string): StoredSwitchover | undefined {
  const sent = JSON.parse(body) as Put & { TransactItems?: { Put?: Put }[] };
  const puts = [sent, ...(sent.TransactItems ?? []).map(({ Put }) => Put)];
  for (const put of puts)
    for (const { S: text = "" } of Object.values(put?.Item ?? {}))
      if (text.startsWith("{") && /"opensUntil"/.test(text)) return JSON.parse(text);
  return undefined;
}
