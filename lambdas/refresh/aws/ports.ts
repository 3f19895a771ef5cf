import { systemClock } from "../../common/aws/clock";
import { snsNotifier } from "../../common/aws/notifier";
import type { Ports } from "../ports";
import type { Wiring } from "../variables";
import { dynamoCutover } from "./cutover";
import { secretsManager } from "./secrets";
import { ecsServices } from "./services";
import { dmsTasks } from "./tasks";

/** The function's ports, on AWS. */
export function awsPorts({ environment, stateTable, topicArn }: Wiring): Ports {
  return {
    cutover: dynamoCutover(stateTable, environment),
    secrets: secretsManager(),
    services: ecsServices(),
    tasks: dmsTasks(),
    notifier: snsNotifier(topicArn, environment),
    clock: systemClock(),
  };
}
