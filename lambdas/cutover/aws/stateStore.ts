import { recordKey, versionedItem } from "../../common/aws/versionedItem";
import { placeOf } from "../contract";
import type { StateStore } from "../ports";
import { parseState } from "../state";

/** The state item and the audit items of one environment, in one DynamoDB table. */
export function dynamoStateStore(table: string, environment: string): StateStore {
  const item = versionedItem(placeOf(table, environment), "state");
  return {
    async load() {
      const text = await item.load();
      return text === undefined ? undefined : parseState(text);
    },
    save(next, expectedVersion, record) {
      const { version } = next;
      const audit = { sortKey: recordKey("decision", version), text: JSON.stringify(record) };
      return item.save(JSON.stringify(next), version, expectedVersion, audit);
    },
  };
}
