/** What the infrastructure and the controller both know. Imports nothing: either side may read it. */

export const COLORS = ["blue", "green"] as const;

/** One of the two complete application environments. */
export type Color = (typeof COLORS)[number];

export function otherColor(color: Color): Color {
  return color === "blue" ? "green" : "blue";
}

/** Percent of payments that each color gets; whole numbers that add up to 100. */
export type Weights = { [color in Color]: number };

/** Gives `color` that percentage of the payments and the other color the rest. */
export function weightsFor(color: Color, weightPercent: number): Weights {
  const rest = 100 - weightPercent;
  return color === "blue"
    ? { blue: weightPercent, green: rest }
    : { blue: rest, green: weightPercent };
}

/** A step of the plan that gives the standby color a share of the payments and watches it. */
export interface Step {
  /** Share of the payments that the standby color gets, 1 to 100. */
  weightPercent: number;
  /** How long the step is watched, in minutes, from the moment its weights are seen in place. */
  bakeMinutes: number;
  /**
   * What a person has to agree to before the step can end, 1 to 200 characters. Without an answer the
   * step is held, and taken back like any other that is held too long. @default nobody is asked
   */
  approval?: string;
  /**
   * Moves the database writer to the standby color's cluster once the step has baked; then the step bakes
   * once more. Both colors pay the pause alike, so it needs a step in which both have payments.
   * @default the writer stays where it is
   */
  switchover?: true;
}

/** A step of a migration: leads a share of the clients from on-premises to AWS, and watches them there. */
export interface MigrationStep {
  /** Share of the clients that DNS leads to AWS, 1 to 100. */
  awsPercent: number;
  /** How long the step is watched, in minutes, from the moment its weights have reached nearly everybody. */
  bakeMinutes: number;
  /** As in `Step`. @default nobody is asked */
  approval?: string;
}

/**
 * Longest time until a change has reached all name servers of Route 53, in seconds. Source: its API
 * reference, ChangeResourceRecordSets: "generally within 60 seconds".
 */
export const DNS_PROPAGATION_SECONDS = 60;

/**
 * Seconds that resolvers may keep an answer: as long as they keep a load balancer's, which AWS fixes at
 * 60 (Route 53's guide on alias records).
 */
export const DNS_TTL_SECONDS = 60;

/** After that many seconds a change of weights has reached nearly everybody; some keep answers longer. */
export const DNS_REACH_SECONDS = DNS_PROPAGATION_SECONDS + DNS_TTL_SECONDS;

/** Names of the two weighted records of the domain. */
export const SET_IDENTIFIERS = { aws: "aws", legacy: "legacy" } as const;

/** Bounds that the evidence is held against. */
export interface Limits {
  /** Failed payments per thousand above which the standby color counts as worse, above 0 to 999. */
  maxErrorsPerThousand: number;
  /** Payments that the standby color must have served in a step before it can end, 1 or more. */
  minimumPayments: number;
  /** How long a step may be held beyond its bake time, in minutes, before it is rolled back. */
  longestHoldMinutes: number;
  /** Response time above which a payment is slow; no more than one in a hundred may be. */
  maxP99Milliseconds: number;
  /** Of so many releases that are as good as the live color, the counts take back at most one. */
  releasesPerFalseRollback: number;
  /** Of so many steps with a standby color at its limit, at most one ends as if it were below. */
  stepsPerFalsePromotion: number;
}

/** What is supposed where a plan of an older controller says nothing. */
export const DEFAULT_LIMITS = {
  maxP99Milliseconds: 500,
  releasesPerFalseRollback: 1000,
  stepsPerFalsePromotion: 20,
} as const;

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A time of the week in which no payments are moved on. Rollback works at any time. */
export interface FreezeWindow {
  /** Days on which it begins. */
  days: Weekday[];
  /** `HH:MM`, 00:00 to 23:59. */
  from: string;
  /** `HH:MM`; not later than `from`: of the next day. */
  to: string;
}

export interface Freeze {
  /** Name in the time zone database, such as `Europe/Berlin`. */
  timeZone: string;
  windows: FreezeWindow[];
}

/** What a cutover does, fixed at its start: later changes of the configuration do not reach it. */
export interface Plan {
  steps: Step[];
  limits: Limits;
  /** How clients come from on-premises. @default there is no on-premises endpoint */
  migration?: { steps: MigrationStep[] };
  /** @default payments may be moved at any time */
  freeze?: Freeze;
  /**
   * Lets steps end without payments to judge by, and without data for the alarms: for environments that
   * nobody pays in. What is known to be bad is taken back all the same.
   * @default a step without evidence is held, and taken back
   */
  withoutEvidence?: true;
}

/** Why a plan cannot be carried out; empty when it can. The one rule book for settings and controller. */
export function planMistakes(plan: Plan): string[] {
  const weights = plan.steps.map((step) => ({ ...step, percent: step.weightPercent }));
  return [
    ...stepMistakes(weights, "weightPercent", ""),
    ...switchoverMistakes(plan.steps),
    ...migrationMistakes(plan.migration?.steps),
    ...limitMistakes(plan.limits),
    ...freezeMistakes(plan.freeze),
  ];
}

/** Why a migration cannot be carried out; empty when it can, or when there is none. */
export function migrationMistakes(steps: MigrationStep[] | undefined): string[] {
  if (steps === undefined) return [];
  const shares = steps.map((step) => ({ ...step, percent: step.awsPercent }));
  return stepMistakes(shares, "awsPercent", "migration ");
}

/** A pause that hits one color alone would be held against it. */
function switchoverMistakes(steps: Step[]): string[] {
  const found = steps.filter(({ switchover }) => switchover);
  const late = found.filter(({ weightPercent }) => weightPercent === 100);
  return [
    ...(found.length > 1 ? ["only one step can have a switchover"] : []),
    ...late.map(() => "the last step can have no switchover: give it to a step below 100"),
  ];
}

interface Share {
  percent: number;
  bakeMinutes: number;
  approval?: string;
}

/** Rules of both kinds of steps. */
function stepMistakes(steps: Share[], percentName: string, kind: "" | "migration "): string[] {
  const mistakes: string[] = [];
  const last = steps[steps.length - 1];
  if (last === undefined) return [`a ${kind || "plan "}needs at least one step`];
  let previous = 0;
  steps.forEach(({ percent, bakeMinutes, approval }, index) => {
    const name = `${kind}step ${index + 1}`;
    if (!Number.isInteger(percent) || percent < 1 || percent > 100)
      mistakes.push(`${name}: ${percentName} must be a whole number from 1 to 100, got ${percent}`);
    else if (percent <= previous)
      mistakes.push(`${name}: ${percentName} must rise, got ${percent} after ${previous}`);
    if (!(bakeMinutes >= 0 && bakeMinutes <= 1440))
      mistakes.push(`${name}: bakeMinutes must be from 0 to 1440, got ${bakeMinutes}`);
    if (approval !== undefined && !isQuestion(approval))
      mistakes.push(`${name}: approval must be a text of 1 to 200 characters, got ${approval}`);
    previous = percent;
  });
  if (last.percent !== 100)
    mistakes.push(`the last ${kind}step must have ${percentName} 100, got ${last.percent}`);
  return mistakes;
}

/** Why a freeze cannot be kept; empty when it can. */
export function freezeMistakes(freeze: Freeze | undefined): string[] {
  return freeze === undefined
    ? []
    : [...timeZoneMistakes(freeze.timeZone), ...windowMistakes(freeze.windows)];
}

export function timeZoneMistakes(timeZone: string): string[] {
  return isTimeZone(timeZone)
    ? []
    : [`the freeze's time zone must be a name such as Europe/Berlin, got ${timeZone}`];
}

export function windowMistakes(windows: FreezeWindow[]): string[] {
  const mistakes: string[] = [];
  windows.forEach(({ days, from, to }, index) => {
    const name = `freeze window ${index + 1}`;
    const known: readonly string[] = WEEKDAYS;
    if (days.length === 0 || days.some((day) => !known.includes(day)))
      mistakes.push(
        `${name}: days must be one or more of ${known.join(", ")}, got ${days.join(", ") || "none"}`,
      );
    for (const time of [from, to])
      if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
        mistakes.push(`${name}: a time must be from 00:00 to 23:59, got ${time}`);
  });
  return mistakes;
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone });
    return true;
  } catch {
    return false;
  }
}

function isQuestion(approval: unknown): boolean {
  return typeof approval === "string" && approval.trim() !== "" && approval.length <= 200;
}

/** A limit that is not a number compares as false with everything: nothing would ever be over it. */
function limitMistakes(limits: Limits): string[] {
  const { minimumPayments } = limits;
  const mistakes: string[] = [];
  const bounded = (name: keyof Limits, isAllowed: (value: number) => boolean, allowed: string) => {
    if (!isAllowed(limits[name])) mistakes.push(`${name} must be ${allowed}, got ${limits[name]}`);
  };
  bounded("maxErrorsPerThousand", (value) => value > 0 && value <= 999, "above 0 to 999");
  if (!Number.isInteger(minimumPayments) || minimumPayments < 1)
    mistakes.push(`minimumPayments must be a whole number from 1, got ${minimumPayments}`);
  bounded("longestHoldMinutes", (value) => value >= 0 && value <= 1440, "from 0 to 1440");
  bounded("maxP99Milliseconds", (value) => value > 0 && value <= 60_000, "above 0 to 60000");
  for (const name of ["releasesPerFalseRollback", "stepsPerFalsePromotion"] as const)
    bounded(name, (value) => value >= 2 && value <= 1_000_000, "from 2 to 1000000");
  return mistakes;
}

/** The function's environment variables: the infrastructure must set each, the handler reads each. */
export const VARIABLES = [
  "PAYMENTS_ENVIRONMENT",
  /** Color that carried everything when the environment was made. */
  "PAYMENTS_INITIAL_LIVE",
  /** The plan, as JSON of `Plan`. */
  "PAYMENTS_PLAN",
  /** Seconds between two passes while a cutover runs. */
  "PAYMENTS_TICK_SECONDS",
  "PAYMENTS_STATE_TABLE",
  "PAYMENTS_TOPIC_ARN",
  "PAYMENTS_RULE_ARN",
  /** `LoadBalancer` dimension of the load balancer's metrics: the last part of its ARN. */
  "PAYMENTS_LOAD_BALANCER_DIMENSION",
  "PAYMENTS_BLUE_TARGET_GROUP_ARN",
  "PAYMENTS_GREEN_TARGET_GROUP_ARN",
  /** Names of the alarms that speak for a color, separated by commas. */
  "PAYMENTS_BLUE_ALARMS",
  "PAYMENTS_GREEN_ALARMS",
  /** Hosted zone and name of the records that share clients with on-premises; both empty: none do. */
  "PAYMENTS_ZONE_ID",
  "PAYMENTS_RECORD_NAME",
  /** ARN of the function that moves the database writer; empty: none does. */
  "PAYMENTS_SWITCHOVER_FUNCTION_ARN",
] as const;

export type Variables = { [name in (typeof VARIABLES)[number]]: string };

/** Attribute names of the state table. */
export const TABLE_KEYS = { partition: "pk", sort: "sk" } as const;

/** Where the state items of an environment are. */
export function placeOf(table: string, environment: string) {
  const partition = { name: TABLE_KEYS.partition, value: `cutover#${environment}` };
  return { table, partition, sort: TABLE_KEYS.sort };
}

/** What an operator may ask of the controller. */
export const VERBS = [
  "status",
  "start",
  /** Begins to lead clients from on-premises to AWS. */
  "migrate",
  /** Holds the step, and lets people change the weights, until `resume`. Rollback goes on working. */
  "pause",
  /** Begins the step anew. */
  "resume",
  /** Agrees to what the step asks, before it asks or after. */
  "approve",
  /** Ends the step's bake time; the evidence has to be there all the same. */
  "skip-bake",
  "rollback",
  "clear",
] as const;
export type Verb = (typeof VERBS)[number];

/** A Lambda event from an operator; anything but `status` is put on record with who and why. */
export interface OperatorRequest {
  verb: Verb;
  who: string;
  why: string;
}
