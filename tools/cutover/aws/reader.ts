import { systemClock } from "../../../lambdas/common/aws/clock";
import { dnsRouter } from "../../../lambdas/cutover/aws/dns";
import { awsHealth } from "../../../lambdas/cutover/aws/health";
import { elbRouter } from "../../../lambdas/cutover/aws/router";
import { dynamoStateStore } from "../../../lambdas/cutover/aws/stateStore";
import { cloudWatchTraffic } from "../../../lambdas/cutover/aws/traffic";
import { type Ports, unknown } from "../../../lambdas/cutover/ports";
import type { Wiring } from "../../../lambdas/cutover/variables";

/**
 * The controller's ports with its own adapters, so that a person sees what it sees; none of them
 * changes anything.
 */
export function readingPorts(wiring: Wiring): Ports {
  const { environment, ruleArn, targetGroupArns, alarmNames, stateTable, dns } = wiring;
  const { loadBalancerDimension } = wiring;
  const { readWeights } = elbRouter(ruleArn, targetGroupArns);
  const store = dynamoStateStore(stateTable, environment);
  return {
    router: {
      readWeights,
      writeWeights: refuse,
      ...(dns && {
        readAwsPercent: dnsRouter(dns.zoneId, dns.recordName).readAwsPercent,
        writeAwsPercent: refuse,
      }),
    },
    health: awsHealth(targetGroupArns, alarmNames),
    traffic: cloudWatchTraffic(environment, loadBalancerDimension, targetGroupArns),
    state: { load: store.load, save: refuse },
    notifier: { notify: refuse },
    release: {
      readStatus: async () => unknown("nobody asks here"),
      readService: async () => unknown("nobody asks here"),
      answer: refuse,
    },
    wakeAnother: refuse,
    clock: systemClock(),
  };
}

async function refuse(): Promise<never> {
  throw new Error("this only reads");
}
