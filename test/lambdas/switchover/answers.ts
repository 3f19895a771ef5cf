import { known } from "../../../lambdas/common/ports";
import type { Answers } from "../../../lambdas/switchover/preflight";

/** What a clean cluster answers. */
export function clean(): Answers {
  return {
    foreignKeys: known([]),
    primaryKeys: known([]),
    hiddenColumns: known([]),
    triggers: known([]),
    events: known([]),
    sight: known([["GRANT TRIGGER, EVENT ON `payments`.* TO `payments_admin`@`%`"]]),
    privileges: known([
      ["'payments_admin'@'%'", "CONNECTION_ADMIN"],
      ["'rdsadmin'@'localhost'", "SUPER"],
    ]),
    roles: known([["'paymentsmaster'@'%'", "rds_superuser_role"]]),
    writers: known([["'app'@'%'"], ["'app_schema_clone'@'%'"], ["'dms_target'@'%'"]]),
    settings: known([["ROW", "FULL", "OFF"]]),
    retention: known([["binlog retention hours", "168", "of it"]]),
    longTransactions: known([]),
    preparedXa: known([]),
    columns: known([["payments.payment", "column id", "char(36) NO NULL"]]),
    indexes: known([["payments.payment", "index PRIMARY 1", "id unique"]]),
  };
}
