import type { Color } from "../../lambdas/cutover/contract";
import { byColor, type DashboardBodyArgs, half, limitsOf, SHADES, third } from "./dashboardArgs";
import { type Content, type LineOptions, line, type MetricLine } from "./widgets";

/** In minutes without payments there is no share, and no line. */
export function share(args: DashboardBodyArgs): Content {
  const counted = byColor((color) => [
    balancer("RequestCount", color, args, { id: color, visible: false }),
  ]);
  const drawn = byColor((color) => [
    [
      {
        id: `${color}_share`,
        label: color,
        color: SHADES[color].strong,
        expression: `100 * FILL(${color}, 0) / (FILL(blue, 0) + FILL(green, 0))`,
      },
    ],
  ]);
  return third(args, {
    title: "Share of the payments",
    unit: "percent",
    stat: "Sum",
    stacked: true,
    max: 100,
    lines: [...drawn, ...counted],
  });
}

export function throughput(args: DashboardBodyArgs): Content {
  const { expectedPaymentsPerHour: expected, floorPercent } = limitsOf(args);
  return third(args, {
    title: "Payments an hour, from those of 5 minutes",
    unit: "payments",
    stat: "Sum",
    periodSeconds: 300,
    lines: [
      [{ id: "hourly", label: "all", expression: "12 * payments" }],
      line(
        "AWS/ApplicationELB",
        "RequestCount",
        { LoadBalancer: args.loadBalancer },
        { id: "payments", visible: false },
      ),
    ],
    ...(expected !== undefined && {
      limits: [
        { label: "expected", value: expected },
        { label: "alarm", value: (expected * floorPercent) / 100 },
      ],
    }),
  });
}

/** The answers that the controller and the alarms count, and the balancer's own. */
export function failures(args: DashboardBodyArgs): Content {
  const own = { LoadBalancer: args.loadBalancer };
  return third(args, {
    title: "Failed payments a minute",
    unit: "payments",
    stat: "Sum",
    lines: [
      ...byColor((color) => [
        balancer("HTTPCode_Target_5XX_Count", color, args, {
          label: `${color} answered 5xx`,
          color: SHADES[color].strong,
        }),
        balancer("TargetConnectionErrorCount", color, args, {
          label: `${color} not reached`,
          color: SHADES[color].light,
        }),
      ]),
      line("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", own, {
        label: "load balancer answered 5xx",
        color: "#d62728",
      }),
    ],
  });
}

/** CloudWatch has seconds. */
export function latency(args: DashboardBodyArgs): Content {
  const { maxP99Milliseconds } = limitsOf(args);
  const shown = [
    { stat: "p50", shade: "light" },
    { stat: "p99", shade: "strong" },
  ] as const;
  return third(args, {
    title: "Response time",
    unit: "seconds",
    lines: byColor((color) =>
      shown.map(({ stat, shade }) =>
        balancer("TargetResponseTime", color, args, {
          label: `${color} ${stat}`,
          stat,
          color: SHADES[color][shade],
        }),
      ),
    ),
    limits: [{ label: "p99 alarm", value: maxP99Milliseconds / 1000 }],
  });
}

export function targets(args: DashboardBodyArgs): Content {
  return third(args, {
    title: "Targets",
    unit: "targets",
    lines: byColor((color) => [
      balancer("HealthyHostCount", color, args, {
        label: `${color} healthy`,
        stat: "Minimum",
        color: SHADES[color].strong,
      }),
      balancer("UnHealthyHostCount", color, args, {
        label: `${color} unhealthy`,
        stat: "Maximum",
        color: SHADES[color].light,
      }),
    ]),
  });
}

function balancer(
  metricName: string,
  color: Color,
  args: DashboardBodyArgs,
  options: LineOptions,
): MetricLine {
  const dimensions = {
    TargetGroup: args.colors[color].targetGroup,
    LoadBalancer: args.loadBalancer,
  };
  return line("AWS/ApplicationELB", metricName, dimensions, options);
}

/**
 * What the application says of itself, which knows a payment from a request. It has no line where an
 * image does not keep that part of the contract (docs/application-contract.md, "Metrics").
 */
export function counted(args: DashboardBodyArgs): Content {
  return half(args, {
    title: "Payments a minute, as the application counts them",
    unit: "payments",
    stat: "Sum",
    lines: byColor((color) => [
      application("PaymentsAccepted", color, args, SHADES[color].strong),
      application("PaymentsFailed", color, args, SHADES[color].light),
    ]),
  });
}

export function answered(args: DashboardBodyArgs): Content {
  return half(args, {
    title: "Time to an answer (p99), as the application measures it",
    unit: "ms",
    stat: "p99",
    lines: byColor((color) => [application("PaymentLatency", color, args, SHADES[color].strong)]),
  });
}

function application(
  metricName: string,
  color: Color,
  { environment }: DashboardBodyArgs,
  shade: string,
): MetricLine {
  const what = { PaymentsAccepted: "accepted", PaymentsFailed: "failed" }[metricName] ?? "p99";
  const options = { label: `${color} ${what}`, color: shade };
  return line(`Payments/${environment}`, metricName, { Color: color }, options);
}
