import {
  BINLOG_RETENTION_HOURS,
  CUTOVER_SCHEMA,
  MARKER_TABLE,
  PAYMENTS_SCHEMA,
} from "../bootstrap/contract";
import { namesOf } from "../bootstrap/credentials";

/** A row of an answer, each value as text, `NULL` where there is none. */
export type Row = string[];

/** Something that would make a switchover lose or double payments, or keep it from working. */
export interface Fault {
  /** With its schema. @default it is not about a table */
  table?: string;
  reason: string;
  remedy: string;
}

/** One question to a cluster, and what is wrong about the answer. */
export interface Lint {
  sql: string;
  /** @param administrators names of users who may write to a fenced cluster */
  faults: (rows: Row[], administrators: string[]) => Fault[];
}

/** Users that MySQL and RDS keep for themselves; nobody can log in with RDS's role. */
const SYSTEM_USERS = [
  "rdsadmin",
  "rds_superuser_role",
  "mysql.sys",
  "mysql.session",
  "mysql.infoschema",
];

/** Who writes payments and is locked at a switchover, by the one host that the locks name. */
const WRITERS = ["application", "migration", "replicationTarget"] as const;
const LOCKABLE = WRITERS.flatMap(namesOf).map((name) => `'${name}'@'%'`);

/** Age from which on a transaction would make the fence wait, in seconds. */
const LONG_TRANSACTION_SECONDS = 2;

const SCHEMAS = `('${PAYMENTS_SCHEMA}', '${CUTOVER_SCHEMA}')`;
const WRITES = "('INSERT', 'UPDATE', 'DELETE')";

/** What each cluster is asked about itself. Sources: AWS DMS's user guide, MySQL as a source. */
export const LINTS = {
  /** InnoDB carries foreign keys' actions out below the binary log. */
  foreignKeys: {
    sql: `SELECT CONCAT(constraint_schema, '.', table_name), constraint_name FROM information_schema.referential_constraints
WHERE constraint_schema IN ${SCHEMAS} AND (update_rule NOT IN ('RESTRICT', 'NO ACTION') OR delete_rule NOT IN ('RESTRICT', 'NO ACTION'))`,
    faults: each(([table, name]) => ({
      table,
      reason: `foreign key ${name} changes rows that the binary log does not tell of`,
      remedy: "make its actions RESTRICT and change the rows in the application",
    })),
  },
  /** Without a key AWS DMS finds no row to change, nor validates any. */
  primaryKeys: {
    sql: `SELECT CONCAT(t.table_schema, '.', t.table_name) FROM information_schema.tables t
LEFT JOIN information_schema.table_constraints c ON c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY'
WHERE t.table_type = 'BASE TABLE' AND t.table_schema IN ${SCHEMAS} AND c.table_name IS NULL`,
    faults: each(([table]) => ({
      table,
      reason: "it has no primary key, so replication cannot tell its rows apart",
      remedy: "give it one",
    })),
  },
  /** AWS DMS carries neither. MySQL marks columns with computed defaults as generated too: they are none. */
  hiddenColumns: {
    sql: `SELECT CONCAT(table_schema, '.', table_name), column_name FROM information_schema.columns
WHERE table_schema IN ${SCHEMAS} AND (COALESCE(generation_expression, '') <> '' OR extra LIKE '%INVISIBLE%')`,
    faults: each(([table, column]) => ({
      table,
      reason: `column ${column} is generated or invisible, which replication leaves out`,
      remedy: "make it an ordinary column",
    })),
  },
  /** They run for replicated rows too, and what they change is replicated once more. */
  triggers: {
    sql: `SELECT CONCAT(event_object_schema, '.', event_object_table), trigger_name FROM information_schema.triggers WHERE event_object_schema IN ${SCHEMAS}`,
    faults: each(([table, name]) => ({
      table,
      reason: `trigger ${name} would act once more on each row that is replicated`,
      remedy: "drop it and do its work in the application",
    })),
  },
  /** They write as whoever made them, in both clusters. */
  events: {
    sql: "SELECT CONCAT(event_schema, '.', event_name) FROM information_schema.events",
    faults: each(([name]) => ({
      reason: `event ${name} may write while nobody should`,
      remedy: "drop it and schedule its work outside the database",
    })),
  },
  /** MySQL hides triggers and events from users who could not make any. */
  sight: { sql: "SHOW GRANTS", faults: blindSpots },
  /** Whom the fence does not bind, who may change what binds, or what the log says. */
  privileges: {
    sql: `SELECT DISTINCT grantee, privilege_type FROM information_schema.user_privileges WHERE REPLACE(privilege_type, ' ', '_') IN ('CONNECTION_ADMIN', 'SUPER', 'BINLOG_ADMIN')`,
    faults: (rows, administrators) =>
      rows
        .filter(([grantee = ""]) => !isOneOf(grantee, [...administrators, ...SYSTEM_USERS]))
        .map(([grantee, privilege]) => ({
          reason: `${grantee} has ${privilege} and is not bound by the fence`,
          remedy: "revoke it",
        })),
  },
  /** Privileges that come by way of a role are listed nowhere else. */
  roles: {
    sql: "SELECT CONCAT('''', to_user, '''@''', to_host, ''''), from_user FROM mysql.role_edges",
    faults: (rows, administrators) =>
      rows
        .filter(([grantee = ""]) => !isOneOf(grantee, [...administrators, ...SYSTEM_USERS]))
        .map(([grantee, role]) => ({
          reason: `${grantee} has role ${role}, which may unbind it from the fence`,
          remedy: "revoke the role and grant privileges directly",
        })),
  },
  /** Whom the locks of a switchover do not reach. */
  writers: {
    sql: `SELECT DISTINCT grantee FROM information_schema.user_privileges WHERE privilege_type IN ${WRITES}
UNION SELECT grantee FROM information_schema.schema_privileges WHERE '${PAYMENTS_SCHEMA}' LIKE table_schema AND privilege_type IN ${WRITES}
UNION SELECT grantee FROM information_schema.table_privileges WHERE table_schema = '${PAYMENTS_SCHEMA}' AND privilege_type IN ${WRITES}`,
    faults: (rows, administrators) =>
      rows
        .filter(([grantee = ""]) => !isOneOf(grantee, [...administrators, ...SYSTEM_USERS]))
        .filter(([grantee = ""]) => !LOCKABLE.includes(grantee))
        .map(([grantee]) => ({
          reason: `${grantee} may write payments and is not locked at a switchover`,
          remedy: "drop the account, or revoke what it may write",
        })),
  },
  settings: {
    sql: "SELECT @@global.binlog_format, @@global.binlog_row_image, @@global.event_scheduler",
    faults: wrongSettings,
  },
  /** How long the way back can be repaired. */
  retention: { sql: "CALL mysql.rds_show_configuration", faults: shortRetention },
  /** The fence waits for what is under way, and everybody waits for the fence. */
  longTransactions: {
    sql: `SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) FROM information_schema.innodb_trx
WHERE trx_mysql_thread_id <> CONNECTION_ID() AND trx_started <= NOW() - INTERVAL ${LONG_TRANSACTION_SECONDS} SECOND`,
    faults: each(([session, seconds]) => ({
      reason: `session ${session} has had a transaction open for ${seconds} s, and payments would wait for it`,
      remedy: "wait for its end, or end the session",
    })),
  },
  /** Whoever commits it later commits behind the fence. */
  preparedXa: {
    sql: "XA RECOVER",
    faults: each((row) => ({
      reason: `XA has prepared transaction ${row[3]}, which may be committed behind the fence`,
      remedy: "commit it or roll it back",
    })),
  },
} satisfies { [check: string]: Lint };

export type LintName = keyof typeof LINTS;
export const LINT_NAMES = Object.keys(LINTS) as LintName[];

/** What has to be the same in both clusters; a row names a table, a part of it, and how that is. */
export const COMPARED = {
  columns: `SELECT CONCAT(table_schema, '.', table_name), CONCAT('column ', column_name),
CONCAT_WS(' ', column_type, is_nullable, COALESCE(column_default, 'NULL'), collation_name, extra) FROM information_schema.columns
WHERE ${replicatedTables()} ORDER BY 1, 2`,
  indexes: `SELECT CONCAT(table_schema, '.', table_name), CONCAT('index ', index_name, ' ', seq_in_index),
CONCAT_WS(' ', column_name, sub_part, IF(non_unique = 0, 'unique', NULL)) FROM information_schema.statistics
WHERE ${replicatedTables()} ORDER BY 1, 2`,
} as const;

export type ComparedName = keyof typeof COMPARED;
export const COMPARED_NAMES = Object.keys(COMPARED) as ComparedName[];

/** The tables that replicate: a migration's record does not. */
function replicatedTables(): string {
  const markers = `table_schema = '${CUTOVER_SCHEMA}' AND table_name = '${MARKER_TABLE}'`;
  return `(table_schema = '${PAYMENTS_SCHEMA}' OR (${markers}))`;
}

/** One fault for each row. */
function each(faultOf: (row: Row) => Fault): (rows: Row[]) => Fault[] {
  return (rows) => rows.map(faultOf);
}

/** @param grantee such as `'app'@'%'` */
function isOneOf(grantee: string, names: string[]): boolean {
  return names.some((name) => grantee.startsWith(`'${name}'@`));
}

function blindSpots(rows: Row[]): Fault[] {
  const scope = `(\\*|\`?${PAYMENTS_SCHEMA}\`?)\\.\\*`;
  const sees = (privilege: string) =>
    rows.some(([line = ""]) =>
      new RegExp(`^GRANT (.*, )?(ALL PRIVILEGES|${privilege})(,.*)? ON ${scope} TO `).test(line),
    );
  return ["TRIGGER", "EVENT"]
    .filter((privilege) => !sees(privilege))
    .map((privilege) => ({
      reason: `whoever asked has no privilege ${privilege} on ${PAYMENTS_SCHEMA}, and is shown none there`,
      remedy: `ask as a user who has it, or grant it`,
    }));
}

function wrongSettings([row]: Row[]): Fault[] {
  const [format = "none", image = "none", scheduler = "none"] = row ?? [];
  const wanted: [name: string, is: string, wanted: string[]][] = [
    ["binlog_format", format, ["ROW"]],
    ["binlog_row_image", image, ["FULL"]],
    ["event_scheduler", scheduler, ["OFF", "DISABLED"]],
  ];
  return wanted
    .filter(([, is, allowed]) => !allowed.includes(is.toUpperCase()))
    .map(([name, is, [must]]) => ({
      reason: `${name} is ${is}, must be ${must}`,
      remedy: `set it in the cluster's parameter group, and restart the cluster where that asks for it`,
    }));
}

function shortRetention(rows: Row[]): Fault[] {
  const name = "binlog retention hours";
  const hours = rows.find(([key]) => key === name)?.[1] ?? "not set";
  if (Number(hours) >= BINLOG_RETENTION_HOURS) return [];
  return [
    {
      reason: `${name} is ${hours}, must be ${BINLOG_RETENTION_HOURS} or more`,
      remedy: `CALL mysql.rds_set_configuration('${name}', ${BINLOG_RETENTION_HOURS})`,
    },
  ];
}
