import { ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { StackFinding, StackRule } from "../../core/rule";
import { canBe, isMissing } from "../../core/values";

const CLUSTER = "aws:rds/cluster:Cluster";

/** A source of RDS's events, and the control that asks for it. */
type Source = readonly [source: string, control: string];

const DATABASES: readonly Source[] = [
  ["db-cluster", "RDS.19"],
  ["db-instance", "RDS.20"],
];
const GROUPS: readonly Source[] = [
  ["db-parameter-group", "RDS.21"],
  ["db-security-group", "RDS.22"],
];

export const databaseEvents: StackRule = {
  id: "rds-event-subscriptions",
  title: "People are told of failovers, failures and changes of databases",
  severity: "mandatory-in-production",
  controls: { securityHub: DATABASES.map(([, control]) => control) },
  types: [CLUSTER],
  checkStack: (resources) => unheard(resources, DATABASES),
};

export const groupEvents: StackRule = {
  id: "rds-group-event-subscriptions",
  title: "People are told of changes of the databases' parameter and security groups",
  severity: "mandatory-in-production",
  controls: { securityHub: GROUPS.map(([, control]) => control) },
  types: [CLUSTER],
  checkStack: (resources) => unheard(resources, GROUPS),
};

/** The sources that no subscription hears of, said once for all clusters: of the first. */
function unheard(resources: readonly Resource[], sources: readonly Source[]): StackFinding[] {
  const [cluster] = ofTypes(resources, CLUSTER);
  if (cluster === undefined) return [];
  const subscriptions = ofTypes(resources, "aws:rds/eventSubscription:EventSubscription").filter(
    ({ properties }) => properties.enabled !== false,
  );
  // Without a kind of source, a subscription hears of all.
  const hears = (source: string) =>
    subscriptions.some(
      ({ properties: { sourceType } }) => isMissing(sourceType) || canBe(sourceType, source),
    );
  return sources
    .filter(([source]) => !hears(source))
    .map(([source, control]) => ({
      resource: cluster,
      message: `event subscription: got none of ${source}, allowed: one (${control}). Add an EventSubscription with that sourceType.`,
    }));
}
