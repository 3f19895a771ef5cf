import type { Field } from "@aws-sdk/client-rds-data";
import { clientSettings, outcomeIsUnknown } from "../../common/aws/client";
import type { ClusterAccess } from "../contract";
import type { Clock, Row, Sql } from "../ports";

/** Longest that the RDS Data API lets a statement run, and a little more, in milliseconds. */
const STATEMENT_MILLISECONDS = 50_000;
/** Milliseconds between two attempts. */
const PAUSE_MILLISECONDS = 5_000;

/** Errors that pass: a serverless cluster wakes up, a writer fails over, calls come too fast. */
const PASSING = [
  "DatabaseResumingException",
  "DatabaseUnavailableException",
  "ServiceUnavailableError",
  "StatementTimeoutException",
  "ThrottlingException",
  "TooManyRequestsException",
];

/** Statements through the RDS Data API: no network of ours, no password in our hands. */
export function dataApi(clock: Clock): Sql {
  const rdsData: typeof import("@aws-sdk/client-rds-data") = require("@aws-sdk/client-rds-data");
  const client = new rdsData.RDSDataClient(clientSettings(STATEMENT_MILLISECONDS));

  async function execute(cluster: ClusterAccess, sql: string): Promise<Row[]> {
    const command = new rdsData.ExecuteStatementCommand({
      resourceArn: cluster.clusterArn,
      secretArn: cluster.masterSecretArn,
      sql,
    });
    for (;;) {
      try {
        const { records } = await client.send(command);
        return (records ?? []).map((record) => record.map(textOf));
      } catch (error) {
        const enough = clock.timeLeft() < STATEMENT_MILLISECONDS + PAUSE_MILLISECONDS;
        if (enough || !passes(error)) throw error;
        await clock.sleep(PAUSE_MILLISECONDS);
      }
    }
  }

  return { execute };
}

function passes(error: unknown): boolean {
  const { name = "", message = "" } = (error ?? {}) as { name?: string; message?: string };
  return PASSING.includes(name) || /communications link/i.test(message) || outcomeIsUnknown(error);
}

function textOf(field: Field): string {
  if (field.isNull === true) return "NULL";
  const { stringValue, longValue, booleanValue, doubleValue } = field;
  return String(stringValue ?? longValue ?? booleanValue ?? doubleValue ?? "");
}
