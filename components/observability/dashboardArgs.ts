import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { DEFAULT_LIMITS } from "./limits";
import { type Content, type GraphArgs, graph, type MetricLine } from "./widgets";

/** What the dashboard shows: names and dimensions as CloudWatch has them. */
export interface DashboardBodyArgs {
  environment: string;
  region: string;
  /** `LoadBalancer` dimension. */
  loadBalancer: string;
  colors: {
    readonly [color in Color]: {
      /** `TargetGroup` dimension. */
      targetGroup: string;
      serviceName: string;
    };
  };
  /** ECS cluster of both services. */
  clusterName: string;
  clusters: { readonly [color in Color]: { identifier: string } };
  replication: {
    instanceId: string;
    /** By the color that a task reads from; `id` is the last part of the task's ARN. */
    tasks: { readonly [source in Color]: { id: string } };
  };
  controller: { functionName: string; logGroupName: string };
  /** Where the alarms stand; as theirs, and with their defaults. */
  limits?: {
    maxP99Milliseconds?: number;
    maxLagSeconds?: number;
    floorPercent?: number;
    /** Payments in a usual hour. @default nobody expects a number */
    expectedPaymentsPerHour?: number;
  };
  alarmArns: string[];
}

/** The shades of CloudWatch's own palette in which each color is drawn. */
export const SHADES: { [color in Color]: { strong: string; light: string } } = {
  blue: { strong: "#1f77b4", light: "#aec7e8" },
  green: { strong: "#2ca02c", light: "#98df8a" },
};

/** Columns of a third of the grid. */
export const THIRD = 8;

export function limitsOf({ limits }: DashboardBodyArgs) {
  return { expectedPaymentsPerHour: undefined, ...DEFAULT_LIMITS, ...limits };
}

/** A graph of that width. */
export function third(
  { region }: DashboardBodyArgs,
  settings: Omit<GraphArgs, "region" | "width">,
): Content {
  return graph({ region, width: THIRD, ...settings });
}

/** A graph of half the grid. */
export function half(
  { region }: DashboardBodyArgs,
  settings: Omit<GraphArgs, "region" | "width">,
): Content {
  return graph({ region, width: 12, ...settings });
}

/** Lines for each color. */
export function byColor(draw: (color: Color) => MetricLine[]): MetricLine[] {
  return COLORS.flatMap(draw);
}
