/**
 * How tasks are paid for.
 * - `on-demand`: a task runs until we stop it.
 * - `spot`: about a third of the price, and AWS may take a task away with two minutes' notice. For
 *   development only: a color that loses half of its tasks at once looks like a bad release.
 */
export type FargateCapacity = "on-demand" | "spot";

/** AWS's names for them. */
export const CAPACITY_PROVIDERS: { readonly [capacity in FargateCapacity]: string } = {
  "on-demand": "FARGATE",
  spot: "FARGATE_SPOT",
};

/** Amounts of memory, in MiB: each one, or from the first to the last in equal steps. */
type Memory =
  | readonly number[]
  | { readonly from: number; readonly to: number; readonly step: number };

/** What a Linux task may have, by its CPU units (ECS developer guide, "task size"). */
const MEMORY_MIB: { readonly [cpu: number]: Memory } = {
  256: [512, 1024, 2048],
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16384, step: 1024 },
  4096: { from: 8192, to: 30720, step: 1024 },
  8192: { from: 16384, to: 61440, step: 4096 },
  16384: { from: 32768, to: 122880, step: 8192 },
};

/**
 * What is wrong with a task's size; undefined when Fargate has it.
 * @param cpu CPU units; 1024 is one vCPU
 * @param memory MiB
 */
export function fargatePairMistake(cpu: number, memory: number): string | undefined {
  const allowed = MEMORY_MIB[cpu];
  if (allowed === undefined)
    return `got ${cpu} CPU units, allowed: ${Object.keys(MEMORY_MIB).join(", ")}`;
  if (has(allowed, memory)) return undefined;
  return `got ${memory} MiB with ${cpu} CPU units, allowed: ${listOf(allowed)}`;
}

function has(allowed: Memory, memory: number): boolean {
  if (!("step" in allowed)) return allowed.includes(memory);
  const { from, to, step } = allowed;
  return memory >= from && memory <= to && (memory - from) % step === 0;
}

function listOf(allowed: Memory): string {
  if (!("step" in allowed)) return allowed.join(", ");
  return `${allowed.from} to ${allowed.to} in steps of ${allowed.step}`;
}
