import { clientSettings, outcomeIsUnknown } from "../../common/aws/client";
import { TABLE_KEYS } from "../contract";
import type { StateStore } from "../ports";
import { type CutoverState, type DecisionRecord, parseState } from "../state";

/** The state item and the audit items of one environment, in one DynamoDB table. */
export function dynamoStateStore(table: string, environment: string): StateStore {
  const dynamodb: typeof import("@aws-sdk/client-dynamodb") = require("@aws-sdk/client-dynamodb");
  const client = new dynamodb.DynamoDBClient(clientSettings());
  const key = (sort: string) => ({
    [TABLE_KEYS.partition]: { S: `cutover#${environment}` },
    [TABLE_KEYS.sort]: { S: sort },
  });

  async function load(): Promise<CutoverState | undefined> {
    const command = new dynamodb.GetItemCommand({
      TableName: table,
      Key: key("state"),
      ConsistentRead: true,
    });
    const text = (await client.send(command)).Item?.body?.S;
    return text === undefined ? undefined : parseState(text);
  }

  async function save(next: CutoverState, expectedVersion: number, record: DecisionRecord) {
    const stateIsAsRead = {
      ConditionExpression:
        expectedVersion === 0 ? `attribute_not_exists(${TABLE_KEYS.partition})` : "version = :read",
      ...(expectedVersion === 0
        ? {}
        : { ExpressionAttributeValues: { ":read": { N: String(expectedVersion) } } }),
    };
    const state = {
      ...key("state"),
      version: { N: String(next.version) },
      body: { S: JSON.stringify(next) },
    };
    const version = String(next.version).padStart(12, "0");
    const audit = { ...key(`decision#${version}`), body: { S: JSON.stringify(record) } };
    const command = new dynamodb.TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: state, ...stateIsAsRead } },
        { Put: { TableName: table, Item: audit } },
      ],
    });
    try {
      await client.send(command);
      return "saved" as const;
    } catch (error) {
      if (isConflict(error)) return "conflict" as const;
      if (outcomeIsUnknown(error)) return "unknown" as const;
      throw error;
    }
  }

  return { load, save };
}

/** A transaction is cancelled for other reasons too, such as throttling: those are failures. */
function isConflict(error: unknown): boolean {
  const { name, CancellationReasons } = (error ?? {}) as {
    name?: string;
    CancellationReasons?: { Code?: string }[];
  };
  const codes = (CancellationReasons ?? []).map((reason) => reason.Code);
  const lost = codes.includes("ConditionalCheckFailed") || codes.includes("TransactionConflict");
  return name === "TransactionCanceledException" && lost;
}
