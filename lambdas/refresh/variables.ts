import { type Consumer, VARIABLES, type Variables } from "./contract";

/** The function's environment variables, read and checked once per cold start. */
export interface Wiring {
  environment: string;
  stateTable: string;
  topicArn: string;
  consumers: Consumer[];
}

/** Throws with everything that is missing or wrong; the invocation then fails and its alarm rises. */
export function readVariables(environment: { [name: string]: string | undefined }): Wiring {
  const mistakes = VARIABLES.filter((name) => !environment[name]).map(
    (name) => `${name} is missing`,
  );
  const text = environment as Variables;
  const consumers = parse(text.PAYMENTS_CONSUMERS);
  if (text.PAYMENTS_CONSUMERS)
    for (const mistake of consumerMistakes(consumers))
      mistakes.push(`PAYMENTS_CONSUMERS: ${mistake}`);
  if (mistakes.length > 0) throw new Error(`environment variables: ${mistakes.join("; ")}`);
  return {
    environment: text.PAYMENTS_ENVIRONMENT,
    stateTable: text.PAYMENTS_STATE_TABLE,
    topicArn: text.PAYMENTS_TOPIC_ARN,
    consumers: consumers as Consumer[],
  };
}

/** Undefined when the text is no JSON: no list of consumers either. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why these are no consumers that can be served; empty when they are. */
function consumerMistakes(consumers: unknown): string[] {
  if (!Array.isArray(consumers) || consumers.length === 0)
    return ["there must be a list of at least one consumer"];
  return consumers.flatMap((consumer, index) =>
    mistakesOf(consumer ?? {}).map((mistake) => `consumer ${index + 1}: ${mistake}`),
  );
}

function mistakesOf(consumer: { [field: string]: unknown }): string[] {
  const { kind, secretArns } = consumer;
  if (kind !== "service" && kind !== "replicationTask")
    return [`kind must be service or replicationTask, got ${kind}`];
  const texts = kind === "service" ? ["name", "clusterArn", "serviceArn"] : ["name", "taskArn"];
  const mistakes = texts
    .filter((field) => !isText(consumer[field]))
    .map((field) => `${field} must be a text, got ${consumer[field]}`);
  if (!Array.isArray(secretArns) || secretArns.length === 0 || !secretArns.every(isText))
    mistakes.push("secretArns must be a list of at least one text");
  return mistakes;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
