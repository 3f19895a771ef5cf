/** Runs something, and takes down what it would print. */
export function silently<T>(run: () => T): { result: T; said: string } {
  let said = "";
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams)
    stream.write = ((text: string) => {
      said += text;
      return true;
    }) as typeof stream.write;
  try {
    return { result: run(), said };
  } finally {
    streams.forEach((stream, index) => {
      const write = writes[index];
      if (write !== undefined) stream.write = write;
    });
  }
}
