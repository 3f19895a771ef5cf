import { clientSettings, outcomeIsUnknown } from "./client";

/** Where an item is: a table, the names of its keys, and the key's values but for the sort key's. */
export interface Place {
  table: string;
  partition: { name: string; value: string };
  /** Name of the sort key. */
  sort: string;
}

/** A text with a version that only conditional writes change, and records that are never changed. */
export interface VersionedItem {
  /** Undefined: nothing stored yet. */
  load(): Promise<string | undefined>;
  /**
   * Stores a text and its version if the stored version is still `expectedVersion` (0: nothing stored
   * yet), and a record under a sort key of its own in the same transaction. "unknown" after a timeout.
   */
  save(
    text: string,
    version: number,
    expectedVersion: number,
    record: { sortKey: string; text: string } | undefined,
  ): Promise<"saved" | "conflict" | "unknown">;
}

/** One item of a DynamoDB table, read consistently. */
export function versionedItem(place: Place, sortKey: string): VersionedItem {
  const dynamodb: typeof import("@aws-sdk/client-dynamodb") = require("@aws-sdk/client-dynamodb");
  const client = new dynamodb.DynamoDBClient(clientSettings());
  const { table: TableName, partition, sort } = place;
  const key = (value: string) => ({
    [partition.name]: { S: partition.value },
    [sort]: { S: value },
  });

  async function load(): Promise<string | undefined> {
    const command = new dynamodb.GetItemCommand({
      TableName,
      Key: key(sortKey),
      ConsistentRead: true,
    });
    const { Item } = await client.send(command);
    if (Item !== undefined && Item.body?.S === undefined)
      throw new Error(`the item ${sortKey} in ${TableName} has no text`);
    return Item?.body?.S;
  }

  async function save(
    text: string,
    version: number,
    expectedVersion: number,
    record: { sortKey: string; text: string } | undefined,
  ) {
    const isAsRead = {
      ConditionExpression:
        expectedVersion === 0 ? `attribute_not_exists(${partition.name})` : "version = :read",
      ...(expectedVersion === 0
        ? {}
        : { ExpressionAttributeValues: { ":read": { N: String(expectedVersion) } } }),
    };
    const Item = { ...key(sortKey), version: { N: String(version) }, body: { S: text } };
    const command = new dynamodb.TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName, Item, ...isAsRead } },
        ...(record === undefined
          ? []
          : [{ Put: { TableName, Item: { ...key(record.sortKey), body: { S: record.text } } } }]),
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

/** The sort key of the record that was written with a version, in the order of the versions. */
export function recordKey(kind: string, version: number): string {
  return `${kind}#${String(version).padStart(12, "0")}`;
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
