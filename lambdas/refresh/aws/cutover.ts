import { clientSettings } from "../../common/aws/client";
import { TABLE_KEYS } from "../../cutover/contract";
import { type CutoverSource, type Known, known, unknown } from "../ports";

/** The phase of the cutover controller, from its state item. */
export function dynamoCutover(table: string, environment: string): CutoverSource {
  const dynamodb: typeof import("@aws-sdk/client-dynamodb") = require("@aws-sdk/client-dynamodb");
  const client = new dynamodb.DynamoDBClient(clientSettings());

  async function readPhase(): Promise<Known<string>> {
    const command = new dynamodb.GetItemCommand({
      TableName: table,
      Key: {
        [TABLE_KEYS.partition]: { S: `cutover#${environment}` },
        [TABLE_KEYS.sort]: { S: "state" },
      },
      ConsistentRead: true,
    });
    const { Item } = await client.send(command);
    // The controller stores its first state when it first does something.
    if (Item === undefined) return known("idle");
    const state = JSON.parse(Item.body?.S ?? "null") as { phase?: { name?: unknown } } | null;
    const name = state?.phase?.name;
    return typeof name === "string" ? known(name) : unknown("the stored state has no phase");
  }

  return { readPhase };
}
