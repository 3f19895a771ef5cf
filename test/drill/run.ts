import { setTimeout as pause } from "node:timers/promises";
import { USER_NAMES } from "../../lambdas/bootstrap/contract";
import { COLORS, type Color, otherColor } from "../../lambdas/cutover/contract";
import { seededRandom } from "../../simulation/random";
import { allOn } from "./aws";
import type { DrillCluster } from "./cluster";
import { type Fault, NONE } from "./faults";
import { compare, type Findings, type Rows } from "./ledger";
import { countFailures, type Latency, latencyOf } from "./measure";
import { RELEASE, releaseTo } from "./release";
import { moveTraffic, switchOver, type Tried } from "./switchOver";
import { DrillWorld } from "./world";

export interface RunOptions {
  /** One for each switchover, the first to green, the next back to blue, and so on. */
  faults: Fault[];
  seed: number;
  paymentsPerHour: number;
  /** The same faults again until the load has lasted that long. @default 0: once */
  minutes?: number;
  onNote?: (text: string) => void;
}

/** What came of a run: figures as they were measured, and all that is wrong. */
export interface RunResult {
  seconds: number;
  tried: Tried[];
  acknowledged: number;
  findings: Findings;
  latency: Latency;
  clientErrors: { [what: string]: number };
  /** What must hold and did not; empty when all is well. */
  problems: string[];
}

/** Longest that payments may wait, in milliseconds: the controller's time box. */
const TIME_BOX_MILLISECONDS = 60_000;
/** Payments before the first switchover, and after the last. */
const WARM_UP_MILLISECONDS = 2_000;
const CATCH_UP_MILLISECONDS = 60_000;

/** Switches over under load, there and back, and compares the ledger with the rows afterwards. */
export async function run(options: RunOptions): Promise<RunResult> {
  const world = await DrillWorld.begin(options.seed);
  if (options.onNote) world.onNote = options.onNote;
  try {
    await world.aws.setWeights(allOn("blue"));
    const begunAt = performance.now();
    await world.traffic.begin(options.paymentsPerHour);
    await pause(WARM_UP_MILLISECONDS);
    const tried = await switchThereAndBack(world, options, begunAt);
    await pause(WARM_UP_MILLISECONDS);
    await world.traffic.end();
    const seconds = (performance.now() - begunAt) / 1000;
    return await judge(world, options.faults, tried, seconds);
  } finally {
    await world.stop();
  }
}

async function switchThereAndBack(
  world: DrillWorld,
  { faults, seed, minutes = 0 }: RunOptions,
  begunAt: number,
): Promise<Tried[]> {
  const tried: Tried[] = [];
  const random = seededRandom(seed ^ 0x5eed);
  do
    for (const fault of faults) {
      const to = otherColor(await writerOf(world));
      if (fault === RELEASE) {
        tried.push(await releaseTo(world, to, random));
        continue;
      }
      await moveTraffic(world, to);
      const one = await switchOver(world, to, fault, random);
      tried.push(one);
      // It must be possible all the same once the fault is over.
      if (one.ended === "aborted") tried.push(await switchOver(world, to, NONE, random));
    }
  while (performance.now() - begunAt < minutes * 60_000);
  return tried;
}

async function writerOf(world: DrillWorld): Promise<Color> {
  const phase = (await world.aws.state())?.phase;
  return phase !== undefined && "writer" in phase ? phase.writer : "blue";
}

/** Everything that must hold, once no payment is under way any more. */
export async function judge(
  world: DrillWorld,
  faults: Fault[],
  tried: Tried[],
  seconds: number,
): Promise<RunResult> {
  const writer = await writerOf(world);
  const findings = await compareWhenStill(world, writer);
  const open = await openColors(world);
  const { traffic } = world;
  const foreign = tried.reduce(
    (sum, { fault }) => sum + (faults.find(({ name }) => name === fault)?.foreign ?? 0),
    0,
  );
  return {
    ...{ seconds, tried, findings, acknowledged: traffic.acknowledged.length },
    latency: latencyOf(traffic.sent),
    clientErrors: countFailures(traffic.failures),
    problems: [
      ...tried.flatMap((one) => problemsOf(one, faults)),
      ...wrongRows(findings, foreign),
      ...(open.join() === writer ? [] : [`open for payments: ${open.join(" and ") || "none"}`]),
    ],
  };
}

/** Replication may still be under way. */
async function compareWhenStill(world: DrillWorld, writer: Color): Promise<Findings> {
  const until = performance.now() + CATCH_UP_MILLISECONDS;
  for (;;) {
    const other = await rowsOf(world.clusters[otherColor(writer)]);
    const findings = compare(world.traffic.sent, await rowsOf(world.clusters[writer]), other);
    if (findings.unreplicated.length === 0 || performance.now() > until) return findings;
    await pause(500);
  }
}

export async function rowsOf(cluster: DrillCluster): Promise<Rows> {
  const payments = await cluster.ask("SELECT id, amount, merchant_id FROM payments.payment");
  const keys = await cluster.ask(
    "SELECT merchant_id, idempotency_key, JSON_VALUE(answer, '$.id') FROM payments.idempotency",
  );
  return {
    payments: payments.map(([id = "", amount, merchantId = ""]) => ({
      ...{ id, amount: Number(amount), merchantId },
    })),
    keys: keys.map(([merchantId = "", key = "", id = ""]) => ({ merchantId, key, id })),
  };
}

/** The clusters that let the application in. */
async function openColors(world: DrillWorld): Promise<Color[]> {
  const open: Color[] = [];
  for (const color of COLORS) {
    const [[locked, readOnly] = []] = await world.clusters[color].ask(
      `SELECT COALESCE(JSON_VALUE(priv, '$.account_locked'), 0), @@read_only FROM mysql.global_priv WHERE user = '${USER_NAMES.application}'`,
    );
    if (Number(locked) === 0 && Number(readOnly) === 0) open.push(color);
  }
  return open;
}

function problemsOf(one: Tried, faults: Fault[]): string[] {
  const expected = faults.find(({ name }) => name === one.fault)?.expected ?? "switched";
  const name = `${one.fault}, to ${one.to}`;
  const problems = one.struck ? [] : [`${name}: the fault never struck`];
  if (expected !== "either" && one.ended !== expected)
    problems.push(`${name}: ${one.ended}, must be ${expected} (${one.reason})`);
  if (one.pauseMilliseconds > TIME_BOX_MILLISECONDS)
    problems.push(`${name}: payments waited for ${one.pauseMilliseconds / 1000} s, at most 60`);
  if (one.acknowledgedWhileFenced > 0)
    problems.push(`${name}: ${one.acknowledgedWhileFenced} payments were made behind the fence`);
  return problems;
}

function wrongRows(findings: Findings, foreign: number): string[] {
  return Object.entries(findings).flatMap(([what, found]: [string, string[]]) => {
    const allowed = what === "foreign" ? foreign : 0;
    return found.length === allowed
      ? []
      : [`${what}: ${found.length}, must be ${allowed} (${found.slice(0, 3).join(", ")})`];
  });
}
