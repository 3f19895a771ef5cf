import { CUTOVER_SCHEMA, MARKER_TABLE, PAYMENTS_SCHEMA } from "../../lambdas/bootstrap/contract";

/**
 * What replicates between the colors: the payments, and the markers that a switchover writes. One
 * task carries both, because only within a task does the order of commits hold.
 */
export function tableMappings(): string {
  return mappings([include(1, PAYMENTS_SCHEMA, "%"), include(2, CUTOVER_SCHEMA, MARKER_TABLE)]);
}

/**
 * What comes from the on-premises database: its payments, into our schema.
 * @param schema name of the schema there
 */
export function legacyTableMappings(schema: string): string {
  const rename = {
    "rule-type": "transformation",
    "rule-id": "2",
    "rule-name": "2",
    "rule-target": "schema",
    "object-locator": { "schema-name": schema },
    "rule-action": "rename",
    value: PAYMENTS_SCHEMA,
  };
  return mappings([include(1, schema, "%"), ...(schema === PAYMENTS_SCHEMA ? [] : [rename])]);
}

function include(id: number, schema: string, table: string) {
  return {
    "rule-type": "selection",
    "rule-id": String(id),
    "rule-name": String(id),
    "object-locator": { "schema-name": schema, "table-name": table },
    "rule-action": "include",
    filters: [],
  };
}

function mappings(rules: object[]): string {
  return JSON.stringify({ rules });
}
