import { clientSettings, outcomeIsUnknown } from "../../common/aws/client";
import { rowsOf } from "../../common/aws/dataApi";
import type { ClusterAccess } from "../contract";
import type { Clock, Row, Sql } from "../ports";
import { forPermission, patiently } from "./patience";

/** Longest that the RDS Data API lets a statement run, and a little more, in milliseconds. */
const STATEMENT_MILLISECONDS = 50_000;

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
  // One attempt of the SDK's: two of this length would outlast the time that is kept for one.
  const settings = { ...clientSettings(STATEMENT_MILLISECONDS), maxAttempts: 1 };
  const client = new rdsData.RDSDataClient(settings);

  async function execute(cluster: ClusterAccess, sql: string): Promise<Row[]> {
    const command = new rdsData.ExecuteStatementCommand({
      resourceArn: cluster.clusterArn,
      secretArn: cluster.masterSecretArn,
      sql,
    });
    const { records } = await patiently(
      clock,
      STATEMENT_MILLISECONDS,
      () => client.send(command),
      (error) => (passes(error) ? Number.POSITIVE_INFINITY : forPermission(error)),
    );
    return rowsOf(records);
  }

  return { execute };
}

function passes(error: unknown): boolean {
  const { name = "", message = "" } = (error ?? {}) as { name?: string; message?: string };
  return PASSING.includes(name) || /communications link/i.test(message) || outcomeIsUnknown(error);
}
