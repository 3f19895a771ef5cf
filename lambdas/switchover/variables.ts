import { COLORS } from "../cutover/contract";
import {
  type SwitchoverCluster,
  type SwitchoverClusters,
  VARIABLES,
  type Variables,
} from "./contract";

/** The function's environment variables, read and checked once per cold start. */
export interface Wiring {
  environment: string;
  stateTable: string;
  topicArn: string;
  writerParameter: string;
  clusters: SwitchoverClusters;
  /** Names of database users who may write to a fenced cluster. */
  administrators: string[];
  /** This function's own name, which Lambda gives it. */
  functionName: string;
}

/** Throws with everything that is missing or wrong; the invocation then fails and its alarm rises. */
export function readVariables(environment: { [name: string]: string | undefined }): Wiring {
  const missing = VARIABLES.filter((name) => !environment[name]);
  const mistakes = missing.map((name) => `${name} is missing`);
  const functionName = environment.AWS_LAMBDA_FUNCTION_NAME;
  if (!functionName) mistakes.push("AWS_LAMBDA_FUNCTION_NAME is missing");
  const text = environment as Variables;
  const clusters = parse(text.PAYMENTS_CLUSTERS);
  if (text.PAYMENTS_CLUSTERS)
    for (const mistake of clusterMistakes(clusters)) mistakes.push(`PAYMENTS_CLUSTERS: ${mistake}`);
  if (mistakes.length > 0) throw new Error(`environment variables: ${mistakes.join("; ")}`);
  return {
    environment: text.PAYMENTS_ENVIRONMENT,
    stateTable: text.PAYMENTS_STATE_TABLE,
    topicArn: text.PAYMENTS_TOPIC_ARN,
    writerParameter: text.PAYMENTS_WRITER_PARAMETER,
    clusters: clusters as unknown as SwitchoverClusters,
    administrators: text.PAYMENTS_ADMINISTRATORS.split(","),
    functionName: functionName as string,
  };
}

/** Undefined when the text is no JSON: no clusters either. */
function parse(text: string): { [color: string]: { [field: string]: unknown } } | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const FIELDS: (keyof SwitchoverCluster)[] = [
  "clusterArn",
  "administratorSecretArn",
  "endpoint",
  "applicationSecretArn",
  "taskArn",
];

function clusterMistakes(clusters: ReturnType<typeof parse>): string[] {
  const mistakes = COLORS.flatMap((color) =>
    FIELDS.filter((field) => !isText(clusters?.[color]?.[field])).map(
      (field) => `${field} of ${color} must be a text, got ${clusters?.[color]?.[field]}`,
    ),
  );
  if (mistakes.length > 0) return mistakes;
  // One cluster under two names would be fenced and opened at once.
  return FIELDS.filter((field) => clusters?.blue?.[field] === clusters?.green?.[field]).map(
    (field) => `${field} of blue and green must differ, got ${clusters?.blue?.[field]} for both`,
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
