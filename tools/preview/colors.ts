import pc from "picocolors";

export type Colors = ReturnType<typeof pc.createColors>;

/** For files, pipes and tests. */
export const PLAIN: Colors = pc.createColors(false);

/** Colors where the stream is a terminal that takes them; NO_COLOR and TERM=dumb are respected. */
export function colorsFor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Colors {
  const { NO_COLOR, TERM } = environment;
  return pc.createColors(stream.isTTY === true && !NO_COLOR && TERM !== "dumb");
}
