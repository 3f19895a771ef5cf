import assert from "node:assert/strict";
import { ALARM_KINDS, alarmNames } from "../../components/observability/alarmNames";
import { ColorAlarms, type ColorAlarmsArgs } from "../../components/observability/colorAlarms";
import { LIMITS } from "../support/facts";
import { COMMON, type Rendered, render } from "./support";

const DIMENSIONS = { LoadBalancer: "app/alb/1", TargetGroup: "targetgroup/green/2" };
const ACTIONS = ["arn:topic", "arn:function"];

const query = (metricName: string, stat: string) => ({
  namespace: "AWS/ApplicationELB",
  metricName,
  dimensions: DIMENSIONS,
  period: 60,
  stat,
});

function renderAlarms(changes: Partial<ColorAlarmsArgs> = {}) {
  return render(
    () =>
      new ColorAlarms("green-alarms-test", {
        ...COMMON,
        color: "green",
        loadBalancer: DIMENSIONS.LoadBalancer,
        targetGroup: DIMENSIONS.TargetGroup,
        limits: LIMITS,
        actions: ACTIONS,
        ...changes,
      }),
  );
}

describe("ColorAlarms", () => {
  let alarms: Rendered;
  before(async () => {
    alarms = await renderAlarms();
  });

  it("turn red when a target stays unhealthy, and call the controller at once", () => {
    const { alarmDescription, ...inputs } = alarms.tagged("green-unhealthy-targets-test") as {
      alarmDescription: string;
    };
    assert.match(alarmDescription, /green/);
    assert.deepEqual(inputs, {
      name: "green-payments-unhealthy-targets-test",
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions: DIMENSIONS,
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: "missing",
      alarmActions: ACTIONS,
      okActions: ["arn:topic"],
    });
  });

  it("turn red when more payments fail than the limit, of those that the color served", () => {
    const { alarmDescription, ...inputs } = alarms.tagged("green-errors-test") as {
      alarmDescription: string;
    };
    assert.match(alarmDescription, /10 per thousand/);
    assert.deepEqual(inputs, {
      name: "green-payments-errors-test",
      metricQueries: [
        {
          id: "per_thousand",
          label: "failed payments per thousand",
          expression: "1000 * FILL(failures, 0) / IF(payments > 200, payments, 200)",
          returnData: true,
        },
        { id: "failures", metric: query("HTTPCode_Target_5XX_Count", "Sum") },
        { id: "payments", metric: query("RequestCount", "Sum") },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: 10,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "missing",
      alarmActions: ACTIONS,
      okActions: ["arn:topic"],
    });
  });

  it("turn red when 1 of 100 payments takes too long, in minutes that have enough to tell", () => {
    const { alarmDescription, ...inputs } = alarms.tagged("green-latency-test") as {
      alarmDescription: string;
    };
    assert.match(alarmDescription, /green longer than 500 ms/);
    assert.deepEqual(inputs, {
      name: "green-payments-latency-test",
      metricQueries: [
        {
          id: "p99_milliseconds",
          label: "99th percentile of the response time, in milliseconds",
          expression: "1000 * IF(payments >= 200, p99, 0)",
          returnData: true,
        },
        { id: "p99", metric: query("TargetResponseTime", "p99") },
        { id: "payments", metric: query("RequestCount", "Sum") },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: 500,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: "missing",
      alarmActions: ACTIONS,
      okActions: ["arn:topic"],
    });
  });

  it("take another limit of the latency", async () => {
    const strict = await renderAlarms({ limits: { ...LIMITS, maxP99Milliseconds: 250 } });
    const { threshold, alarmDescription } = strict.get("green-latency-test").inputs;
    assert.equal(threshold, 250);
    assert.match(alarmDescription as string, /250 ms/);
  });

  it("have one over them that tells people, and leaves the controller alone", () => {
    const { alarmDescription, ...inputs } = alarms.tagged("green-color-test") as {
      alarmDescription: string;
    };
    assert.match(alarmDescription, /wrong with green/);
    const rule = ALARM_KINDS.map((kind) => `ALARM("green-payments-${kind}-test")`).join(" OR ");
    assert.deepEqual(inputs, {
      alarmName: "green-payments-color-test",
      alarmRule: rule,
      alarmActions: ["arn:topic"],
      okActions: ["arn:topic"],
    });
    const { dependsOn } = alarms.get("green-color-test").options;
    assert.equal(dependsOn.length, 3, "AWS refuses a rule on an alarm that is not there");
  });

  it("bear the names by which the controller looks for them", () => {
    const names = alarms.resources.flatMap(({ inputs }) => (inputs.name ? [inputs.name] : []));
    assert.deepEqual(names.sort(), Object.values(alarmNames("test", "green")).sort());
  });
});
