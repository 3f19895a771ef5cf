import { systemClock } from "../../common/aws/clock";
import { waker } from "../../common/aws/events";
import { snsNotifier } from "../../common/aws/notifier";
import { WATCH_EVENT } from "../contract";
import type { SwitchoverPorts } from "../ports";
import type { Wiring } from "../variables";
import { dataApiDatabase } from "./database";
import { dmsReplication } from "./replication";
import { dynamoStore } from "./store";
import { ssmWriterPointer } from "./writerPointer";

/** The switchover's ports, on AWS. */
export function awsPorts(wiring: Wiring): SwitchoverPorts {
  const { clusters, environment, stateTable, topicArn, writerParameter } = wiring;
  const { randomUUID }: typeof import("node:crypto") = require("node:crypto");
  const database = ({ clusterArn, administratorSecretArn }: typeof clusters.blue) =>
    dataApiDatabase({ clusterArn, secretArn: administratorSecretArn });
  return {
    databases: { blue: database(clusters.blue), green: database(clusters.green) },
    replication: dmsReplication(clusters),
    writer: ssmWriterPointer(writerParameter, clusters),
    store: dynamoStore(stateTable, environment),
    wakeWatch: waker(wiring.functionName, WATCH_EVENT),
    notifier: snsNotifier(topicArn, environment),
    clock: systemClock(),
    newId: () => randomUUID(),
  };
}
