import assert from "node:assert/strict";
import { alarmNames } from "../../components/observability/alarmNames";
import { ColorAlarms } from "../../components/observability/colorAlarms";
import { COMMON, type Rendered, render } from "./support";

const DIMENSIONS = { LoadBalancer: "app/alb/1", TargetGroup: "targetgroup/green/2" };
const ACTIONS = ["arn:topic", "arn:function"];

describe("ColorAlarms", () => {
  let alarms: Rendered;
  before(async () => {
    alarms = await render(
      () =>
        new ColorAlarms("green-alarms-test", {
          ...COMMON,
          color: "green",
          loadBalancer: DIMENSIONS.LoadBalancer,
          targetGroup: DIMENSIONS.TargetGroup,
          limits: { maxErrorsPerThousand: 10, minimumPayments: 200, longestHoldMinutes: 30 },
          actions: ACTIONS,
        }),
    );
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
    const count = (metricName: string) => ({
      namespace: "AWS/ApplicationELB",
      metricName,
      dimensions: DIMENSIONS,
      period: 60,
      stat: "Sum",
    });
    assert.deepEqual(inputs, {
      name: "green-payments-errors-test",
      metricQueries: [
        {
          id: "per_thousand",
          label: "failed payments per thousand",
          expression: "1000 * FILL(failures, 0) / IF(payments > 200, payments, 200)",
          returnData: true,
        },
        { id: "failures", metric: count("HTTPCode_Target_5XX_Count") },
        { id: "payments", metric: count("RequestCount") },
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

  it("bear the names by which the controller looks for them", () => {
    const names = alarms.resources.flatMap(({ inputs }) => (inputs.name ? [inputs.name] : []));
    assert.deepEqual(names.sort(), Object.values(alarmNames("test", "green")).sort());
  });
});
