import type { Field } from "@aws-sdk/client-rds-data";

/** Rows that the RDS Data API answered, each value as text, `NULL` where there is none. */
export function rowsOf(records: Field[][] | undefined): string[][] {
  return (records ?? []).map((record) => record.map(textOf));
}

function textOf(field: Field): string {
  if (field.isNull === true) return "NULL";
  const { stringValue, longValue, booleanValue, doubleValue } = field;
  return String(stringValue ?? longValue ?? booleanValue ?? doubleValue ?? "");
}
