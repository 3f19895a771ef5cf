import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { awsPorts as bootstrapPorts } from "../../lambdas/bootstrap/aws/ports";
import type {
  BootstrapRequest,
  ClusterAccess,
  DatabaseUser,
} from "../../lambdas/bootstrap/contract";
import { awsPorts as cutoverPorts } from "../../lambdas/cutover/aws/ports";
import { COLORS } from "../../lambdas/cutover/contract";
import { SOURCE_NAMES } from "../../lambdas/cutover/ports";
import { initialState } from "../../lambdas/cutover/state";
import { readVariables as cutoverVariables } from "../../lambdas/cutover/variables";
import { awsPorts as refreshPorts } from "../../lambdas/refresh/aws/ports";
import { readVariables as refreshVariables } from "../../lambdas/refresh/variables";
import { awsPorts as switchoverPorts } from "../../lambdas/switchover/aws/ports";
import { initialState as firstState } from "../../lambdas/switchover/pass";
import type { Database } from "../../lambdas/switchover/ports";
import { readVariables as switchoverVariables } from "../../lambdas/switchover/variables";
import { DIRECTORY } from "../support/program";

/** What a deployment gives to a function. */
export interface Given {
  variables: { [name: string]: string };
  /** Events that the deployment itself sends. */
  events: unknown[];
  /** The nested CloudFormation stacks: ids and parameters. */
  stacks: { id: string; parameters: { [name: string]: string } }[];
}

/** What the stand-in for AWS answers, by the operation's name. */
export type Answers = { [operation: string]: string };

/** The adapters of one deployed function, and a call of each of their methods. */
export interface Exercise {
  /** Ports, and the methods that each has. */
  ports: object;
  /** By port and method, with everything that the deployment lets the function name. */
  calls: { [method: string]: () => unknown[] };
  /** Commands of adapters that this deployment has no use for. */
  unused?: string[];
}

/** By the beginning of the function's logical name. */
export const EXERCISES: {
  [name: string]: { folder: string; exercise(given: Given, answers: Answers): Exercise };
} = {
  "cutover-function": { folder: "cutover", exercise: exerciseCutover },
  "refresh-function": { folder: "refresh", exercise: exerciseRefresh },
  "switchover-function": { folder: "switchover", exercise: exerciseSwitchover },
  "db-bootstrap-function": { folder: "bootstrap", exercise: exerciseBootstrap },
};

function exerciseCutover({ variables, stacks }: Given): Exercise {
  // Pulumi ends the name with an id of its own.
  const itself = `cutover-function-${variables.PAYMENTS_ENVIRONMENT}-0a1b2c3`;
  const ports = cutoverPorts(cutoverVariables({ ...variables, AWS_LAMBDA_FUNCTION_NAME: itself }));
  const { router, health, traffic, state, notifier, release, switchover } = ports;
  const gates = stacks.filter(({ id }) => id.includes("/release-gate-"));
  const services = gates.flatMap(
    ({ parameters: { BlueServiceArn = "", GreenServiceArn = "" } }) => [
      BlueServiceArn,
      GreenServiceArn,
    ],
  );
  const { readAwsPercent, writeAwsPercent } = router;
  const next = initialState("blue");
  const record = { at: 1, code: "-", reason: "-", who: "-", weights: next.weights };
  return {
    ports,
    // Only where clients come on-premises too.
    unused: readAwsPercent ? [] : ["ListResourceRecordSets", "ChangeResourceRecordSets"],
    calls: {
      ...(readAwsPercent && { "router.readAwsPercent": () => [readAwsPercent()] }),
      ...(writeAwsPercent && { "router.writeAwsPercent": () => [writeAwsPercent(10)] }),
      "router.readWeights": () => [router.readWeights()],
      "router.writeWeights": () => [router.writeWeights({ blue: 90, green: 10 })],
      "health.readTargets": () => COLORS.map((color) => health.readTargets(color)),
      "health.readAlarms": () => COLORS.map((color) => health.readAlarms(color)),
      "traffic.readPeriods": () =>
        SOURCE_NAMES.map((source) => traffic.readPeriods(source, 0, 60_000, 500)),
      "state.load": () => [state.load()],
      "state.save": () => [0, 1].map((version) => state.save(next, version, record)),
      "notifier.notify": () => [notifier.notify("subject", "message")],
      "switchover.read": () => [switchover?.read()],
      "switchover.ask": () => [switchover?.ask("green", "-", "-")],
      wakeAnother: () => [ports.wakeAnother()],
      "release.readStatus": () => gates.map(({ id }) => release.readStatus(id)),
      "release.readService": () => services.map((arn) => release.readService(arn)),
      // Signed by CloudFormation: it needs no permission of the function's.
      "release.answer": () => [release.answer("https://127.0.0.1:1/", "{}")],
    },
  };
}

function exerciseRefresh({ variables }: Given): Exercise {
  const wiring = refreshVariables(variables);
  const ports = refreshPorts(wiring);
  const { cutover, secrets, services, tasks, notifier } = ports;
  const ofService = wiring.consumers.flatMap((one) => (one.kind === "service" ? [one] : []));
  const taskArns = wiring.consumers.flatMap((one) =>
    one.kind === "replicationTask" ? [one.taskArn] : [],
  );
  const secretArns = wiring.consumers.flatMap((one) => one.secretArns);
  return {
    ports,
    calls: {
      "cutover.readPhase": () => [cutover.readPhase()],
      "secrets.readRotatedAt": () => secretArns.map((arn) => secrets.readRotatedAt(arn)),
      "services.read": () => ofService.map((one) => services.read(one)),
      "services.restart": () =>
        ofService.map((one) => services.restart(one.clusterArn, one.serviceArn)),
      "tasks.read": () => taskArns.map((arn) => tasks.read(arn)),
      "tasks.mark": () => taskArns.map((arn) => tasks.mark(arn, 0)),
      "tasks.unmark": () => taskArns.map((arn) => tasks.unmark(arn)),
      "tasks.stop": () => taskArns.map((arn) => tasks.stop(arn)),
      "tasks.resume": () => taskArns.map((arn) => tasks.resume(arn)),
      "notifier.notify": () => [notifier.notify("subject", "message")],
    },
  };
}

function exerciseSwitchover({ variables }: Given, answers: Answers): Exercise {
  // Pulumi ends the name with an id of its own.
  const itself = `switchover-function-${variables.PAYMENTS_ENVIRONMENT}-0a1b2c3`;
  const wiring = switchoverVariables({ ...variables, AWS_LAMBDA_FUNCTION_NAME: itself });
  const ports = switchoverPorts(wiring);
  const { databases, replication, writer, store, notifier, ...others } = ports;
  const state = firstState("blue");
  const record = { at: 1, code: "-", reason: "-", who: "-", epoch: 0, phase: "prepared" } as const;
  const position = { file: "bin.000001", offset: 4 };
  const marker = { id: "id", epoch: 0, kind: "heartbeat" } as const;
  const users: DatabaseUser[] = ["application"];
  /** One statement is like another: each is run in both clusters. */
  const ofClusters = COLORS.flatMap((color) => {
    const database = databases[color];
    const calls: { [method in keyof Database]: () => unknown[] } = {
      setReadOnly: () => [database.setReadOnly(true)],
      setLocked: () => [database.setLocked(users, true)],
      endSessions: () => [database.endSessions(users)],
      writeMarker: () => [database.writeMarker({ ...marker, from: color })],
      readFence: () => [database.readFence()],
      readAccounts: () => [database.readAccounts(users)],
      countSessions: () => [database.countSessions(users)],
      countTransactions: () => [database.countTransactions(users)],
      countPreparedXa: () => [database.countPreparedXa()],
      hasMarker: () => [database.hasMarker("id")],
      heartbeatAge: () => [database.heartbeatAge(color)],
      readPosition: () => [database.readPosition()],
      readWritten: () => [database.readWritten(position)],
      readTroubles: () => [database.readTroubles()],
      readAnswers: () => [database.readAnswers()],
    };
    return Object.entries(calls).map(([method, call]) => [`databases.${color}.${method}`, call]);
  });
  /** What is asked of a task depends on how it stands: one after the other. */
  const turnReplication = async () => {
    const stands = (Status: string, CdcStartPosition: string) => {
      const tasks = COLORS.map((color) => ({
        ReplicationTaskArn: wiring.clusters[color].taskArn,
        ...{ Status, CdcStartPosition, MigrationType: "cdc" },
      }));
      answers.DescribeReplicationTasks = JSON.stringify({ ReplicationTasks: tasks });
    };
    stands("running", "");
    for (const color of COLORS) await replication.stop(color);
    stands("stopped", "elsewhere");
    for (const color of COLORS) await replication.start(color, position, 0);
    stands("stopped", `${position.file}:${position.offset}`);
    for (const color of COLORS) await replication.start(color, position, 0);
  };
  return {
    ports: {
      ...{ ...others, replication, writer, store, notifier },
      ...{ "databases.blue": databases.blue, "databases.green": databases.green },
    },
    calls: {
      ...(Object.fromEntries(ofClusters) as Exercise["calls"]),
      "replication.readStatus": () => COLORS.map((color) => replication.readStatus(color)),
      "replication.stop": () => [turnReplication()],
      "replication.start": () => [],
      "writer.read": () => [writer.read()],
      "writer.write": () => COLORS.map((color) => writer.write(color)),
      "store.load": () => [store.load()],
      "store.save": () => [undefined, record].map((one) => store.save(state, 0, one)),
      "notifier.notify": () => [notifier.notify("subject", "message")],
      wakeWatch: () => [ports.wakeWatch()],
      newId: () => [ports.newId()],
    },
  };
}

function exerciseBootstrap({ events }: Given): Exercise {
  // No time is left: what fails is not tried again.
  const ports = bootstrapPorts({ timeLeft: () => 0, sleep: async () => undefined });
  const { sql, secrets, replication } = ports;
  const requests = events as BootstrapRequest[];
  const clusters: ClusterAccess[] = requests.flatMap((one) =>
    one.verb === "prepare" ? [one] : [one.source, one.target],
  );
  const secretArns = clusters.flatMap((one) => Object.values(one.userSecretArns));
  const starts = requests.flatMap((one) => (one.verb === "start" ? [one] : []));
  // The way back is looked at, and never started.
  const started = starts.flatMap((one) => [one.taskArn, one.legacyTaskArn ?? []].flat());
  const observed = [...started, ...starts.map((one) => one.reverseTaskArn)];
  return {
    ports,
    calls: {
      "sql.execute": () => clusters.map((one) => sql.execute(one, "SELECT 1")),
      "secrets.read": () => secretArns.map((arn) => secrets.read(arn)),
      "replication.status": () => observed.map((arn) => replication.status(arn)),
      "replication.start": () => started.map((arn) => replication.start(arn)),
    },
  };
}

/** Every method of the ports, but for the clock's, which reach nothing outside the process. */
export function methodsOf(ports: object): string[] {
  return Object.entries(ports)
    .filter(([name]) => name !== "clock")
    .flatMap(([name, port]) =>
      typeof port === "function" ? [name] : Object.keys(port).map((method) => `${name}.${method}`),
    );
}

/** Names of the operations that the adapters' sources have commands of, whatever calls them. */
export function commandsOf(folder: string): string[] {
  const adapters = join(DIRECTORY, "lambdas", folder, "aws");
  const sources = readdirSync(adapters).map((file) => readFileSync(join(adapters, file), "utf8"));
  const found = sources.flatMap((text) => [...text.matchAll(/\bnew \w+\.(\w+)Command\(/g)]);
  return [...new Set(found.map(([, name]) => name ?? ""))].sort();
}
