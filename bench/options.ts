import { parseArgs } from "node:util";

/** Rounds of a measurement, and whether to print JSON. Ends the process with 2 on anything else. */
export function optionsOf(script: string): { rounds: number; json: boolean } {
  const usage = `usage: npm run ${script} -- [--rounds 9] [--json]`;
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: "string", default: "9" },
        json: { type: "boolean", default: false },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds must be a whole number from 1, got ${values.rounds}`);
    return { rounds, json: values.json };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}
