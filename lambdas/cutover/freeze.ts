import {
  type Freeze,
  type FreezeWindow,
  type Plan,
  planMistakes,
  WEEKDAYS,
  type Weekday,
} from "./contract";

/**
 * The window that forbids a move at this time, as a clause; undefined when none does.
 * @param now epoch milliseconds
 */
export function frozenBy(freeze: Freeze | undefined, now: number): string | undefined {
  if (freeze === undefined) return undefined;
  const local = localTime(now, freeze.timeZone);
  const window = freeze.windows.find((one) => covers(one, local));
  if (window === undefined) return undefined;
  const { days, from, to } = window;
  return `nothing moves from ${from} to ${to} on ${days.join(", ")} (${freeze.timeZone})`;
}

/**
 * Why the plan forbids to begin now, as clauses; empty when it does not.
 * @param now epoch milliseconds
 */
export function planObstacles(plan: Plan, now: number): string[] {
  const mistakes = planMistakes(plan);
  // A freeze that is a mistake itself cannot be read.
  if (mistakes.length > 0) return [`the plan cannot run: ${mistakes.join("; ")}`];
  const frozen = frozenBy(plan.freeze, now);
  return frozen === undefined ? [] : [frozen];
}

interface LocalTime {
  day: Weekday;
  /** Minutes since midnight. */
  minutes: number;
}

/** What clocks on the wall show there, daylight saving time included. */
function localTime(now: number, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = format.formatToParts(new Date(now));
  const textOf = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const day = WEEKDAYS.find((one) => one === textOf("weekday").toLowerCase());
  if (day === undefined) throw new Error(`no weekday in ${timeZone} at ${now}`);
  return { day, minutes: Number(textOf("hour")) * 60 + Number(textOf("minute")) };
}

/** A window that does not end later than it begins ends on the next day. */
function covers({ days, from, to }: FreezeWindow, { day, minutes }: LocalTime): boolean {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  const today = days.includes(day);
  if (begins < ends) return today && begins <= minutes && minutes < ends;
  const yesterday = days.includes(dayBefore(day));
  return (today && minutes >= begins) || (yesterday && minutes < ends);
}

function dayBefore(day: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day;
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
