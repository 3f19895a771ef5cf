import { CATALOGUE } from "../../simulation/catalogue";
import { wrap } from "../terminal/layout";
import type { Terminal } from "../terminal/terminal";

/** Names, descriptions and ends of all scenarios: for people, or as JSON. */
export function scenarioList(terminal: Terminal, json: boolean): string {
  if (json)
    return JSON.stringify(
      CATALOGUE.map(({ name, description, expected }) => ({ name, description, expected })),
      undefined,
      2,
    );
  const { colors } = terminal;
  const widest = Math.max(...CATALOGUE.map(({ name }) => name.length));
  return CATALOGUE.flatMap(({ name, description, expected }) => {
    const end = expected === "either" ? "may end either way" : `ought to end ${expected}`;
    const [first = "", ...rest] = wrap(
      `${description}; ${end}`,
      Math.max(terminal.columns() - widest - 3, 30),
    );
    const indent = " ".repeat(widest + 2);
    return [`${colors.bold(name.padEnd(widest))}  ${first}`, ...rest.map((line) => indent + line)];
  }).join("\n");
}
