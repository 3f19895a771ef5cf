import assert from "node:assert/strict";
import { DatabaseAlarms } from "../../components/observability/databaseAlarms";
import { EnvironmentAlarm } from "../../components/observability/environmentAlarm";
import { FunctionAlarms } from "../../components/observability/functionAlarms";
import {
  ReplicationAlarms,
  type ReplicationAlarmsArgs,
} from "../../components/observability/replicationAlarms";
import { ServiceAlarms } from "../../components/observability/serviceAlarms";
import { SwitchoverAlarms } from "../../components/observability/switchoverAlarms";
import {
  TrafficAlarms,
  type TrafficAlarmsArgs,
} from "../../components/observability/trafficAlarms";
import { COLORS } from "../../lambdas/cutover/contract";
import { COMMON, type Rendered, render } from "./support";

const TOPIC = "arn:alerts";
const ARGS = { ...COMMON, topicArn: TOPIC };
const MEBIBYTE = 1_048_576;

/** Inputs of an alarm that tells people, both ways, what it means and what to do; without these. */
function told(alarms: Rendered, name: string, meaning: RegExp): object {
  const { alarmDescription, alarmActions, okActions, ...inputs } = alarms.tagged(name) as {
    alarmDescription: string;
    alarmActions: string[];
    okActions: string[];
  };
  assert.match(alarmDescription, meaning);
  assert.ok(alarmDescription.length <= 1024, `${name}: AWS takes 1,024 characters`);
  assert.deepEqual([alarmActions, okActions], [[TOPIC], [TOPIC]], name);
  return inputs;
}

function over(threshold: number, minutes: number) {
  return { ...each(minutes), comparisonOperator: "GreaterThanThreshold", threshold };
}

function under(threshold: number, minutes: number) {
  return { ...each(minutes), comparisonOperator: "LessThanThreshold", threshold };
}

function each(minutes: number) {
  return { evaluationPeriods: minutes, datapointsToAlarm: minutes };
}

/** Checks that a component gives away the ARNs of all its alarms, as the dashboard needs them. */
function assertGiven(alarms: Rendered, component: string, type: string): void {
  const { alarmArns } = alarms.outputs(component, `payments:observability:${type}`) as {
    alarmArns: string[];
  };
  const made = alarms.resources.flatMap(({ type: made, state }) =>
    made === "aws:cloudwatch/metricAlarm:MetricAlarm" ? [state.arn] : [],
  );
  assert.ok(made.length > 0);
  assert.deepEqual([...alarmArns].sort(), made.sort());
}

describe("ReplicationAlarms", () => {
  const dimensions = (source: string) => ({
    ReplicationInstanceIdentifier: "payments-test",
    ReplicationTaskIdentifier: `${source.toUpperCase()}TASK`,
  });
  const build = (changes: Partial<ReplicationAlarmsArgs> = {}) =>
    render(
      () =>
        new ReplicationAlarms("replication-alarms-test", {
          ...ARGS,
          instanceId: "payments-test",
          tasks: { blue: { id: "BLUETASK" }, green: { id: "GREENTASK" } },
          ...changes,
        }),
    );
  let alarms: Rendered;
  before(async () => {
    alarms = await build();
  });

  it("are red when a direction lags more than a minute, and green while it is idle", () => {
    for (const source of COLORS)
      for (const [kind, metricName, what] of [
        ["source", "CDCLatencySource", "read"],
        ["target", "CDCLatencyTarget", "written"],
      ]) {
        const name = `${source}-replication-${kind}-lag-test`;
        assert.deepEqual(
          told(alarms, name, new RegExp(`${source} commits is ${what} .* 60 seconds late`)),
          {
            namespace: "AWS/DMS",
            metricName,
            dimensions: dimensions(source),
            statistic: "Maximum",
            period: 60,
            ...over(60, 3),
            treatMissingData: "notBreaching",
          },
        );
      }
  });

  it("have one that is red when neither direction says anything, whichever should", () => {
    const reading = (source: string) => ({
      id: source,
      metric: {
        namespace: "AWS/DMS",
        metricName: "CDCLatencySource",
        dimensions: dimensions(source),
        period: 60,
        stat: "SampleCount",
      },
    });
    assert.deepEqual(told(alarms, "replication-silent-test", /Neither direction .* 10 minutes/), {
      metricQueries: [
        {
          id: "readings",
          label: "readings of either direction",
          expression: "SUM([blue, green])",
          returnData: true,
        },
        reading("blue"),
        reading("green"),
      ],
      ...under(1, 10),
      treatMissingData: "breaching",
    });
  });

  it("give away what speaks for the active direction, and nothing else", () => {
    const names = [
      "replication-silent-test",
      ...COLORS.flatMap((source) => [
        `${source}-replication-source-lag-test`,
        `${source}-replication-target-lag-test`,
      ]),
    ];
    const type = "payments:observability:ReplicationAlarms";
    const { lagAlarmNames } = alarms.outputs("replication-alarms-test", type) as {
      lagAlarmNames: string[];
    };
    assert.deepEqual(
      lagAlarmNames,
      names.map((name) => alarms.get(name).state.name),
    );
    assertGiven(alarms, "replication-alarms-test", "ReplicationAlarms");
  });

  it("watch what stops every task at once", () => {
    const instance = (metricName: string, statistic: string) => ({
      namespace: "AWS/DMS",
      metricName,
      dimensions: { ReplicationInstanceIdentifier: "payments-test" },
      statistic,
      period: 60,
    });
    assert.deepEqual(told(alarms, "replication-cpu-test", /no CPU to spare for 15 minutes/), {
      ...instance("CPUUtilization", "Average"),
      ...over(80, 15),
      treatMissingData: "breaching",
    });
    assert.deepEqual(told(alarms, "replication-memory-test", /runs out of memory/), {
      ...instance("FreeableMemory", "Minimum"),
      ...under(256 * MEBIBYTE, 5),
      treatMissingData: "missing",
    });
    assert.deepEqual(told(alarms, "replication-swap-test", /swaps changes out/), {
      ...instance("SwapUsage", "Maximum"),
      ...over(256 * MEBIBYTE, 15),
      treatMissingData: "missing",
    });
    assert.deepEqual(told(alarms, "replication-storage-test", /10 GiB .* are left/), {
      ...instance("FreeStorageSpace", "Minimum"),
      ...under(10_240 * MEBIBYTE, 5),
      treatMissingData: "missing",
    });
  });

  it("take another limit of the lag", async () => {
    const patient = await build({ maxLagSeconds: 300 });
    const { threshold, alarmDescription } = patient.get("blue-replication-target-lag-test").inputs;
    assert.equal(threshold, 300);
    assert.match(alarmDescription as string, /more than 300 seconds late/);
  });
});

describe("DatabaseAlarms", () => {
  const build = (instancesPerCluster: number) => () =>
    new DatabaseAlarms("database-alarms-test", {
      ...ARGS,
      clusters: { blue: { identifier: "blue-cluster" }, green: { identifier: "green-cluster" } },
      instancesPerCluster,
    });

  it("watch each cluster's instance that is worst off", async () => {
    const alarms = await render(build(3));
    for (const color of COLORS) {
      const cluster = (metricName: string, statistic: string) => ({
        namespace: "AWS/RDS",
        metricName,
        dimensions: { DBClusterIdentifier: `${color}-cluster` },
        statistic,
        period: 60,
      });
      const of = new RegExp(` ${color}'s database`);
      assert.deepEqual(told(alarms, `${color}-db-cpu-test`, of), {
        ...cluster("CPUUtilization", "Maximum"),
        ...over(80, 10),
        treatMissingData: "breaching",
      });
      assert.deepEqual(told(alarms, `${color}-db-memory-test`, of), {
        ...cluster("FreeableMemory", "Minimum"),
        ...under(256 * MEBIBYTE, 5),
        treatMissingData: "missing",
      });
      assert.deepEqual(told(alarms, `${color}-db-deadlocks-test`, of), {
        ...cluster("Deadlocks", "Maximum"),
        ...over(0.1, 5),
        treatMissingData: "notBreaching",
      });
      assert.deepEqual(told(alarms, `${color}-db-replica-lag-test`, of), {
        ...cluster("AuroraReplicaLagMaximum", "Maximum"),
        ...over(1000, 5),
        treatMissingData: "missing",
      });
    }
    assert.equal(alarms.resources.length, 1 + 8);
    assertGiven(alarms, "database-alarms-test", "DatabaseAlarms");
  });

  it("expect no replica to lag where there is none", async () => {
    const alarms = await render(build(1));
    const lagging = alarms.names.filter((name) => name.includes("replica-lag"));
    assert.deepEqual(lagging, []);
    assert.equal(alarms.resources.length, 1 + 6);
  });
});

describe("ServiceAlarms", () => {
  let alarms: Rendered;
  before(async () => {
    alarms = await render(
      () =>
        new ServiceAlarms("service-alarms-test", {
          ...ARGS,
          clusterName: "app",
          services: { blue: { serviceName: "blue-app" }, green: { serviceName: "green-app" } },
        }),
    );
  });

  it("watch the load of each color's tasks", () => {
    for (const color of COLORS)
      for (const [kind, metricName] of [
        ["cpu", "CPUUtilization"],
        ["memory", "MemoryUtilization"],
      ])
        assert.deepEqual(
          told(alarms, `${color}-app-${kind}-test`, new RegExp(`tasks of ${color} .*${kind}`, "i")),
          {
            namespace: "AWS/ECS",
            metricName,
            dimensions: { ClusterName: "app", ServiceName: `${color}-app` },
            statistic: "Average",
            period: 60,
            ...over(80, 10),
            treatMissingData: "missing",
          },
        );
  });

  it("are red when tasks are missing, and when nothing is known of them", () => {
    for (const color of COLORS) {
      const count = (metricName: string) => ({
        namespace: "ECS/ContainerInsights",
        metricName,
        dimensions: { ClusterName: "app", ServiceName: `${color}-app` },
        period: 60,
        stat: "Average",
      });
      assert.deepEqual(
        told(
          alarms,
          `${color}-app-missing-tasks-test`,
          new RegExp(`^${color} has had fewer tasks`),
        ),
        {
          metricQueries: [
            {
              id: "missing",
              label: "tasks that should run and do not",
              expression: "desired - FILL(running, 0)",
              returnData: true,
            },
            { id: "desired", metric: count("DesiredTaskCount") },
            { id: "running", metric: count("RunningTaskCount") },
          ],
          ...over(0, 5),
          treatMissingData: "breaching",
        },
      );
    }
    assertGiven(alarms, "service-alarms-test", "ServiceAlarms");
  });
});

describe("FunctionAlarms", () => {
  let alarms: Rendered;
  before(async () => {
    alarms = await render(
      () =>
        new FunctionAlarms("function-alarms-test", {
          ...ARGS,
          functions: {
            refresh: {
              functionName: "refresh-1234567",
              consequence: "Rotated credentials reach nobody.",
              everyMinutes: 15,
            },
            bootstrap: { functionName: "bootstrap-1234567", consequence: "Databases lack users." },
          },
        }),
    );
  });

  const counted = (metricName: string, functionName: string) => ({
    namespace: "AWS/Lambda",
    metricName,
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    period: 300,
    ...over(0, 1),
    treatMissingData: "notBreaching",
  });

  it("are red when a function failed or was refused, and say what stands still", () => {
    for (const [what, consequence] of [
      ["refresh", /Rotated credentials reach nobody\.$/],
      ["bootstrap", /Databases lack users\.$/],
    ] as const) {
      const id = `${what}-1234567`;
      assert.deepEqual(
        told(alarms, `${what}-function-errors-test`, consequence),
        counted("Errors", id),
      );
      assert.deepEqual(
        told(alarms, `${what}-function-throttles-test`, consequence),
        counted("Throttles", id),
      );
    }
  });

  it("are red when a function is no longer woken, where a schedule should wake it", () => {
    assert.deepEqual(told(alarms, "refresh-function-idle-test", /not woken three times/), {
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: "refresh-1234567" },
      statistic: "Sum",
      period: 900,
      ...under(1, 3),
      treatMissingData: "breaching",
    });
    assert.ok(!alarms.names.includes("bootstrap-function-idle-test"));
    assertGiven(alarms, "function-alarms-test", "FunctionAlarms");
  });
});

describe("TrafficAlarms", () => {
  const build = (changes: Partial<TrafficAlarmsArgs> = {}) =>
    render(
      () =>
        new TrafficAlarms("traffic-alarms-test", {
          ...ARGS,
          loadBalancer: "app/alb/1",
          ...changes,
        }),
    );
  const balancer = (metricName: string) => ({
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: { LoadBalancer: "app/alb/1" },
    statistic: "Sum",
  });

  it("are red when fewer than half of the expected payments come, or none", async () => {
    const alarms = await build({ expectedPaymentsPerHour: 50_000 });
    assert.deepEqual(told(alarms, "throughput-test", /Fewer than 50 % of the expected 50000/), {
      ...balancer("RequestCount"),
      period: 300,
      ...under(2083, 2),
      treatMissingData: "breaching",
    });
    assertGiven(alarms, "traffic-alarms-test", "TrafficAlarms");
  });

  it("take another floor, and none where no number is expected", async () => {
    const low = await build({ expectedPaymentsPerHour: 12_000, floorPercent: 10 });
    assert.equal(low.get("throughput-test").inputs.threshold, 100);
    const none = await build();
    assert.deepEqual(none.names, ["alb-errors-test", "traffic-alarms-test"]);
  });

  it("are red when the load balancer refuses payments by itself", async () => {
    assert.deepEqual(told(await build(), "alb-errors-test", /load balancer itself refuses/), {
      ...balancer("HTTPCode_ELB_5XX_Count"),
      period: 60,
      ...over(5, 3),
      treatMissingData: "notBreaching",
    });
  });
});

describe("EnvironmentAlarm", () => {
  it("is red when any of the given alarms is", async () => {
    const alarms = await render(
      () =>
        new EnvironmentAlarm("environment-alarm-test", {
          ...ARGS,
          alarmNames: ["green-payments-color-test", "replication-silent-1234567"],
        }),
    );
    assert.deepEqual(told(alarms, "environment-test", /Payments in test are hurt/), {
      alarmName: "payments-environment-test",
      alarmRule: 'ALARM("green-payments-color-test") OR ALARM("replication-silent-1234567")',
    });
    assert.deepEqual(
      alarms.outputs("environment-alarm-test", "payments:observability:EnvironmentAlarm"),
      { alarmArn: alarms.get("environment-test").state.arn },
    );
  });
});

describe("SwitchoverAlarms", () => {
  let alarms: Rendered;
  before(async () => {
    alarms = await render(() => new SwitchoverAlarms("switchover-alarms-test", ARGS));
  });
  const measured = { namespace: "Payments/Switchover", dimensions: { Environment: "test" } };

  it("tell when a switchover does not come to rest", () => {
    assert.deepEqual(told(alarms, "switchover-unsettled-test", /the writer cannot be moved back/), {
      ...measured,
      metricName: "UnsettledSeconds",
      statistic: "Maximum",
      period: 60,
      ...over(900, 1),
      treatMissingData: "missing",
    });
  });

  it("tell when heartbeats are late, or do not come: those are not measured", () => {
    assert.deepEqual(told(alarms, "switchover-heartbeat-test", /No switchover can start/), {
      ...measured,
      metricName: "HeartbeatMilliseconds",
      statistic: "Maximum",
      period: 60,
      ...over(10_000, 10),
      treatMissingData: "breaching",
    });
  });

  it("are given to the dashboard", () => {
    assertGiven(alarms, "switchover-alarms-test", "SwitchoverAlarms");
  });
});
