import { DEFAULT_LIMITS, type Plan } from "../lambdas/cutover/contract";

/** As Pulumi.prod.yaml has it; a test holds the two together. */
export const PRODUCTION_PLAN: Plan = {
  steps: [
    { weightPercent: 10, bakeMinutes: 5 },
    { weightPercent: 50, bakeMinutes: 10 },
    { weightPercent: 90, bakeMinutes: 10 },
    { weightPercent: 100, bakeMinutes: 15 },
  ],
  limits: {
    ...DEFAULT_LIMITS,
    maxErrorsPerThousand: 10,
    minimumPayments: 200,
    longestHoldMinutes: 30,
  },
};

/** As Pulumi.prod.yaml has it. */
export const PRODUCTION_TICK_SECONDS = 10;
