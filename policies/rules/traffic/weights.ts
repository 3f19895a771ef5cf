import { must, when } from "../../core/messages";
import { ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackRule } from "../../core/rule";
import {
  at,
  canBeWithin,
  isMissing,
  items,
  numberOf,
  UNKNOWN,
  type Value,
} from "../../core/values";

const LISTENER = "aws:lb/listener:Listener";
const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
const RECORD = "aws:route53/record:Record";

/** Elastic Load Balancing's and Route 53's heaviest. */
const MOST_BALANCER_WEIGHT = 999;
const MOST_RECORD_WEIGHT = 255;

/** The target groups of each weighted forward. */
function weightedForwards({ type, properties }: Resource): (readonly Value[])[] {
  const actions = items(type === LISTENER ? properties.defaultActions : properties.actions);
  return actions
    .map((action) => items(at(action, "forward", "targetGroups")))
    .filter((groups) => groups.length > 0);
}

export const balancerWeights: ResourceRule = {
  id: "alb-weights-sane",
  title: "Weights of the load balancer are between two colors at least, and lead somewhere",
  severity: "mandatory",
  controls: { other: ["Elastic Load Balancing user guide, weighted target groups"] },
  types: [LISTENER, LISTENER_RULE],
  check: (resource) =>
    weightedForwards(resource).flatMap((groups) => {
      const weights = groups.map((group) => at(group, "weight"));
      return [
        ...must(
          groups.length >= 2,
          "targetGroups",
          groups.length,
          "at least 2",
          "Add the other color.",
        ),
        ...weightMistakes(weights, MOST_BALANCER_WEIGHT),
      ];
    }),
};

function weightMistakes(weights: readonly Value[], most: number): string[] {
  const known = weights.map(numberOf);
  return [
    ...weights
      .filter((weight) => !canBeWithin(weight, 0, most))
      .flatMap((weight) => must(false, "weight", weight, `0 to ${most}`, "Correct it.")),
    ...when(
      known.every((weight) => weight === 0),
      "weights: got 0 for all, allowed: more than 0 for one at least. Give one a weight.",
    ),
  ];
}

export const recordWeights: StackRule = {
  id: "route53-weights-sane",
  title: "Records that share a name by weights are two at least, and not all without weight",
  severity: "mandatory",
  controls: { other: ["Route 53 developer guide, weighted routing"] },
  types: [RECORD],
  checkStack: (resources) => {
    const weighted = ofTypes(resources, RECORD).filter(
      ({ properties }) => !isMissing(at(properties.weightedRoutingPolicies, 0)),
    );
    return weighted.flatMap((record) => {
      const group = weighted.filter((other) => sharesName(record, other));
      return recordMistakes(record, group).map((message) => ({ resource: record, message }));
    });
  },
};

function sharesName(one: Resource, other: Resource): boolean {
  return (["zoneId", "name", "type"] as const).every(
    (property) => one.properties[property] === other.properties[property],
  );
}

function recordMistakes(record: Resource, group: Resource[]): string[] {
  const { name, setIdentifier, aliases } = record.properties;
  const weights = group.map(({ properties }) =>
    at(properties.weightedRoutingPolicies, 0, "weight"),
  );
  const alias = at(aliases, 0);
  const health = at(alias, "evaluateTargetHealth");
  return [
    ...when(
      group.length < 2 && name !== UNKNOWN,
      "weighted records of this name: got 1, allowed: at least 2. Add the other, or leave the weight out.",
    ),
    ...must(!isMissing(setIdentifier), "setIdentifier", setIdentifier, "a name", "Give it one."),
    ...must(
      isMissing(alias) || !isMissing(health),
      "aliases.evaluateTargetHealth",
      health,
      "true or false",
      "Say whether DNS looks at the targets.",
    ),
    ...weightMistakes(weights, MOST_RECORD_WEIGHT),
  ];
}

export const weightsLeftAlone: ResourceRule = {
  id: "weights-left-to-controller",
  title: "No deployment sets weights back: they are the controller's",
  severity: "mandatory",
  controls: { other: ["Pulumi ignoreChanges; a rollback must not be undone by a deployment"] },
  types: [LISTENER, LISTENER_RULE, RECORD],
  check: (resource) => {
    const { type, ignoreChanges } = resource;
    const property = type === RECORD ? "weightedRoutingPolicies" : "actions";
    const weighted =
      type === RECORD
        ? !isMissing(at(resource.properties.weightedRoutingPolicies, 0))
        : weightedForwards(resource).length > 0;
    if (!weighted) return [];
    return must(
      type !== LISTENER && ignoreChanges.includes(property),
      "ignoreChanges",
      ignoreChanges.join(", "),
      type === LISTENER ? "no weights in a listener itself" : `${property} among them`,
      type === LISTENER ? "Put them into a ListenerRule." : "Add it.",
    );
  },
};
