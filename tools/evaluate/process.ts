/**
 * What an evaluation needs of the process as a whole: one at a time, in the project's folder, with
 * cheap stack traces, and every rejection heard.
 */

/** Longer than any program takes; only one that waits for something that never comes gets here. */
const PATIENCE_MILLISECONDS = 60_000;

/** A failure passes from resource to resource in less. */
const QUIET_MILLISECONDS = 25;

let last: Promise<unknown> = Promise.resolve();

/** Runs the evaluation when the one before it has ended. */
export function inQuietProcess<T>(
  directory: string | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const mine = last.then(() => inside(directory, run));
  last = mine.catch(() => {});
  return mine;
}

async function inside<T>(directory: string | undefined, run: () => Promise<T>): Promise<T> {
  const leave = enter(directory);
  const restoreSourceMaps = withoutSourceMaps();
  const failure = hearRejections();
  try {
    // A turn more, for a rejection in the program's last moment.
    return await Promise.race([run().then(afterTurn), failure.heard]);
  } catch (error) {
    await failure.untilQuiet();
    throw error;
  } finally {
    failure.stopListening();
    restoreSourceMaps();
    leave();
  }
}

function afterTurn<T>(value: T): Promise<T> {
  return new Promise((resolve) => setImmediate(() => resolve(value)));
}

function enter(directory: string | undefined): () => void {
  const before = process.cwd();
  if (directory === undefined) return () => {};
  process.chdir(directory);
  return () => process.chdir(before);
}

/**
 * Pulumi takes a stack trace per resource; mapping each to its source costs milliseconds. Where
 * fast-start.cjs guards the hook already, there is nothing to do.
 */
function withoutSourceMaps(): () => void {
  const hook = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  if (hook?.get !== undefined) return () => {};
  Reflect.deleteProperty(Error, "prepareStackTrace");
  return () => {
    if (hook !== undefined) Object.defineProperty(Error, "prepareStackTrace", hook);
  };
}

/**
 * A failing resource shows as a rejection that nobody awaits, and what needs the resource waits
 * for ever. So the first rejection ends the evaluation; so does a program that never ends.
 */
function hearRejections() {
  let count = 0;
  let fail: (reason: unknown) => void = () => {};
  const heard = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const message = `the program did not end within ${PATIENCE_MILLISECONDS / 1000} s`;
  const timer = setTimeout(() => fail(new Error(message)), PATIENCE_MILLISECONDS);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const hear = (reason: unknown) => {
    count++;
    fail(reason);
  };
  process.on("unhandledRejection", hear);
  const stopListening = () => {
    clearTimeout(timer);
    process.removeListener("unhandledRejection", hear);
    for (const other of others) process.on("unhandledRejection", other);
  };
  /** Rejections that follow from the first are no news, and no fault of what runs next. */
  const untilQuiet = async () => {
    for (let before = -1; before !== count; ) {
      before = count;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MILLISECONDS));
    }
  };
  return { heard, stopListening, untilQuiet };
}
