import { type Consumer, consumerMistakes, VARIABLES, type Variables } from "./contract";

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
