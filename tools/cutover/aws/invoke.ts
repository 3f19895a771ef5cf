import { setTimeout as sleep } from "node:timers/promises";
import { Complaint } from "../../terminal/complaint";
import { asSentence } from "./calls";
import { type Trouble, troubleOf } from "./trouble";

/** Whom to ask, and how long to wait for it. */
export interface Asked {
  functionName: string;
  /** What the function is, such as `the controller`. */
  title: string;
  /** Longest wait for its answer, in milliseconds. */
  milliseconds: number;
  /** How to find out what came of it, where it changes something. @default it changes nothing */
  lookUp?: string;
}

/** Waits between two tries of what was throttled, and so certainly not carried out; in milliseconds. */
const PAUSES = [200, 400, 800];

/** The function's answer. Throws a complaint, which says so where it may have been carried out all the same. */
export async function invoke(asked: Asked, event: object): Promise<unknown> {
  const { functionName, title } = asked;
  const lambda: typeof import("@aws-sdk/client-lambda") = require("@aws-sdk/client-lambda");
  // Once: a second attempt would hide that the first may have been carried out.
  const client = new lambda.LambdaClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: asked.milliseconds,
      throwOnRequestTimeout: true,
    },
  });
  const command = new lambda.InvokeCommand({
    FunctionName: functionName,
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const call = { permission: "lambda:InvokeFunction", subject: `function ${functionName}` };
  for (let tries = 0; ; tries++) {
    try {
      const { Payload, FunctionError } = await client.send(command);
      const text = Buffer.from(Payload ?? []).toString();
      if (FunctionError !== undefined) throw failed(title, text, asked);
      return parse(title, text, asked);
    } catch (error) {
      if (error instanceof Complaint) throw error;
      const trouble = troubleOf(error, call);
      const pause = trouble.kind === "throttled" ? PAUSES[tries] : undefined;
      if (pause === undefined) throw new Complaint(sentence(trouble, asked));
      await sleep(pause);
    }
  }
}

function sentence({ clause, mayBeDone }: Trouble, { lookUp }: Asked): string {
  const said = asSentence(clause);
  if (lookUp === undefined) return said;
  return mayBeDone ? `${said} ${mayHappen(lookUp)}` : `${said} Nothing was carried out.`;
}

function mayHappen(lookUp: string): string {
  return `It may have been carried out all the same: ${lookUp}`;
}

/** Of a request that the function does not take: it looks before it does anything. */
const NOT_TAKEN = /^(verb must be one of|to must be|\S+ goes on record)/;

/** What a function that threw tells. */
function failed(title: string, text: string, { lookUp }: Asked): Complaint {
  const { errorMessage, errorType } = asError(text);
  const said = errorMessage ?? errorType ?? (text.slice(0, 300) || "it did not say why");
  const sentence = asSentence(`${title} failed: ${said.split("\n")[0]}`);
  const isOpen = lookUp !== undefined && !NOT_TAKEN.test(said);
  return new Complaint(isOpen ? `${sentence} ${mayHappen(lookUp)}` : sentence);
}

function asError(text: string): { errorMessage?: string; errorType?: string } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function parse(title: string, text: string, { lookUp }: Asked): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const said = asSentence(
      `${title} gave no answer that can be read: ${text.slice(0, 100) || "nothing"}`,
    );
    throw new Complaint(lookUp === undefined ? said : `${said} ${mayHappen(lookUp)}`);
  }
}
