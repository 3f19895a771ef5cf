import type { Verb } from "../../lambdas/cutover/contract";
import type { Ports } from "../../lambdas/cutover/ports";
import type { TickReport } from "../../lambdas/cutover/tick";
import { passOn, type WatchedWorld, watchedWorld } from "./watchedWorld";

/** What happens to a call at which an invocation stands. */
type Turn = "goes on" | "dies" | "is lost" | "is not answered";

interface Standing {
  invocation: number;
  call: string;
  take: (turn: Turn) => void;
}

/** One world and the invocations in it, one of which goes on at a time. */
export interface Stage extends WatchedWorld {
  reports: TickReport[];
}

/** A pass of an invocation among others; it never ends when the invocation dies. */
export type Pass = (verb?: Verb) => Promise<unknown>;

export interface Scene {
  /** Brings the world to where the invocations begin. */
  prepare(stage: Stage): Promise<void>;
  /** What each invocation does. */
  invocations: ((pass: Pass, stage: Stage) => Promise<unknown>)[];
  /** Whether one call, in each way once, goes wrong: a death, a lost call, a lost answer. */
  troubles: boolean;
  /** To be held against what came of each way. */
  check(stage: Stage, way: string[]): void;
}

/** Where another invocation may come in between. What else is read changes nothing here. */
const CALLS = ["load", "readWeights", "save", "writeWeights", "notify"];
const WRITES = ["save", "writeWeights"];

/** Passes that follow, ten seconds apart, when the invocations are done. */
const PASSES_AFTERWARDS = 12;

/** Goes every way through the scene once. Resolves to how many there were. */
export async function everyWay(scene: Scene): Promise<number> {
  let choices: number[] = [];
  for (let ways = 1; ; ways++) {
    const widths = await goOneWay(scene, choices);
    // The last choice that has another possibility takes the next one; what followed is forgotten.
    choices = widths.map((_, depth) => choices[depth] ?? 0);
    let last = choices.length - 1;
    while (last >= 0 && (choices[last] ?? 0) + 1 >= (widths[last] ?? 0)) last--;
    if (last < 0) return ways;
    choices = [...choices.slice(0, last), (choices[last] ?? 0) + 1];
  }
}

/** Resolves to how many possibilities there were at each choice. */
async function goOneWay(scene: Scene, choices: number[]): Promise<number[]> {
  const stage: Stage = { ...watchedWorld(), reports: [] };
  await scene.prepare(stage);
  const standing: Standing[] = [];
  scene.invocations.forEach((invocation, index) => {
    const ports = gated(stage, index, standing);
    void invocation(async (verb) => note(stage, await passOn(ports, verb)), stage).catch(() => {});
  });
  const widths: number[] = [];
  const way: string[] = [];
  let troubles = scene.troubles ? 1 : 0;
  for (await atRest(); standing.length > 0; await atRest()) {
    standing.sort((left, right) => left.invocation - right.invocation);
    const possible = standing.flatMap((one) =>
      turnsOf(one, troubles).map((turn) => [one, turn] as const),
    );
    const chosen = possible[choices[widths.length] ?? 0];
    if (chosen === undefined) throw new Error("the scene is not the same each time");
    widths.push(possible.length);
    const [one, turn] = chosen;
    if (turn !== "goes on") troubles--;
    way.push(`${one.invocation} ${one.call} ${turn}`);
    standing.splice(standing.indexOf(one), 1);
    one.take(turn);
  }
  for (let count = 0; count < PASSES_AFTERWARDS; count++) {
    stage.world.pass(10_000);
    await stage.alone();
  }
  scene.check(stage, way);
  return widths;
}

function turnsOf({ call }: Standing, troubles: number): Turn[] {
  if (troubles === 0) return ["goes on"];
  return WRITES.includes(call)
    ? ["goes on", "dies", "is lost", "is not answered"]
    : ["goes on", "dies"];
}

function note({ reports }: Stage, report: TickReport): void {
  reports.push(report);
}

/** The world's ports, as one invocation meets them: before some calls it stands until its turn. */
function gated({ world }: Stage, invocation: number, standing: Standing[]): Ports {
  const gates = Object.entries(world.ports).map(([port, methods]) => [
    port,
    Object.fromEntries(
      Object.entries(methods as { [call: string]: (...given: never[]) => unknown }).map(
        ([call, carryOut]) => [
          call,
          CALLS.includes(call)
            ? (...given: never[]) => stand(invocation, standing, call, () => carryOut(...given))
            : carryOut,
        ],
      ),
    ),
  ]);
  return Object.fromEntries(gates) as Ports;
}

async function stand(
  invocation: number,
  standing: Standing[],
  call: string,
  carryOut: () => unknown,
): Promise<unknown> {
  const turn = await new Promise<Turn>((take) => standing.push({ invocation, call, take }));
  if (turn === "dies") return new Promise(() => {});
  if (turn === "is lost") return "unknown";
  const answer = await carryOut();
  return turn === "is not answered" ? "unknown" : answer;
}

function atRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
