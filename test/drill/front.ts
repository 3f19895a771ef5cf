import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSignedCertificate } from "../../app/certificate";
import { COLORS, type Color, type Weights } from "../../lambdas/cutover/contract";
import type { Random } from "../../simulation/random";

/** Between two looks at the listener rule, in milliseconds. */
const LOOK_MILLISECONDS = 200;

/** A task that takes payments. */
export interface Target {
  color: Color;
  port: number;
}

/**
 * Where payments come in, as the load balancer does it: each goes to a task of a color that is drawn by the
 * weights of the listener rule. A task that does not answer is 502.
 */
export class Front {
  port = 0;
  /** Tasks that get payments. */
  targets: Target[] = [];
  /** Requests by the color that they went to. */
  readonly requests: { [color in Color]: number } = { blue: 0, green: 0 };
  private weights: Weights = { blue: 0, green: 0 };
  private turn = 0;
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  private readonly server;

  constructor(
    private readonly readWeights: () => Promise<Weights>,
    private readonly random: Random,
  ) {
    const { certificatePem, keyPem } = selfSignedCertificate(new Date());
    this.server = createServer({ cert: certificatePem, key: keyPem }, (incoming, outgoing) =>
      this.forward(incoming, outgoing),
    );
  }

  async open(): Promise<void> {
    this.weights = await this.readWeights();
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    this.port = (this.server.address() as AddressInfo).port;
    setInterval(() => {
      // What cannot be read stays as it is.
      this.readWeights().then(
        (weights) => {
          this.weights = weights;
        },
        () => {},
      );
    }, LOOK_MILLISECONDS);
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = this.draw();
    if (target === undefined) {
      outgoing.writeHead(503).end();
      return;
    }
    this.requests[target.color] += 1;
    const { method, url: path, headers } = incoming;
    const { agent } = this;
    const options = { method, path, headers, agent, host: "localhost", port: target.port };
    const onward = request(options, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.once("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    // A client that goes away does not wait for an answer.
    outgoing.once("close", () => outgoing.writableFinished || onward.destroy());
    incoming.pipe(onward);
  }

  private draw(): Target | undefined {
    const total = COLORS.reduce((sum, color) => sum + this.weights[color], 0);
    let rest = this.random() * total;
    for (const color of COLORS) {
      rest -= this.weights[color];
      if (rest < 0) return this.next(color);
    }
    return undefined;
  }

  private next(color: Color): Target | undefined {
    const targets = this.targets.filter((target) => target.color === color);
    this.turn += 1;
    return targets[this.turn % targets.length];
  }
}
