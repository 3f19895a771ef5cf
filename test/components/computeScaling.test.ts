import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ColorService } from "../../components/compute/colorService";
import { fargatePairMistake } from "../../components/compute/fargate";
import {
  PEAK_REQUESTS_PER_HOUR,
  type ScalingArgs,
  scalingMistakes,
  tasksFor,
} from "../../components/compute/scaling";
import { ACCOUNT, COMMON, KEY, type Rendered, render } from "./support";

const SCALING: ScalingArgs = {
  maxTasks: 12,
  requestsPerTaskPerSecond: 50,
  loadBalancer: "app/alb-test/1",
  targetGroup: "targetgroup/green-tg-test/2",
};

function renderService(scaling: ScalingArgs | undefined) {
  return render(
    () =>
      new ColorService("green-application-test", {
        ...COMMON,
        color: "green",
        clusterArn: `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/app-cluster-test-0a1b2c3`,
        image: "docker.io/library/echo:37",
        port: 8443,
        cpu: 1024,
        memory: 2048,
        taskCount: 3,
        ...(scaling && { scaling }),
        subnetIds: ["subnet-1"],
        securityGroupId: "sg-app",
        targetGroupArn: "arn:tg",
        targetGroupUser: new aws.lb.ListenerRule("rule-test", {
          listenerArn: "arn:listener",
          actions: [],
          conditions: [],
        }),
        writerPointer: { name: "/writer", arn: "arn:writer" },
        databaseSecretArns: ["arn:secret"],
        secretsKeyArn: `${KEY}/secrets`,
        accountId: ACCOUNT,
        region: "us-east-1",
        logsKeyArn: `${KEY}/logs`,
        logRetentionDays: 400,
      }),
  );
}

describe("scaling of a color", () => {
  let service: Rendered;
  before(async () => {
    service = await renderService(SCALING);
  });

  const place = () => ({
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: `service/app-cluster-test-0a1b2c3/${service.get("green-app-service-test").state.name}`,
  });

  it("keeps the count of tasks between the least, which the standby has too, and the most", () => {
    assert.deepEqual(service.tagged("green-app-scaling-test"), {
      ...place(),
      minCapacity: 3,
      maxCapacity: 12,
    });
  });

  it("follows the requests that each healthy task of its own target group gets", () => {
    const dimensions = [
      { name: "LoadBalancer", value: "app/alb-test/1" },
      { name: "TargetGroup", value: "targetgroup/green-tg-test/2" },
    ];
    const namespace = "AWS/ApplicationELB";
    assert.deepEqual(service.get("green-app-scaling-requests-test").inputs, {
      ...place(),
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        customizedMetricSpecification: {
          metrics: [
            {
              id: "requests",
              metricStat: {
                metric: { namespace, metricName: "RequestCount", dimensions },
                stat: "Sum",
              },
              returnData: false,
            },
            {
              id: "hosts",
              metricStat: {
                metric: { namespace, metricName: "HealthyHostCount", dimensions },
                stat: "Average",
              },
              returnData: false,
            },
            {
              id: "requests_per_host",
              label: "Requests a minute and healthy task",
              expression: "FILL(requests, 0) / hosts",
              returnData: true,
            },
          ],
        },
        // 50 a second.
        targetValue: 3000,
        scaleOutCooldown: 60,
        scaleInCooldown: 600,
      },
    });
  });

  it("follows the CPU as well", () => {
    assert.deepEqual(service.get("green-app-scaling-cpu-test").inputs, {
      ...place(),
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: 60,
        scaleOutCooldown: 60,
        scaleInCooldown: 600,
      },
    });
  });

  it("begins with the least, and no deployment sets the count back to it", () => {
    const { inputs, options } = service.get("green-app-service-test");
    assert.equal(inputs.desiredCount, 3);
    assert.deepEqual(options.ignoreChanges, ["desiredCount"]);
  });

  it("leaves the count to whoever deploys where there is no scaling", async () => {
    const fixed = await renderService(undefined);
    assert.deepEqual(fixed.get("green-app-service-test").options.ignoreChanges, []);
    const scaling = fixed.resources.filter(({ type }) => type.startsWith("aws:appautoscaling"));
    assert.deepEqual(scaling, []);
  });

  it("refuses limits that contradict each other", async () => {
    await assert.rejects(
      renderService({ ...SCALING, maxTasks: 2, requestsPerTaskPerSecond: 0 }),
      /service green-application-test: got at most 2 tasks, .* from 3.*\n {2}got 0 requests/,
    );
  });
});

describe("scalingMistakes", () => {
  it("accepts a most that is the least, and fractions of a request", () => {
    assert.deepEqual(scalingMistakes(3, { maxTasks: 3, requestsPerTaskPerSecond: 0.5 }), []);
  });

  for (const maxTasks of [2, 3.5, Number.NaN])
    it(`refuses ${maxTasks} as the most of at least 3`, () => {
      assert.deepEqual(scalingMistakes(3, { maxTasks, requestsPerTaskPerSecond: 50 }), [
        `got at most ${maxTasks} tasks, allowed: a whole number from 3, the least`,
      ]);
    });

  for (const requestsPerTaskPerSecond of [0, -1, Number.NaN])
    it(`refuses ${requestsPerTaskPerSecond} requests a task and second`, () => {
      assert.deepEqual(scalingMistakes(3, { maxTasks: 9, requestsPerTaskPerSecond }), [
        `got ${requestsPerTaskPerSecond} requests a task and second, allowed: more than 0`,
      ]);
    });
});

describe("tasksFor", () => {
  it("has room for ten times 50,000 payments an hour", () => {
    assert.equal(PEAK_REQUESTS_PER_HOUR, 500_000);
    // 139 requests a second.
    assert.equal(tasksFor(PEAK_REQUESTS_PER_HOUR, 50), 3);
    assert.equal(tasksFor(PEAK_REQUESTS_PER_HOUR, 10), 14);
    assert.equal(tasksFor(50_000, 50), 1);
  });

  it("rounds up, and not past what is exact", () => {
    assert.equal(tasksFor(3600 * 100, 50), 2);
    assert.equal(tasksFor(3600 * 100 + 1, 50), 3);
  });
});

describe("fargatePairMistake", () => {
  const allowed: [cpu: number, memories: number[]][] = [
    [256, [512, 1024, 2048]],
    [512, [1024, 2048, 3072, 4096]],
    [1024, [2048, 5120, 8192]],
    [2048, [4096, 9216, 16384]],
    [4096, [8192, 29696, 30720]],
    [8192, [16384, 20480, 61440]],
    [16384, [32768, 40960, 122880]],
  ];
  for (const [cpu, memories] of allowed)
    it(`accepts ${cpu} CPU units with ${memories.join(", ")} MiB`, () => {
      for (const memory of memories) assert.equal(fargatePairMistake(cpu, memory), undefined);
    });

  const refused: [cpu: number, memory: number, mistake: string][] = [
    [256, 1536, "got 1536 MiB with 256 CPU units, allowed: 512, 1024, 2048"],
    [256, 4096, "got 4096 MiB with 256 CPU units, allowed: 512, 1024, 2048"],
    [512, 512, "got 512 MiB with 512 CPU units, allowed: 1024 to 4096 in steps of 1024"],
    [1024, 8193, "got 8193 MiB with 1024 CPU units, allowed: 2048 to 8192 in steps of 1024"],
    [2048, 4608, "got 4608 MiB with 2048 CPU units, allowed: 4096 to 16384 in steps of 1024"],
    [4096, 31744, "got 31744 MiB with 4096 CPU units, allowed: 8192 to 30720 in steps of 1024"],
    [8192, 17408, "got 17408 MiB with 8192 CPU units, allowed: 16384 to 61440 in steps of 4096"],
    [16384, 36864, "got 36864 MiB with 16384 CPU units, allowed: 32768 to 122880 in steps of 8192"],
    [300, 512, "got 300 CPU units, allowed: 256, 512, 1024, 2048, 4096, 8192, 16384"],
    [1024, Number.NaN, "got NaN MiB with 1024 CPU units, allowed: 2048 to 8192 in steps of 1024"],
  ];
  for (const [cpu, memory, mistake] of refused)
    it(`refuses ${cpu} CPU units with ${memory} MiB`, () => {
      assert.equal(fargatePairMistake(cpu, memory), mistake);
    });
});
