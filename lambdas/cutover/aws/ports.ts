import { systemClock } from "../../common/aws/clock";
import { waker } from "../../common/aws/events";
import { snsNotifier } from "../../common/aws/notifier";
import type { Ports } from "../ports";
import type { Wiring } from "../variables";
import { dnsRouter } from "./dns";
import { awsHealth } from "./health";
import { cloudformationRelease } from "./release";
import { elbRouter } from "./router";
import { dynamoStateStore } from "./stateStore";
import { lambdaSwitchover } from "./switchover";
import { cloudWatchTraffic } from "./traffic";

/** The controller's ports, on AWS. */
export function awsPorts(wiring: Wiring): Ports {
  const { targetGroupArns, alarmNames, environment, dns, switchoverFunctionArn } = wiring;
  return {
    router: {
      ...elbRouter(wiring.ruleArn, targetGroupArns),
      ...(dns && dnsRouter(dns.zoneId, dns.recordName)),
    },
    health: awsHealth(targetGroupArns, alarmNames),
    traffic: cloudWatchTraffic(environment, wiring.loadBalancerDimension, targetGroupArns),
    state: dynamoStateStore(wiring.stateTable, environment),
    notifier: snsNotifier(wiring.topicArn, environment),
    release: cloudformationRelease(),
    ...(switchoverFunctionArn !== "" && {
      switchover: lambdaSwitchover(switchoverFunctionArn, wiring.stateTable, environment),
    }),
    // An event without any meaning of its own.
    wakeAnother: waker(wiring.functionName, { wake: "cutover" }),
    clock: systemClock(),
  };
}
