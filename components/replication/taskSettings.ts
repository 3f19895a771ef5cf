/** The parts of replication whose log says how a task fares. */
const LOGGED = ["SOURCE_UNLOAD", "SOURCE_CAPTURE", "TARGET_LOAD", "TARGET_APPLY"];

/**
 * Settings of a replication task, as AWS DMS's user guide names them. Money is replicated: a row that
 * cannot be applied stops the task, where the defaults would log it, skip it and go on.
 *
 * Changes are applied as transactions, in the order of their commits, so that a marker that has
 * arrived proves that all before it has. Rows travel, the schema does not: migrations change both
 * clusters. Loopback prevention is left out on purpose, since only one direction is ever active; a
 * failure of its filter would put an old row over a newer one.
 */
export const TASK_SETTINGS = {
  TargetMetadata: {
    BatchApplyEnabled: false,
    ParallelApplyThreads: 0,
    SupportLobs: true,
    LimitedSizeLobMode: true,
    // KiB; a longer value stops the task (DataTruncationErrorPolicy) instead of being cut.
    LobMaxSize: 1024,
    FullLobMode: false,
    // Keeps the position in the target, so that a crash does not apply changes again.
    TaskRecoveryTableEnabled: true,
  },
  FullLoadSettings: { TargetTablePrepMode: "DO_NOTHING" },
  ChangeProcessingTuning: {
    CommitTimeout: 1,
    MinTransactionSize: 1000,
    MemoryLimitTotal: 2048,
    MemoryKeepTime: 60,
    StatementCacheSize: 50,
  },
  ChangeProcessingDdlHandlingPolicy: {
    HandleSourceTableDropped: false,
    HandleSourceTableTruncated: false,
    HandleSourceTableAltered: false,
  },
  ErrorBehavior: {
    DataErrorPolicy: "STOP_TASK",
    DataTruncationErrorPolicy: "STOP_TASK",
    DataErrorEscalationPolicy: "STOP_TASK",
    TableErrorPolicy: "STOP_TASK",
    TableErrorEscalationPolicy: "STOP_TASK",
    EventErrorPolicy: "STOP_TASK",
    ApplyErrorInsertPolicy: "STOP_TASK",
    ApplyErrorUpdatePolicy: "STOP_TASK",
    ApplyErrorDeletePolicy: "STOP_TASK",
    ApplyErrorEscalationPolicy: "STOP_TASK",
    ApplyErrorFailOnTruncationDdl: true,
    FailOnNoTablesCaptured: true,
    FullLoadIgnoreConflicts: true,
    // Lost connections are tried again for ever, five seconds apart at first.
    RecoverableErrorCount: -1,
    RecoverableErrorInterval: 5,
    RecoverableErrorThrottling: true,
    RecoverableErrorThrottlingMax: 60,
  },
  ControlTablesSettings: {
    StatusTableEnabled: true,
    SuspendedTablesTableEnabled: true,
    HistoryTableEnabled: true,
  },
  ValidationSettings: { EnableValidation: true, ValidationMode: "ROW_LEVEL", FailureMaxCount: 100 },
  Logging: {
    EnableLogging: true,
    // Never finer: rows, and with them card data, would be logged.
    LogComponents: LOGGED.map((Id) => ({ Id, Severity: "LOGGER_SEVERITY_DEFAULT" })),
  },
};
