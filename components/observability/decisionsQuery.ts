/**
 * The report of a pass, as the controller logs it: `TickReport` of lambdas/cutover/tick.ts as JSON,
 * in this order. A sentence may hold quotes, which JSON escapes; no asterisk reaches over one.
 */
export const REPORT_GLOB =
  '"code":"*","reason":"*","phase":"*","live":"*","weights":{"blue":*,"green":*},"problems":[*]';

const FIELDS = ["code", "reason", "phase", "live", "blue", "green", "problems"];

/** Passes that found nothing to do; there is one a minute. */
const QUIET_CODE = "idle";

/** What the controller decided last, newest first, for CloudWatch Logs Insights. */
export function decisionsQuery(logGroupName: string): string {
  return [
    `SOURCE '${logGroupName}'`,
    // Lambda's JSON log has what the function printed as text in `message`.
    `parse message '${REPORT_GLOB}' as ${FIELDS.join(", ")}`,
    `filter ispresent(code) and code != "${QUIET_CODE}"`,
    "sort @timestamp desc",
    "limit 50",
    `display @timestamp, ${FIELDS.join(", ")}`,
  ].join("\n| ");
}
