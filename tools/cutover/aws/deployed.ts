import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { readVariables, type Wiring } from "../../../lambdas/cutover/variables";
import { readerSettings } from "./calls";

/** The controller as it is deployed. */
export interface Deployed {
  /** Lambda's words for the function and its last change. */
  state?: string;
  lastUpdate?: string;
  /** Why either is not as it should be, in Lambda's words. */
  reason?: string;
  /** What it is told of its surroundings. */
  wiring: Wiring;
}

/** Reads the function as often as it is called; rejects where it cannot, or its variables make no sense. */
export function deployedReader(functionName: string): () => Promise<Deployed> {
  const lambda: typeof import("@aws-sdk/client-lambda") = require("@aws-sdk/client-lambda");
  const client = new lambda.LambdaClient(readerSettings());
  return async () => {
    const command = new lambda.GetFunctionConfigurationCommand({ FunctionName: functionName });
    return deployedOf(await client.send(command));
  };
}

export function deployedOf(configuration: FunctionConfiguration): Deployed {
  const { State, LastUpdateStatus, Environment } = configuration;
  const reason = configuration.LastUpdateStatusReason ?? configuration.StateReason;
  if (Environment?.Error !== undefined)
    throw new Error(`its variables cannot be read (${Environment.Error.Message}): kms:Decrypt`);
  return {
    ...(State !== undefined && { state: State }),
    ...(LastUpdateStatus !== undefined && { lastUpdate: LastUpdateStatus }),
    ...(reason !== undefined && { reason }),
    // Lambda itself tells a function its name.
    wiring: readVariables({
      ...Environment?.Variables,
      AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName,
    }),
  };
}
