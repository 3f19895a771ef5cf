/** Server settings that every cluster shares, whatever its color. Names and values are Aurora MySQL's. */
export const CLUSTER_PARAMETERS: { [name: string]: string } = {
  // Clients without TLS are refused.
  require_secure_transport: "ON",
  tls_version: "TLSv1.2,TLSv1.3",
  // Replication between the colors reads the binary log: complete rows, from the first day on.
  binlog_format: "ROW",
  binlog_row_image: "FULL",
  binlog_checksum: "NONE",
  // Connections, definitions and grants are audited; statements are not, they may hold card data.
  server_audit_logging: "1",
  server_audit_events: "CONNECT,QUERY_DCL,QUERY_DDL",
  // A scheduled event would write on both sides of the replication.
  event_scheduler: "OFF",
  time_zone: "UTC",
  // AWS DMS fills the second cluster by LOAD DATA LOCAL; either cluster may be that one some day.
  local_infile: "1",
  // In seconds: the least with which AWS DMS trusts a connection to survive a slow spell.
  net_read_timeout: "300",
  net_write_timeout: "300",
};

/**
 * Settings that take effect when the server starts. The group is there before the first server, so
 * nobody waits for that; RDS refuses "immediate" for a setting that it deems static.
 */
const AT_START = /^(tls_version|binlog_.*|event_scheduler)$/;

/** The settings in the form that a parameter group takes, in a fixed order. */
export function parameterList() {
  return Object.entries(CLUSTER_PARAMETERS).map(([name, value]) => ({
    name,
    value,
    applyMethod: AT_START.test(name) ? "pending-reboot" : "immediate",
  }));
}
