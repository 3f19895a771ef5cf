export const DONE = 0;
/** The thing failed, or was refused. */
export const FAILED = 1;
/** Wrong usage or configuration. */
export const WRONG_USAGE = 2;

/** What a person can mend: one line says it, and a stack trace would not help. */
export class Complaint extends Error {
  override readonly name = "Complaint";

  constructor(
    message: string,
    readonly exitCode: typeof FAILED | typeof WRONG_USAGE = FAILED,
  ) {
    super(message);
  }
}
