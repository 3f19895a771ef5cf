import { setTimeout as pause } from "node:timers/promises";
import { LIMITS, type Limits } from "../../app/limits";
import { type Service, startService } from "../../app/service";
import type { Settings } from "../../app/settings";
import { awsEnvironment, REGION, setVariables } from "../support/moto";
import { Client } from "./client";
import { Cluster, type Color } from "./cluster";
import { FakeAws } from "./fakeAws";

export const PARAMETER = "/payments/test/database/writer";

/** Nobody waits long in a test; what is counted in pieces stays as it is. */
export const QUICK: Limits = {
  ...LIMITS,
  pointerPoll: 50,
  hold: 300,
  retry: 50,
  statement: 1_500,
  linger: 100,
};

/** Databases, the AWS around them, and services that use them. */
export class World {
  readonly aws = new FakeAws();
  readonly lines: string[] = [];
  private readonly closing: (() => Promise<void> | void)[] = [];
  private readonly clusters: Cluster[] = [];

  /** The first color takes writes. Left out, or failed, where no server is installed. */
  static async begin(context: Mocha.Context, leftOut: string, colors: Color[]): Promise<World> {
    const world = new World();
    try {
      await world.prepare(context, leftOut, colors);
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const close of this.closing.reverse()) await close();
  }

  cluster(color: Color): Cluster {
    const found = this.clusters.find((cluster) => cluster.color === color);
    if (found === undefined) throw new Error(`no ${color} cluster`);
    return found;
  }

  pointTo(cluster: Cluster): void {
    this.aws.parameters[PARAMETER] = cluster.pointerText;
  }

  get caPem(): string {
    return this.clusters.map(({ caPem }) => caPem).join("\n");
  }

  /** A service that is ready, and a client of it. */
  async serve(changes: Partial<Limits> = {}): Promise<{ service: Service; client: Client }> {
    const { service, client } = await this.start({}, changes);
    await until(async () => (await client.get("/healthz/ready")).status === 200);
    return { service, client };
  }

  /** A service that has just been started, and a client of it. */
  async start(
    differences: Partial<Settings>,
    changes: Partial<Limits> = {},
  ): Promise<{ service: Service; client: Client }> {
    const settings = {
      environment: "test",
      color: "blue" as const,
      writerParameter: PARAMETER,
      region: REGION,
      port: 0,
      tls: undefined,
      databaseCaPem: this.caPem,
      ...differences,
    };
    const write = (line: string) => this.lines.push(line);
    const service = await startService(settings, { ...QUICK, ...changes }, write);
    const client = new Client(service.port);
    this.closing.push(async () => {
      client.close();
      await service.drain();
    });
    return { service, client };
  }

  private async prepare(context: Mocha.Context, leftOut: string, colors: Color[]): Promise<void> {
    for (const color of colors) {
      const cluster = await Cluster.start(context, leftOut, color);
      this.clusters.push(cluster);
      this.closing.push(() => cluster.stop());
    }
    await this.aws.start();
    this.closing.push(() => this.aws.close(), setVariables(awsEnvironment(this.aws.url)));
    for (const cluster of this.clusters)
      for (const user of ["application", "migration"] as const)
        this.aws.secrets[cluster.secretArn(user)] = cluster.secretText(user);
    this.pointTo(this.cluster(colors[0] as Color));
  }
}

/** Waits until something is so; fails when it is not after ten seconds. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not so after 10 s: ${isSo}`);
    await pause(20);
  }
}
