import { resourceName } from "../components/common";
import type { CutoverController } from "../components/cutover/controller";
import type { LoadBalancer } from "../components/edge/loadBalancer";
import { ColorAlarms } from "../components/observability/colorAlarms";
import { COLORS } from "../lambdas/cutover/contract";
import type { ServiceSurroundings } from "./edge";

/** The alarms that speak for a color, for people and for the controller. */
export function createAlarms(
  balancer: LoadBalancer,
  controller: CutoverController,
  { settings, parent }: ServiceSurroundings,
): void {
  const { environment, tags, plan } = settings;
  for (const color of COLORS)
    new ColorAlarms(
      resourceName("alarms", environment, color),
      {
        environment,
        tags,
        color,
        loadBalancer: balancer.dimension,
        targetGroup: balancer.targetGroups[color].dimension,
        limits: plan.limits,
        actions: [controller.topicArn, controller.functionArn],
      },
      { parent },
    );
}
