import type { Color } from "../../lambdas/cutover/contract";
import { append, restart } from "./clusters";
import type { Run } from "./run";
import { type SwitchoverWorld, standing } from "./world";

/** What befalls databases, replication and people, on its own. */
export const EVENTS = [
  /** The writer restarts, or fails over to another instance. */
  "restart",
  "failover",
  /** Replication carries nothing for up to half a minute, or ends. */
  "lag",
  "task-fails",
  /** An administrator writes to the old writer behind the fence. */
  "stray",
  /** A person asks for an abort. */
  "abort",
  /** The schedule's event is lost. */
  "missed-event",
  /** Two clocks are seconds apart. */
  "clock-skew",
] as const;
export type WorldEvent = (typeof EVENTS)[number];

export const PERSON = { who: "somebody", why: "the simulation" };

/** How likely each is in a second while payments wait, or replication is turned round. */
const LIKELY = 0.03;
/** By how much rarer each is at rest. */
const RARER_AT_REST = 15;

/** Draws whether something befalls the run now. */
export function happens(run: Run, event: WorldEvent, probability: number): boolean {
  const isOn = run.faulty && (run.settings.faults?.includes(event) ?? true);
  if (!isOn || run.random() >= probability) return false;
  run.injected[event] = (run.injected[event] ?? 0) + 1;
  run.settings.onTrace?.(`  ${event}`);
  return true;
}

/** Once a second; what matters most happens while payments wait. */
export function disturb(run: Run, invoke: (event: object) => void): void {
  const { world, random } = run;
  const { clusters, replication, scheduler } = world;
  const likely = standing(world).rests ? LIKELY / RARER_AT_REST : LIKELY;
  const writer = oldWriter(world);
  if (happens(run, "restart", likely)) restart(clusters[writer], false);
  if (happens(run, "failover", likely)) restart(clusters[writer], true);
  if (happens(run, "lag", likely))
    for (const task of Object.values(replication.tasks))
      task.stallsUntil = scheduler.now() + random() * 30_000;
  if (happens(run, "task-fails", likely)) replication.fail(random() < 0.5 ? "blue" : "green");
  if (happens(run, "abort", likely / 2)) invoke({ verb: "abort", ...PERSON });
  world.ledger.look();
  scheduler.at(scheduler.now() + 1_000, () => disturb(run, invoke));
}

/** What is told of a state most when it comes just after it. */
export function disturbStored(run: Run, invoke: (event: object) => void): void {
  const { world, random } = run;
  const { scheduler } = world;
  const soon = scheduler.now() + random() * 250;
  if (canStray(world) && happens(run, "stray", 2 * LIKELY))
    scheduler.at(soon, () => canStray(world) && stray(world, oldWriter(world)));
  const isTurning = ["sealed", "opening"].includes(world.stored?.phase.name ?? "");
  if (isTurning && happens(run, "abort", 2 * LIKELY))
    scheduler.at(soon, () => invoke({ verb: "abort", ...PERSON }));
}

function oldWriter({ stored }: SwitchoverWorld): Color {
  const phase = stored?.phase;
  if (phase === undefined) return "blue";
  return "attempt" in phase ? phase.attempt.from : phase.writer;
}

/** Until the new writer's log is seen to stand still: what comes later nobody could see in time. */
function canStray({ stored }: SwitchoverWorld): boolean {
  const phase = stored?.phase;
  if (phase?.name === "sealed") return phase.attempt.opensAt === undefined;
  return phase?.name === "draining" || phase?.name === "drained";
}

function stray({ clusters, scheduler }: SwitchoverWorld, color: Color): void {
  const key = `stray at ${scheduler.now()}`;
  append(clusters[color], { kind: "stray", key, payment: key, at: scheduler.now() });
  clusters[color].rows[key] = key;
}
