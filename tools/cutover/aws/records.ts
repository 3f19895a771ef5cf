import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { placeOf } from "../../../lambdas/cutover/contract";
import type { DecisionRecord } from "../../../lambdas/cutover/state";
import { SWITCHOVER_RECORD } from "../../../lambdas/switchover/contract";
import type { SwitchoverRecord } from "../../../lambdas/switchover/state";
import { readerSettings } from "./calls";

/** Kinds of records in the table, each with what it holds. */
export interface Records {
  decision: DecisionRecord;
  [SWITCHOVER_RECORD]: SwitchoverRecord;
}

/** Where an environment's records are. */
export interface Trail {
  table: string;
  environment: string;
}

/** Records that one request asks for at most. */
const PAGE = 100;

/**
 * Reads the records of one kind, newest first, page by page; each only when it is asked for.
 * @param first how many are likely to be wanted
 */
export type RecordsReader = <K extends keyof Records>(
  kind: K,
  first: number,
) => AsyncGenerator<Records[K]>;

export function recordsReader({ table, environment }: Trail): RecordsReader {
  const dynamodb: typeof import("@aws-sdk/client-dynamodb") = require("@aws-sdk/client-dynamodb");
  const client = new dynamodb.DynamoDBClient(readerSettings());
  const { partition, sort } = placeOf(table, environment);
  return async function* newest<K extends keyof Records>(kind: K, first: number) {
    let ExclusiveStartKey: { [key: string]: AttributeValue } | undefined;
    let Limit = Math.min(first, PAGE);
    do {
      const page = await client.send(
        new dynamodb.QueryCommand({
          TableName: table,
          KeyConditionExpression: "#of = :of AND begins_with(#what, :what)",
          ExpressionAttributeNames: { "#of": partition.name, "#what": sort },
          ExpressionAttributeValues: { ":of": { S: partition.value }, ":what": { S: `${kind}#` } },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      );
      for (const { body } of page.Items ?? []) yield JSON.parse(body?.S ?? "null") as Records[K];
      ExclusiveStartKey = page.LastEvaluatedKey;
      Limit = PAGE;
    } while (ExclusiveStartKey !== undefined);
  };
}

/** The first so many, while each is wanted. */
export async function take<T>(
  records: AsyncIterable<T>,
  most: number,
  isWanted: (record: T) => boolean = () => true,
): Promise<T[]> {
  const taken: T[] = [];
  for await (const record of records) {
    if (!isWanted(record)) break;
    taken.push(record);
    if (taken.length === most) break;
  }
  return taken;
}
