import { tableMappings } from "../../../components/replication/tableMappings";

interface Rule {
  "rule-type": string;
  "object-locator": { "schema-name": string; "table-name": string };
}

/** Whether the tasks of the infrastructure carry a table: the drill has no list of its own. */
export function isMapped(schema: string, table: string): boolean {
  const { rules } = JSON.parse(tableMappings()) as { rules: Rule[] };
  return rules.some(
    ({ "object-locator": where }) =>
      isLike(schema, where["schema-name"]) && isLike(table, where["table-name"]),
  );
}

function isLike(name: string, pattern: string): boolean {
  return pattern === "%" || pattern === name;
}
