import { Complaint, WRONG_USAGE } from "../terminal/complaint";
import { askPerson, type Dialog, isSomebodyThere } from "../terminal/prompt";
import type { OnRecord } from "./arguments";
import type { Identity } from "./aws/identity";
import type { Stack } from "./stack";

/** Who asks and why, as it goes on record. */
export interface Author {
  who: string;
  why: string;
}

/** Throws a complaint when something would have to be asked and nobody is there: before anything is sent. */
export function checkAskable({ why, yes }: OnRecord, dialog: Dialog): void {
  if (isSomebodyThere(dialog)) return;
  const missing = [
    ...(why === undefined ? ["--why <reason>, which goes on record"] : []),
    ...(yes ? [] : ["--yes, as nobody is here to confirm"]),
  ];
  if (missing.length === 0) return;
  throw new Complaint(
    `Without a terminal, give ${missing.join(", and ")}. Nothing was sent.`,
    WRONG_USAGE,
  );
}

/** Who asks, and why; a person is asked for what is missing. */
export async function authorOf(
  { who, why }: OnRecord,
  identity: Identity,
  dialog: Dialog,
): Promise<Author> {
  return { who: who ?? identity.arn, why: why ?? (await askWhy(dialog)) };
}

/** How often an empty reason is asked for once more. */
const TRIES = 3;

async function askWhy(dialog: Dialog): Promise<string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const why = await askPerson(dialog, "Why? It goes on record: ");
    if (why !== "") return why;
  }
  throw new Complaint("Without a reason nothing is sent: --why <reason>.", WRONG_USAGE);
}

/**
 * Beginnings of the names of environments in which nobody pays. In any other the environment's name has
 * to be typed: what a careless key could start must not be production.
 */
const HARMLESS = /^(dev|test|qa|ci|demo|sandbox|stag|local)/;

export function isHarmless(environment: string): boolean {
  return HARMLESS.test(environment);
}

/** What a person sees before they confirm. */
export function announcement(
  { environment, name, region }: Stack,
  { accountId }: Identity,
  effect: string,
  { who, why }: Author,
): string[] {
  const place = [`account ${accountId}`, region].filter((part) => part !== undefined).join(", ");
  return [
    `Environment ${environment} (stack ${name}, ${place})`,
    effect,
    `On record: ${who}: ${why}`,
  ];
}

/** Throws a complaint unless the person agrees. */
export async function confirm({ environment }: Stack, dialog: Dialog): Promise<void> {
  const isYes = isHarmless(environment);
  const question = isYes ? "Go on? [y/N] " : `Type ${environment} to go on: `;
  const typed = await askPerson(dialog, question);
  const agrees = isYes ? /^y(es)?$/i.test(typed) : typed === environment;
  if (!agrees) throw new Complaint("Nothing was sent.");
}
