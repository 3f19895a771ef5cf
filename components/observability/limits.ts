/** What alarms and the dashboard's lines stand at where nothing else is asked for. */
export const DEFAULT_LIMITS = {
  /** Time in which 99 of 100 payments are answered, in milliseconds. */
  maxP99Milliseconds: 500,
  /** How far replication may be behind, in seconds. */
  maxLagSeconds: 60,
  /** Share of the expected payments below which something keeps them away, in percent. */
  floorPercent: 50,
} as const;
