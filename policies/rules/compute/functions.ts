import { must, when } from "../../core/messages";
import { namesResource, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackRule } from "../../core/rule";
import { at, canBe, canBeWithin, isMissing } from "../../core/values";
import { FUNCTION_RUNTIMES } from "../lifetimes";

const FUNCTION = "aws:lambda/function:Function";

/** Lambda's longest. */
const MOST_SECONDS = 900;

export const functionHardened: ResourceRule = {
  id: "lambda-hardened",
  title:
    "Functions run on a supported runtime, within a time that was chosen, and log where we keep it",
  severity: "mandatory",
  controls: { securityHub: ["Lambda.2"], checkov: ["CKV_AWS_363"] },
  types: [FUNCTION],
  check: ({ properties }, { today }) => {
    const { runtime, packageType, timeout, architectures, loggingConfig } = properties;
    const alive = FUNCTION_RUNTIMES.filter(({ until }) => until >= today).map(
      ({ prefix }) => prefix,
    );
    const logGroup = at(loggingConfig, "logGroup");
    return [
      ...must(
        packageType === "Image" || canBe(runtime, ...alive),
        "runtime",
        runtime,
        alive.join(" or "),
        "Set it.",
      ),
      ...must(
        canBeWithin(timeout, 1, MOST_SECONDS),
        "timeout",
        timeout,
        `1 to ${MOST_SECONDS} seconds`,
        "Choose how long it may take.",
      ),
      ...must(
        canBe(at(architectures, 0), "arm64"),
        "architectures",
        architectures,
        "arm64",
        "Set it: what was tested runs there.",
      ),
      ...must(
        !isMissing(logGroup),
        "loggingConfig.logGroup",
        logGroup,
        "a log group of ours",
        "Make one: Lambda's own has no key of ours and no end.",
      ),
    ];
  },
};

export const functionFailuresHeard: StackRule = {
  id: "lambda-failures-heard",
  title:
    "A function that fails with nobody waiting is told of: by an alarm, a queue or a destination",
  severity: "mandatory",
  controls: { checkov: ["CKV_AWS_116"] },
  types: [FUNCTION],
  checkStack: (resources) =>
    ofTypes(resources, FUNCTION)
      .filter((one) => !isHeard(one, resources))
      .map((resource) => ({
        resource,
        message:
          "failures: got nobody who is told, allowed: an alarm on its Errors, a dead letter queue or onFailure. Add an alarm.",
      })),
};

function isHeard(one: Resource, resources: readonly Resource[]): boolean {
  if (!isMissing(at(one.properties.deadLetterConfig, "targetArn"))) return true;
  const destinations = ofTypes(
    resources,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  ).filter(
    ({ properties }) => !isMissing(at(properties.destinationConfig, "onFailure", "destination")),
  );
  const alarms = ofTypes(resources, "aws:cloudwatch/metricAlarm:MetricAlarm")
    .filter(({ properties: { metricName } }) => canBe(metricName, "Errors"))
    .map((alarm) => withDimension(alarm, "FunctionName"));
  return (
    destinations.some((other) => namesResource(other, "functionName", one) !== false) ||
    alarms.some((alarm) => namesResource(alarm, "dimension", one) !== false)
  );
}

/** One dimension of an alarm as a property of its own, so that it can be followed. */
function withDimension(alarm: Resource, name: string): Resource {
  const dimension = at(alarm.properties.dimensions, name);
  const madeFrom = alarm.madeFrom && { dimension: alarm.madeFrom.dimensions ?? [] };
  return { ...alarm, properties: { dimension }, outputs: {}, madeFrom };
}

export const permissionScoped: ResourceRule = {
  id: "lambda-permission-scoped",
  title: "A function lets services in for what is named of this account, and nobody else",
  severity: "mandatory",
  controls: {
    pci: ["7.2.1"],
    securityHub: ["Lambda.1"],
    checkov: ["CKV_AWS_301", "CKV_AWS_364"],
    other: ["pulumi Permission.configureSourceArn"],
  },
  types: ["aws:lambda/permission:Permission"],
  check: ({ properties: { principal, sourceArn, sourceAccount } }) => {
    const service = typeof principal === "string" && principal.endsWith(".amazonaws.com");
    return [
      ...when(principal === "*", 'principal: got "*", allowed: one service or account. Name it.'),
      ...when(
        service && isMissing(sourceArn) && isMissing(sourceAccount),
        "sourceArn: got nothing, allowed: the ARN of what calls, or sourceAccount. Name it: any account could have the service call.",
      ),
    ];
  },
};
