import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ColorAlarms } from "../../components/observability/colorAlarms";
import { Dashboard } from "../../components/observability/dashboard";
import type { DashboardBody } from "../../components/observability/dashboardBody";
import { DatabaseAlarms } from "../../components/observability/databaseAlarms";
import { decisionsQuery } from "../../components/observability/decisionsQuery";
import { FailureEvents } from "../../components/observability/failureEvents";
import { FunctionAlarms } from "../../components/observability/functionAlarms";
import { ReplicationAlarms } from "../../components/observability/replicationAlarms";
import { ServiceAlarms } from "../../components/observability/serviceAlarms";
import { TrafficAlarms } from "../../components/observability/trafficAlarms";
import type { Color } from "../../lambdas/cutover/contract";
import { LIMITS } from "../support/facts";
import { metricMistakes, uses } from "./dashboardFacts";
import { COMMON, type Rendered, render } from "./support";

const ARGS = { ...COMMON, topicArn: "arn:alerts" };

/** One of each kind of resource that has metrics, as small as it gets. */
function surroundings() {
  const both = <T>(make: (color: Color) => T) => ({ blue: make("blue"), green: make("green") });
  const cluster = new aws.ecs.Cluster("app-cluster-test");
  return {
    balancer: new aws.lb.LoadBalancer("alb-test"),
    groups: both((color) => new aws.lb.TargetGroup(`${color}-tg-test`)),
    cluster,
    services: both(
      (color) => new aws.ecs.Service(`${color}-app-service-test`, { cluster: cluster.arn }),
    ),
    databases: both(
      (color) => new aws.rds.Cluster(`${color}-db-cluster-test`, { engine: "aurora-mysql" }),
    ),
    instance: new aws.dms.ReplicationInstance("replication-instance-test", {
      replicationInstanceId: "payments-test",
      replicationInstanceClass: "dms.t3.small",
    }),
    tasks: both(
      (color) =>
        new aws.dms.ReplicationTask(`${color}-replication-task-test`, {
          replicationTaskId: `payments-test-${color}`,
          migrationType: "cdc",
          replicationInstanceArn: "arn:instance",
          sourceEndpointArn: "arn:source",
          targetEndpointArn: "arn:target",
          tableMappings: "{}",
        }),
    ),
    logs: new aws.cloudwatch.LogGroup("cutover-logs-test"),
    controller: new aws.lambda.Function("cutover-function-test", { role: "arn:role" }),
  };
}

/** The names of the surroundings as CloudWatch has them. */
function dimensions(things: ReturnType<typeof surroundings>) {
  const { groups, services, databases, tasks } = things;
  const task = (color: Color) => ({
    id: tasks[color].replicationTaskArn.apply((arn) => arn.slice(arn.lastIndexOf(":") + 1)),
  });
  const color = (one: Color) => ({
    targetGroup: groups[one].arnSuffix,
    serviceName: services[one].name,
  });
  return {
    loadBalancer: things.balancer.arnSuffix,
    clusterName: things.cluster.name,
    colors: { blue: color("blue"), green: color("green") },
    clusters: {
      blue: { identifier: databases.blue.clusterIdentifier },
      green: { identifier: databases.green.clusterIdentifier },
    },
    replication: {
      instanceId: things.instance.replicationInstanceId,
      tasks: { blue: task("blue"), green: task("green") },
    },
    controller: { functionName: things.controller.name, logGroupName: things.logs.name },
  };
}

/** A program with all alarms and the dashboard; `spoil` may put a mistake into the dimensions. */
function observe(spoil: (names: ReturnType<typeof dimensions>) => void = () => {}) {
  return () => {
    const names = dimensions(surroundings());
    spoil(names);
    const limits = LIMITS;
    const { loadBalancer, clusterName, colors, clusters, replication, controller } = names;
    const alarms = [
      ...(["blue", "green"] as const).map(
        (color) =>
          new ColorAlarms(`${color}-alarms-test`, {
            ...COMMON,
            color,
            loadBalancer,
            targetGroup: colors[color].targetGroup,
            limits,
            actions: ["arn:topic"],
          }),
      ),
      new ReplicationAlarms("replication-alarms-test", { ...ARGS, ...replication }),
      new DatabaseAlarms("database-alarms-test", { ...ARGS, clusters, instancesPerCluster: 3 }),
      new ServiceAlarms("service-alarms-test", { ...ARGS, clusterName, services: colors }),
      new FunctionAlarms("function-alarms-test", {
        ...ARGS,
        functions: {
          cutover: {
            functionName: controller.functionName,
            consequence: "Nothing moves.",
            everyMinutes: 1,
          },
        },
      }),
      new TrafficAlarms("traffic-alarms-test", {
        ...ARGS,
        loadBalancer,
        expectedPaymentsPerHour: 50_000,
      }),
      new FailureEvents("failure-events-test", { ...ARGS, backupVaultArns: ["arn:vault"] }),
    ];
    return new Dashboard("dashboard-test", {
      environment: "test",
      region: "us-east-1",
      ...names,
      limits: { expectedPaymentsPerHour: 50_000 },
      alarmArns: alarms.flatMap(({ alarmArns }) => alarmArns),
    });
  };
}

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

function bodyOf(program: Rendered): DashboardBody {
  return JSON.parse(program.get("dashboard-test", DASHBOARD).inputs.dashboardBody as string);
}

describe("Dashboard", () => {
  let program: Rendered;
  let body: DashboardBody;
  before(async () => {
    program = await render(observe());
    body = bodyOf(program);
  });

  const graph = (title: string) => {
    const found = body.widgets.find(
      ({ properties }) => (properties as { title: string }).title === title,
    );
    assert.ok(found !== undefined, title);
    return found.properties as { [name: string]: unknown };
  };

  it("has the environment's name", () => {
    const { dashboardBody: _, ...inputs } = program.get("dashboard-test", DASHBOARD).inputs;
    assert.deepEqual(inputs, { dashboardName: "payments-test" });
  });

  it("asks only for what AWS publishes, of resources that the program has", () => {
    assert.deepEqual(metricMistakes(program.resources), []);
    const asked = uses(program.resources);
    assert.ok(asked.length > 80, `${asked.length} metrics`);
  });

  it("would show nothing with the name of a task, or another's data with a swapped one", async () => {
    const misnamed = await render(
      observe((names) => {
        names.replication.tasks.blue.id = pulumi.output("payments-test-blue");
      }),
    );
    assert.match(metricMistakes(misnamed.resources).join("\n"), /no aws:dms\/replicationTask/);
    const swapped = await render(
      observe(({ colors }) => {
        colors.blue.targetGroup = colors.green.targetGroup;
      }),
    );
    assert.match(
      metricMistakes(swapped.resources).join("\n"),
      /blue p99\), .* TargetGroup is that of green-tg-test/,
    );
  });

  it("puts its widgets on the grid, side by side and not over each other", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of body.widgets) {
      assert.ok(x >= 0 && width >= 1 && x + width <= 24, `${x} and ${width} columns`);
      for (let column = x; column < x + width; column++)
        for (let row = y; row < y + height; row++) {
          const cell = `${column}/${row}`;
          assert.ok(!taken.has(cell), `two widgets at ${cell}`);
          taken.add(cell);
        }
    }
    const rows = Math.max(...body.widgets.map(({ y, height }) => y + height));
    assert.equal(taken.size, 24 * rows, "cells left empty");
  });

  it("states region and period of everything, and keeps them", () => {
    assert.equal(body.periodOverride, "inherit");
    for (const { type, properties } of body.widgets) {
      const { region, period, title } = properties as { [name: string]: unknown };
      if (type !== "alarm") assert.equal(region, "us-east-1", String(title));
      if (type === "metric") assert.ok(period === 60 || period === 300, String(title));
    }
  });

  it("shows every alarm", () => {
    const { alarms } = graph("Alarms") as { alarms: string[] };
    const made = program.resources.flatMap(({ type, state }) =>
      /:(Metric|Composite)Alarm$/.test(type) ? [state.arn] : [],
    );
    assert.deepEqual([...alarms].sort(), made.sort());
    assert.ok(alarms.length <= 100, "CloudWatch shows 100");
  });

  it("shows how payments are split, also where one color gets none", () => {
    const { metrics, stacked, stat, yAxis } = graph("Share of the payments");
    const lines = metrics as [{ id: string; expression: string }][];
    assert.deepEqual(
      lines.slice(0, 2).map(([{ id, expression }]) => [id, expression]),
      [
        ["blue_share", "100 * FILL(blue, 0) / (FILL(blue, 0) + FILL(green, 0))"],
        ["green_share", "100 * FILL(green, 0) / (FILL(blue, 0) + FILL(green, 0))"],
      ],
    );
    assert.deepEqual(
      lines.slice(2).map((line) => line.at(-1)),
      [
        { id: "blue", visible: false },
        { id: "green", visible: false },
      ],
    );
    assert.deepEqual([stacked, stat], [true, "Sum"]);
    assert.deepEqual(yAxis, { left: { min: 0, max: 100, label: "percent", showUnits: false } });
  });

  it("draws a color's lines in its shades, everywhere", () => {
    const shades: { [color: string]: string[] } = {
      blue: ["#1f77b4", "#aec7e8"],
      green: ["#2ca02c", "#98df8a"],
    };
    const drawn = body.widgets
      .flatMap(({ properties }) => (properties as { metrics?: unknown[][] }).metrics ?? [])
      .map((line) => line.at(-1) as { label?: string; color?: string })
      .filter(({ label }) => label !== undefined);
    for (const { label = "", color = "" } of drawn) {
      const [named = ""] = label.split(" ");
      if (named in shades) assert.ok(shades[named]?.includes(color), label);
    }
    assert.ok(drawn.length > 40, `${drawn.length} lines`);
  });

  it("draws of each metric what counts", () => {
    const lines = (title: string) => {
      const { metrics, stat: usual } = graph(title) as { metrics: unknown[][]; stat: string };
      return metrics.map((line) => {
        const { label, stat = usual, yAxis } = line.at(-1) as { [option: string]: string };
        return [label, line[1], stat, ...(yAxis === undefined ? [] : [yAxis])].join(", ");
      });
    };
    assert.deepEqual(lines("Failed payments a minute"), [
      "blue answered 5xx, HTTPCode_Target_5XX_Count, Sum",
      "blue not reached, TargetConnectionErrorCount, Sum",
      "green answered 5xx, HTTPCode_Target_5XX_Count, Sum",
      "green not reached, TargetConnectionErrorCount, Sum",
      "load balancer answered 5xx, HTTPCode_ELB_5XX_Count, Sum",
    ]);
    assert.deepEqual(lines("Response time"), [
      "blue p50, TargetResponseTime, p50",
      "blue p99, TargetResponseTime, p99",
      "green p50, TargetResponseTime, p50",
      "green p99, TargetResponseTime, p99",
    ]);
    assert.deepEqual(lines("Targets"), [
      "blue healthy, HealthyHostCount, Minimum",
      "blue unhealthy, UnHealthyHostCount, Maximum",
      "green healthy, HealthyHostCount, Minimum",
      "green unhealthy, UnHealthyHostCount, Maximum",
    ]);
    assert.deepEqual(lines("Tasks"), [
      "blue running, RunningTaskCount, Average",
      "blue desired, DesiredTaskCount, Average",
      "green running, RunningTaskCount, Average",
      "green desired, DesiredTaskCount, Average",
    ]);
    assert.deepEqual(lines("Replication lag"), [
      "blue to green, read, CDCLatencySource, Maximum",
      "blue to green, written, CDCLatencyTarget, Maximum",
      "green to blue, read, CDCLatencySource, Maximum",
      "green to blue, written, CDCLatencyTarget, Maximum",
    ]);
    assert.deepEqual(lines("Replication instance"), [
      "CPU, CPUUtilization, Average",
      "free memory, FreeableMemory, Average, right",
      "swap, SwapUsage, Average, right",
    ]);
    assert.deepEqual(lines("Load of the tasks"), [
      "blue CPU, CPUUtilization, Average",
      "blue memory, MemoryUtilization, Average",
      "green CPU, CPUUtilization, Average",
      "green memory, MemoryUtilization, Average",
    ]);
    assert.deepEqual(lines("Load of the databases"), [
      "blue, CPUUtilization, Maximum",
      "green, CPUUtilization, Maximum",
    ]);
    assert.deepEqual(lines("Connections to the databases, and deadlocks"), [
      "blue connections, DatabaseConnections, Maximum",
      "blue deadlocks, Deadlocks, Maximum, right",
      "green connections, DatabaseConnections, Maximum",
      "green deadlocks, Deadlocks, Maximum, right",
    ]);
    assert.deepEqual(lines("Commits of the databases"), [
      "blue commits, CommitThroughput, Maximum",
      "blue time, CommitLatency, Maximum, right",
      "green commits, CommitThroughput, Maximum",
      "green time, CommitLatency, Maximum, right",
    ]);
    assert.deepEqual(lines("Cutover controller"), [
      "invocations, Invocations, Sum",
      "errors, Errors, Sum",
      "longest duration, Duration, Maximum, right",
    ]);
  });

  it("shows the limits at which alarms turn red", () => {
    const limits = (title: string) =>
      (graph(title).annotations as { horizontal: unknown } | undefined)?.horizontal;
    assert.deepEqual(limits("Payments an hour, from those of 5 minutes"), [
      { label: "expected", value: 50_000 },
      { label: "alarm", value: 25_000 },
    ]);
    assert.deepEqual(limits("Response time"), [{ label: "p99 alarm", value: 0.5 }]);
    assert.deepEqual(limits("Replication lag"), [{ label: "alarm", value: 60 }]);
  });

  it("tells decisions from the controller's own log", () => {
    const { view, query } = graph("Decisions of the cutover controller");
    assert.equal(view, "table");
    assert.equal(query, decisionsQuery(program.get("cutover-logs-test").state.name as string));
    assert.match(query as string, /^SOURCE 'cutover-logs-test-\w+'\n\| parse message '/);
  });
});
