import { recordKey, versionedItem } from "../../common/aws/versionedItem";
import { placeOf } from "../../cutover/contract";
import { SWITCHOVER_RECORD, SWITCHOVER_STATE } from "../contract";
import type { SwitchoverStore } from "../ports";
import { parseStored } from "../state";

/** The switchover's state and its records, beside the cutover controller's. */
export function dynamoStore(table: string, environment: string): SwitchoverStore {
  const item = versionedItem(placeOf(table, environment), SWITCHOVER_STATE);
  return {
    async load() {
      const text = await item.load();
      return text === undefined ? undefined : parseStored(text);
    },
    save(next, expectedVersion, record) {
      const { version } = next;
      const audit = record && {
        sortKey: recordKey(SWITCHOVER_RECORD, version),
        text: JSON.stringify(record),
      };
      return item.save(JSON.stringify(next), version, expectedVersion, audit);
    },
  };
}
