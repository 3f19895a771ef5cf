import assert from "node:assert/strict";
import { COLORS } from "../../lambdas/cutover/contract";
import {
  type AlarmRule,
  ERRORS_RULE,
  LATENCY_RULE,
  UNHEALTHY_TARGETS_RULE,
} from "../../simulation/alarms";
import { SECONDS_UNTIL_UNHEALTHY } from "../../simulation/scenarios";
import { type Evaluation, evaluateStack } from "../../tools/evaluate/evaluate";
import { type Properties, reveal } from "../../tools/evaluate/values";
import { cutoverSettings } from "../../tools/rehearse/cutoverSettings";

/** What the simulation says of the load balancer and its alarms is what the program declares. */
describe("simulation, beside the program", () => {
  let evaluation: Evaluation;
  before(async () => {
    evaluation = await evaluateStack({ directory: process.cwd(), stack: "dev" });
  });

  function inputsOf(type: string): Properties[] {
    return evaluation.resources
      .filter((resource) => resource.type === type)
      .map((resource) => reveal<Properties>(resource.inputs));
  }

  function alarms(kind: string): Properties[] {
    const found = inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ name }) =>
      String(name).includes(`payments-${kind}-`),
    );
    assert.equal(found.length, COLORS.length);
    return found;
  }

  function assertRule(alarm: Properties, { datapointsToAlarm, evaluationPeriods }: AlarmRule) {
    assert.equal(alarm.datapointsToAlarm, datapointsToAlarm);
    assert.equal(alarm.evaluationPeriods, evaluationPeriods);
    assert.equal(alarm.treatMissingData, "missing");
    assert.equal(alarm.comparisonOperator, "GreaterThanThreshold");
  }

  it("judges errors as the errors alarms do", () => {
    const limits = cutoverSettings(evaluation.resources)?.plan.limits;
    for (const alarm of alarms("errors")) {
      assertRule(alarm, ERRORS_RULE);
      assert.equal(alarm.threshold, limits?.maxErrorsPerThousand);
      const [rate] = alarm.metricQueries as { expression: string }[];
      const least = limits?.minimumPayments;
      assert.equal(
        rate?.expression,
        `1000 * FILL(failures, 0) / IF(payments > ${least}, payments, ${least})`,
      );
    }
  });

  it("judges latency as the latency alarms do", () => {
    const limits = cutoverSettings(evaluation.resources)?.plan.limits;
    for (const alarm of alarms("latency")) {
      assertRule(alarm, LATENCY_RULE);
      assert.equal(alarm.threshold, limits?.maxP99Milliseconds);
      const [p99] = alarm.metricQueries as { expression: string }[];
      const least = limits?.minimumPayments;
      assert.equal(p99?.expression, `1000 * IF(payments >= ${least}, p99, 0)`);
    }
  });

  it("judges targets as the unhealthy-targets alarms do", () => {
    for (const alarm of alarms("unhealthy-targets")) {
      assertRule(alarm, UNHEALTHY_TARGETS_RULE);
      assert.equal(alarm.threshold, 0);
      assert.equal(alarm.period, 60);
    }
  });

  it("finds dead targets after as long as the health checks take", () => {
    const groups = inputsOf("aws:lb/targetGroup:TargetGroup");
    assert.equal(groups.length, COLORS.length);
    for (const { healthCheck } of groups) {
      const { interval, unhealthyThreshold } = healthCheck as {
        interval: number;
        unhealthyThreshold: number;
      };
      assert.equal(interval * unhealthyThreshold, SECONDS_UNTIL_UNHEALTHY);
    }
  });
});
