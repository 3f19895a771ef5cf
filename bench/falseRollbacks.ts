import { parseArgs } from "node:util";
import { type Outcome, type Ratios, tryOut } from "./evidence";
import { PRODUCTION_PLAN as PLAN } from "./plan";
import { machine, machineInWords, row } from "./report";
import { mean, quantile, upperBound } from "./statistics";

const PAYMENTS_PER_HOUR = 50_000;
const WELL: Ratios = { failing: 0.001, slow: 0.002 };

/** Releases as good as the live color, in different weather. */
const HEALTHY: { title: string; paymentsPerHour: number; both: Ratios; share: number }[] = [
  { title: "0.1 % fail", paymentsPerHour: PAYMENTS_PER_HOUR, both: WELL, share: 1 },
  {
    title: "0.4 % fail, 0.8 % slow",
    paymentsPerHour: PAYMENTS_PER_HOUR,
    both: { failing: 0.004, slow: 0.008 },
    share: 0.05,
  },
  { title: "0.1 % fail, 500,000 an hour", paymentsPerHour: 500_000, both: WELL, share: 0.05 },
];

const FAULTS: { title: string; standby: Ratios }[] = [1, 0.2, 0.05, 0.02, 0.01, 0.005, 0.003].map(
  (failing) => ({
    title: `${failing * 100} % fail`,
    standby: { failing: failing + (1 - failing) * WELL.failing, slow: WELL.slow },
  }),
);
FAULTS.push({ title: "5 % slow", standby: { ...WELL, slow: 0.05 } });

function optionsOf(): { cutovers: number; faults: number; json: boolean } {
  const usage = "usage: npm run evidence -- [--cutovers 20000] [--faults 500] [--json]";
  try {
    const { values } = parseArgs({
      options: {
        cutovers: { type: "string", default: "20000" },
        faults: { type: "string", default: "500" },
        json: { type: "boolean", default: false },
      },
    });
    const whole = (name: "cutovers" | "faults") => {
      const count = Number(values[name]);
      if (Number.isInteger(count) && count >= 1) return count;
      throw new Error(`--${name} must be a whole number from 1, got ${values[name]}`);
    };
    return { cutovers: whole("cutovers"), faults: whole("faults"), json: values.json };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

function run(cutovers: number, paymentsPerHour: number, live: Ratios, standby: Ratios): Outcome[] {
  return Array.from({ length: cutovers }, (_, index) =>
    tryOut({ plan: PLAN, paymentsPerHour, live, standby, seed: index + 1 }),
  );
}

function healthyRow(title: string, outcomes: Outcome[]) {
  const count = (end: Outcome["end"]) => outcomes.filter((outcome) => outcome.end === end).length;
  const [takenBack, held] = [count("worse"), count("held")];
  const minutes = mean(outcomes.map(({ seconds }) => seconds)) / 60;
  const bound = upperBound(takenBack, outcomes.length);
  return { title, cutovers: outcomes.length, takenBack, bound, held, minutes };
}

function faultRow(title: string, outcomes: Outcome[]) {
  const found = outcomes.filter(({ end }) => end !== "completed");
  const seconds = found.map((outcome) => outcome.seconds);
  return {
    title,
    cutovers: outcomes.length,
    takenBack: found.length,
    meanSeconds: mean(seconds),
    p95Seconds: quantile(seconds, 0.95),
    meanFailed: mean(found.map(({ failed }) => failed)),
  };
}

function main(): void {
  const { cutovers, faults, json } = optionsOf();
  const healthy = HEALTHY.map(({ title, paymentsPerHour, both, share }) =>
    healthyRow(title, run(Math.ceil(cutovers * share), paymentsPerHour, both, both)),
  );
  const faulty = FAULTS.map(({ title, standby }) =>
    faultRow(title, run(faults, PAYMENTS_PER_HOUR, WELL, standby)),
  );
  const date = new Date().toISOString().slice(0, 10);
  if (json) {
    console.log(JSON.stringify({ date, machine: machine(), healthy, faulty }, null, 2));
    return;
  }
  console.log(
    [
      `${date}: ${machineInWords(machine())}.`,
      "",
      `Releases as good as the live color, at 50,000 payments an hour; at most 1 in ${PLAN.limits.releasesPerFalseRollback} may be taken back:`,
      "",
      "| both colors | cutovers | found worse | share, 95 % upper bound | held too long | mean duration, min |",
      "|---|---|---|---|---|---|",
      ...healthy.map((one) =>
        row(one.title, [
          String(one.cutovers),
          String(one.takenBack),
          `${(100 * one.bound).toFixed(4)} %`,
          String(one.held),
          one.minutes.toFixed(1),
        ]),
      ),
      "",
      "Worse releases, where 0.1 % of the live color's payments fail and 0.2 % are slow:",
      "",
      "| standby color | cutovers | taken back | mean, s | 95 % within, s | payments failed, mean |",
      "|---|---|---|---|---|---|",
      ...faulty.map((one) =>
        row(one.title, [
          String(one.cutovers),
          String(one.takenBack),
          one.meanSeconds.toFixed(0),
          one.p95Seconds.toFixed(0),
          one.meanFailed.toFixed(1),
        ]),
      ),
    ].join("\n"),
  );
}

main();
