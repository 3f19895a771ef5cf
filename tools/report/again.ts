import type { ToldStory } from "./article";

/**
 * The command that shows a story again, for a shell. The payments are named even where they are what the
 * stack expects: it may come to expect others.
 */
export function commandOf(story: ToldStory): string {
  const { scenario, stack, seed, paymentsPerHour, hourOfDay } = story;
  const words = [
    ...["--scenario", scenario.name, "--stack", stack, "--seed", String(seed)],
    ...["--payments-per-hour", String(paymentsPerHour)],
    ...(hourOfDay === undefined ? [] : ["--hour", String(hourOfDay)]),
  ];
  return `npm run rehearse -- ${words.map(quoted).join(" ")}`;
}

/** As a POSIX shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w.:/-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}
