import type { Plan, Step } from "../../../lambdas/cutover/contract";
import type { CutoverSettings } from "../cutoverSettings";

/** A plan that differs from the environment's in one thing. */
export interface Variant {
  name: string;
  /** What to write into the stack's file, as a sentence. */
  how: string;
  settings: CutoverSettings;
}

/** Nobody waits for steps longer than this because of advice, in minutes. */
const LONGEST_BAKE = 1440;

/** Changes of one thing each that a person would think of; none that the plan's rules forbid. */
export function variantsOf(settings: CutoverSettings): Variant[] {
  const { plan, tickSeconds } = settings;
  const withSteps = (name: string, steps: Step[] | undefined): Variant[] =>
    steps === undefined
      ? []
      : [
          {
            name,
            how: `payments:cutoverSteps: ${stepsInWords(steps)}`,
            settings: { ...settings, plan: { ...plan, steps } },
          },
        ];
  return [
    ...withSteps("a larger first step", withFirstWeight(plan, 2)),
    ...withSteps("a smaller first step", withFirstWeight(plan, 1 / 2)),
    ...withSteps("a longer look in the middle", withLongerMiddle(plan)),
    ...withSteps("a step in the middle", withMiddle(plan)),
    ...withSteps("steps half as long", withBakes(plan, 1 / 2)),
    ...withSteps("steps twice as long", withBakes(plan, 2)),
    ...longerHold(settings),
    ...(tickSeconds <= SHORTEST_TICK
      ? []
      : [
          {
            name: "a controller that looks more often",
            how: `payments:tickSeconds: ${SHORTEST_TICK}`,
            settings: { ...settings, tickSeconds: SHORTEST_TICK },
          },
        ]),
  ];
}

/** Where few payments come, a step needs time to show anything. */
function longerHold(settings: CutoverSettings): Variant[] {
  const { plan } = settings;
  const longestHoldMinutes = Math.min(plan.limits.longestHoldMinutes * 2, LONGEST_BAKE);
  if (longestHoldMinutes <= plan.limits.longestHoldMinutes) return [];
  const limits = { ...plan.limits, longestHoldMinutes };
  return [
    {
      name: "more patience with a step that shows nothing",
      how: `payments:longestHoldMinutes: ${longestHoldMinutes}`,
      settings: { ...settings, plan: { ...plan, limits } },
    },
  ];
}

/** Least that the settings allow. */
const SHORTEST_TICK = 5;

function withFirstWeight({ steps }: Plan, times: number): Step[] | undefined {
  const [first, ...rest] = steps;
  if (first === undefined) return undefined;
  const weightPercent = Math.round(first.weightPercent * times);
  const isAllowed = weightPercent >= 1 && weightPercent < (rest[0]?.weightPercent ?? 0);
  return isAllowed ? [{ ...first, weightPercent }, ...rest] : undefined;
}

/** Evidence comes fastest where both colors have as many payments. */
function middleOf(steps: readonly Step[]): number {
  return steps.findIndex(({ weightPercent }) => weightPercent >= 25 && weightPercent <= 75);
}

function withLongerMiddle({ steps }: Plan): Step[] | undefined {
  const middle = middleOf(steps);
  if (middle === -1) return undefined;
  return steps.map((step, index) => (index === middle ? baking(step, 2) : step));
}

/** As long as the step before it. */
function withMiddle({ steps }: Plan): Step[] | undefined {
  const after = steps.findIndex(({ weightPercent }) => weightPercent > 50);
  const before = steps[after - 1];
  if (middleOf(steps) !== -1 || before === undefined) return undefined;
  const middle = { weightPercent: 50, bakeMinutes: before.bakeMinutes };
  return [...steps.slice(0, after), middle, ...steps.slice(after)];
}

function withBakes({ steps }: Plan, times: number): Step[] | undefined {
  return steps.some(({ bakeMinutes }) => bakeMinutes > 0)
    ? steps.map((step) => baking(step, times))
    : undefined;
}

function baking(step: Step, times: number): Step {
  return { ...step, bakeMinutes: Math.min(step.bakeMinutes * times, LONGEST_BAKE) };
}

/** As one writes it in YAML, on one line. */
export function stepsInWords(steps: readonly Step[]): string {
  const told = steps.map(({ weightPercent, bakeMinutes, approval, switchover }) =>
    [
      `{ weightPercent: ${weightPercent}, bakeMinutes: ${bakeMinutes}`,
      ...(approval === undefined ? [] : [`approval: ${JSON.stringify(approval)}`]),
      ...(switchover ? ["switchover: true"] : []),
    ].join(", "),
  );
  return `[${told.map((text) => `${text} }`).join(", ")}]`;
}
