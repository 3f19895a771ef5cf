import { COLORS, type Color, otherColor } from "../../lambdas/cutover/contract";
import type { DrillCluster } from "./cluster";
import { Carrier, type Pace } from "./replication/carrier";
import { Dms } from "./replication/dms";

export type PerColor<T> = { [color in Color]: T };

/** AWS DMS between two clusters: a task for each, named by the cluster that it reads. */
export interface Links {
  dms: Dms;
  taskArns: PerColor<string>;
  carriers: PerColor<Carrier>;
}

/** Makes both tasks; neither runs. The first writer's begins with all rows, the other at a position. */
export function makeLinks(clusters: PerColor<DrillCluster>, firstWriter: Color, pace: Pace): Links {
  const dms = new Dms();
  const arnOf = (from: Color) => `arn:aws:dms:us-east-1:123456789012:task:${from}`;
  const make = (from: Color) => {
    const [source, target] = [clusters[from], clusters[otherColor(from)]];
    const ends = {
      openSource: () => source.as("replicationSource"),
      openTarget: () => target.as("replicationTarget"),
    };
    // Any number that is no server's.
    const replicaId = 4_001 + COLORS.indexOf(from);
    const name = `${from}-to-${otherColor(from)}`;
    const carrier = new Carrier(name, replicaId, ends, pace, () => dms.noteFailure(arnOf(from)));
    const task = {
      arn: arnOf(from),
      carrier,
      sourcePosition: () => source.position(),
      sourceIsEmpty: async () =>
        (await source.ask("SELECT 1 FROM payments.payment LIMIT 1")).length === 0,
    };
    dms.add(task, from === firstWriter ? "full-load-and-cdc" : "cdc");
    return carrier;
  };
  return {
    dms,
    taskArns: { blue: arnOf("blue"), green: arnOf("green") },
    carriers: { blue: make("blue"), green: make("green") },
  };
}
