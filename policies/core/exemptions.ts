import type { Facts } from "./resource";

/** A violation that is accepted for a while, on record. */
export interface Exemption {
  /** Id of the rule. */
  rule: string;
  /** Type of the resource, as the rule sees it. */
  type: string;
  /** Logical name of the resource; `*` stands for any characters. */
  name: string;
  /** Names of the environments in which it is accepted. */
  environments: readonly string[];
  /** Why it is accepted, and what stands in the rule's place. */
  reason: string;
  /** Last day, as `2027-04-30`; at most twelve months ahead. From the next day on it is a violation again. */
  until: string;
}

/** What an exemption is about. */
export interface Subject {
  rule: string;
  type: string;
  name: string;
}

export function covers(exemption: Exemption, subject: Subject, { environment }: Facts): boolean {
  return (
    exemption.rule === subject.rule &&
    exemption.type === subject.type &&
    environment !== undefined &&
    exemption.environments.includes(environment) &&
    matchesName(exemption.name, subject.name)
  );
}

function matchesName(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

export function hasExpired({ until }: Exemption, { today }: Facts): boolean {
  return until < today;
}

const MOST_MONTHS_AHEAD = 12;

/** Everything that makes an exemption none, as sentences. */
export function exemptionMistakes(
  exemptions: readonly Exemption[],
  knownRules: readonly string[],
  today: string,
): string[] {
  return exemptions.flatMap((exemption, index) => {
    const who = `exemption ${index + 1} (${exemption.rule || "no rule"}, ${exemption.name || "no name"})`;
    return mistakesOf(exemption, knownRules, today).map((one) => `${who}: ${one}`);
  });
}

function mistakesOf(exemption: Exemption, knownRules: readonly string[], today: string): string[] {
  const { rule, type, name, environments, reason, until } = exemption;
  const found: string[] = [];
  if (!knownRules.includes(rule))
    found.push(`rule: got ${rule || "nothing"}, allowed: the id of a rule. README.md lists all.`);
  if (!/^[\w-]+:[^*]+$/.test(type))
    found.push(`type: got ${type || "nothing"}, allowed: one type, in full.`);
  if (/^[*\s]*$/.test(name))
    found.push(`name: got ${name || "nothing"}, allowed: a name with some letters of its own.`);
  if (environments.length === 0)
    found.push("environments: got none. Name those in which it is accepted.");
  if (reason.trim().length < LEAST_REASON_CHARACTERS)
    found.push(`reason: got ${reason.trim() || "nothing"}. Say why, and what stands in its place.`);
  return [...found, ...dateMistakes(until, today)];
}

/** Shorter is no sentence. */
const LEAST_REASON_CHARACTERS = 20;

function dateMistakes(until: string, today: string): string[] {
  if (!isDate(until)) return [`until: got ${until || "nothing"}, allowed: a date as 2027-04-30.`];
  const latest = monthsAfter(today, MOST_MONTHS_AHEAD);
  if (until <= latest) return [];
  return [`until: got ${until}, allowed: at most ${MOST_MONTHS_AHEAD} months ahead, ${latest}.`];
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text.length === 10;
}

/** The same day so many months later; the month's last where it has no such day. */
function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const later = new Date(Date.UTC(year, month - 1 + months, Math.min(date, last)));
  return later.toISOString().slice(0, 10);
}
