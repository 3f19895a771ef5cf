import { PassThrough } from "node:stream";
import { cutoverCommand } from "../../../../tools/cutover/command";
import type { runPulumi } from "../../../../tools/cutover/outputs";

/** What a command printed, and how it ended. */
export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Terminal {
  /** What a person types, one line for each question. @default there is no terminal */
  typed?: string[];
  /** @default the Pulumi CLI */
  pulumi?: typeof runPulumi;
}

/** Runs `npm run cutover` in this process, with or without somebody at a terminal. */
export async function runCutover(given: string[], terminal: Terminal = {}): Promise<Ran> {
  const isTTY = terminal.typed !== undefined;
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input });
  const [out, err] = [collector(false), collector(isTTY)];
  const typed = [...(terminal.typed ?? [])];
  // Each question is answered when it has been asked, as a person does.
  err.onText = (text) => {
    if (/[:\]] $/.test(text)) input.write(`${typed.shift() ?? ""}\n`);
  };
  const status = await cutoverCommand(given, {
    input: input as unknown as NodeJS.ReadStream,
    out: out.stream,
    err: err.stream,
    environment: process.env,
    ...(terminal.pulumi && { pulumi: terminal.pulumi }),
  });
  return { status, stdout: out.text(), stderr: err.text() };
}

function collector(isTTY: boolean) {
  let text = "";
  const stream = new PassThrough();
  const collected = {
    stream: Object.assign(stream, {
      isTTY,
      columns: 80,
      rows: 24,
    }) as unknown as NodeJS.WriteStream,
    text: () => text,
    onText: (_: string) => {},
  };
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    collected.onText(chunk);
  });
  return collected;
}
