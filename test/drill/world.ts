import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Color } from "../../lambdas/cutover/contract";
import { TIMEOUT_SECONDS, type Variables } from "../../lambdas/switchover/contract";
import { awsEnvironment, startMoto } from "../support/moto";
import { DrillAws, ENVIRONMENT, PARAMETER } from "./aws";
import { DrillCluster } from "./cluster";
import { DataApi } from "./dataApi";
import { type Instance, startInstance } from "./fleet";
import { Functions } from "./functions";
import { type Links, makeLinks, type PerColor } from "./links";
import { PACE, type Pace } from "./replication/carrier";
import { StateStore } from "./stateStore";
import { Traffic } from "./traffic";

/** A program is not installed; what is, and how to get it, as a clause. */
export class Missing extends Error {}

/**
 * Names of who may write behind the fence, as an operator lists them: our administrator, the cluster's master user,
 * and those that MariaDB keeps for itself, as RDS keeps some.
 */
const ADMINISTRATORS = ["payments_admin", "paymentsmaster", "root", "mariadb.sys"];

export const FUNCTION_NAME = "switchover-drill";

const TASKS_PER_COLOR = 2;
/** Between two events of the schedule, in milliseconds; in AWS a minute. */
const SCHEDULE_MILLISECONDS = 5_000;

/** Everything that a switchover touches, and everybody who pays while it runs. */
export class DrillWorld {
  readonly clusters: PerColor<DrillCluster>;
  readonly links: Links;
  readonly dataApi = new DataApi();
  /** What happens, for whoever watches. @default nobody */
  onNote: (text: string) => void = () => {};
  /** Every task of the application that was ever started. */
  readonly instances: Instance[] = [];
  /** Those that get payments. */
  private serving: Instance[] = [];
  private closing: (() => Promise<void> | void)[] = [];
  private parts: Parts | undefined;

  private constructor(
    private readonly folder: string,
    clusters: PerColor<DrillCluster>,
    private readonly seed: number,
    pace: Pace,
  ) {
    this.clusters = clusters;
    this.links = makeLinks(clusters, "blue", pace);
  }

  /** Throws `Missing` where a program is not installed. */
  static async begin(seed: number, pace = PACE): Promise<DrillWorld> {
    // Each of the many processes is ended with this one.
    process.setMaxListeners(0);
    const found = await Promise.all([DrillCluster.start("blue"), DrillCluster.start("green")]);
    const [blue, green] = found;
    if (blue === undefined || green === undefined)
      throw new Missing("mariadbd is not installed (apt-get install mariadb-server-core)");
    const folder = mkdtempSync(join(tmpdir(), "drill-"));
    const world = new DrillWorld(folder, { blue, green }, seed, pace);
    try {
      await world.prepare();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const close of this.closing.reverse()) await close();
    const { blue, green } = this.clusters;
    for (const carrier of Object.values(this.links.carriers)) await carrier.stop();
    await Promise.all([blue.db.stop(), green.db.stop()]);
    rmSync(this.folder, { recursive: true });
  }

  get aws(): DrillAws {
    return this.part("aws");
  }
  get store(): StateStore {
    return this.part("store");
  }
  get functions(): Functions {
    return this.part("functions");
  }
  get traffic(): Traffic {
    return this.part("traffic");
  }

  /** Starts one more task of the application. @param parameter where it reads the writer */
  async addInstance(color: Color, parameter = PARAMETER): Promise<Instance> {
    const instance = await startInstance(color, {
      ...awsEnvironment(this.aws.url),
      PAYMENTS_ENVIRONMENT: ENVIRONMENT,
      PAYMENTS_WRITER_PARAMETER: parameter,
      PAYMENTS_DATABASE_CA_FILE: this.authorities,
    });
    this.instances.push(instance);
    this.closing.push(() => void instance.program.process.kill("SIGKILL"));
    this.serving.push(instance);
    await this.traffic.setTargets(this.serving);
    return instance;
  }

  /** It gets no more payments, and is gone. */
  async removeInstance(instance: Instance): Promise<void> {
    this.serving = this.serving.filter((other) => other !== instance);
    await this.traffic.setTargets(this.serving);
    instance.program.process.kill("SIGKILL");
  }

  /** To be done before the world ends, what comes last first. */
  onStop(close: () => Promise<void> | void): void {
    this.closing.push(close);
  }

  note(text: string): void {
    this.onNote(text);
  }

  /**
   * Ends what still runs of the controller, and with it the time in which a statement of it may open
   * something: nobody is left who could. In AWS that takes 75 s.
   */
  async quiet(): Promise<void> {
    this.functions.pauseSchedule();
    this.functions.killAll();
    while (this.functions.running > 0) await pause(10);
    // The last statement of a process that was killed may still run.
    while (this.dataApi.running > 0) await pause(10);
    await this.aws.endLease();
    this.functions.schedule(SCHEDULE_MILLISECONDS);
  }

  private part<Name extends keyof Parts>(name: Name): Parts[Name] {
    if (this.parts === undefined) throw new Error("the world is not made yet");
    return this.parts[name];
  }

  private get authorities(): string {
    return join(this.folder, "authorities.pem");
  }

  private async prepare(): Promise<void> {
    const { blue, green } = this.clusters;
    const { dms } = this.links;
    writeFileSync(this.authorities, [blue.caPem, green.caPem].join("\n"));
    const moto = await startMoto();
    if (moto === undefined)
      throw new Missing("moto_server is not installed (pip install 'moto[server]')");
    await moto.reset();
    const aws = await DrillAws.create(moto, this.clusters);
    const store = new StateStore(moto.url);
    const functions = new Functions({
      program: "switchoverSandbox",
      timeoutSeconds: TIMEOUT_SECONDS,
      variablesOf: (sandbox) => this.variablesOf(sandbox),
    });
    for (const server of [this.dataApi, dms, store, functions]) {
      await server.start();
      this.closing.push(() => server.close());
    }
    const traffic = await Traffic.start(moto.url, aws.service, this.seed);
    this.closing.push(() => traffic.close());
    this.parts = { aws, store, functions, traffic };
    for (const cluster of [blue, green])
      this.dataApi.serveCluster(cluster, aws.secretArns[cluster.color].administrator);
    await this.beginReplication();
    await aws.point(PARAMETER, blue);
    const colors = (["blue", "green"] as const).flatMap((color) =>
      Array.from({ length: TASKS_PER_COLOR }, () => color),
    );
    await Promise.all(colors.map((color) => this.addInstance(color)));
    functions.schedule(SCHEDULE_MILLISECONDS);
  }

  /** As the bootstrap leaves it: blue takes writes, nobody else writes, and green follows. */
  private async beginReplication(): Promise<void> {
    const { blue, green } = this.clusters;
    await green.lock("application");
    await blue.lock("replicationTarget");
    await this.links.dms.begin(this.links.taskArns.blue);
  }

  private variablesOf(sandbox: string): { [name: string]: string } {
    const { aws, store, functions } = this;
    const { taskArns, dms } = this.links;
    const clusterOf = (color: Color) => ({
      clusterArn: this.clusters[color].arn,
      administratorSecretArn: aws.secretArns[color].administrator,
      endpoint: this.clusters[color].endpoint,
      applicationSecretArn: aws.secretArns[color].application,
      taskArn: taskArns[color],
    });
    const variables: Variables = {
      PAYMENTS_ENVIRONMENT: ENVIRONMENT,
      PAYMENTS_STATE_TABLE: aws.table,
      PAYMENTS_TOPIC_ARN: aws.topicArn,
      PAYMENTS_WRITER_PARAMETER: PARAMETER,
      PAYMENTS_CLUSTERS: JSON.stringify({ blue: clusterOf("blue"), green: clusterOf("green") }),
      PAYMENTS_ADMINISTRATORS: ADMINISTRATORS.join(","),
    };
    return {
      ...awsEnvironment(aws.url),
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
      AWS_ENDPOINT_URL_RDS_DATA: this.dataApi.url,
      AWS_ENDPOINT_URL_DATABASE_MIGRATION_SERVICE: dms.url,
      AWS_ENDPOINT_URL_LAMBDA: functions.url,
      AWS_ENDPOINT_URL_DYNAMODB: store.urlOf(sandbox),
    };
  }
}

interface Parts {
  aws: DrillAws;
  store: StateStore;
  functions: Functions;
  traffic: Traffic;
}
