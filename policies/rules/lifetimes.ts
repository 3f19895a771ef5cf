/** Until when AWS supports what we run. A day past the end is a violation: look here once a year. */

export interface Lifetime {
  /** How versions of the line begin. */
  prefix: string;
  /** Last day of support. */
  until: string;
}

/** Lines of Aurora MySQL, from its release calendar. */
export const AURORA_LINES: readonly (Lifetime & { longTerm: boolean })[] = [
  { prefix: "8.0.mysql_aurora.3.10.", until: "2028-04-30", longTerm: true },
  { prefix: "8.0.mysql_aurora.3.12.", until: "2027-02-17", longTerm: false },
];

/** Engine versions of AWS DMS, from its release notes. */
export const REPLICATION_ENGINES: readonly Lifetime[] = [{ prefix: "3.6.1", until: "2027-06-30" }];

/** Runtimes of Lambda, from its page of runtimes. */
export const FUNCTION_RUNTIMES: readonly Lifetime[] = [
  { prefix: "nodejs22.x", until: "2027-04-30" },
  { prefix: "nodejs24.x", until: "2028-04-30" },
];
