import type { Field } from "@aws-sdk/client-rds-data";
import { clientSettings } from "./client";

/** Rows that the RDS Data API answered, each value as text, `NULL` where there is none. */
export function rowsOf(records: Field[][] | undefined): string[][] {
  return (records ?? []).map((record) => record.map(textOf));
}

function textOf(field: Field): string {
  if (field.isNull === true) return "NULL";
  const { stringValue, longValue, booleanValue, doubleValue } = field;
  return String(stringValue ?? longValue ?? booleanValue ?? doubleValue ?? "");
}

/**
 * Sends statements to one cluster, each once: a second attempt would hide that the first may have
 * been carried out. Numbers come as texts, since large ones would lose their last digits.
 * @param milliseconds longest wait for an answer
 */
export function exactRows(
  clusterArn: string,
  secretArn: string,
  milliseconds: number,
): (sql: string) => Promise<string[][]> {
  const rdsData: typeof import("@aws-sdk/client-rds-data") = require("@aws-sdk/client-rds-data");
  const settings = { ...clientSettings(milliseconds), maxAttempts: 1 };
  const client = new rdsData.RDSDataClient(settings);
  return async (sql) => {
    const command = new rdsData.ExecuteStatementCommand({
      resourceArn: clusterArn,
      secretArn,
      sql,
      resultSetOptions: { longReturnType: "STRING", decimalReturnType: "STRING" },
    });
    return rowsOf((await client.send(command)).records);
  };
}
