import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { leaveOut } from "./leaveOut";

const MISSING = "moto_server is not on the PATH (pip install 'moto[server]==5.2.1')";

/** A moto server: an emulator of AWS's APIs, one process, everything in memory. */
export interface Moto {
  url: string;
  /** Forgets everything. */
  reset(): Promise<void>;
  /** Calls a service that no installed SDK client speaks to; the answer's text. */
  call(service: "ec2" | "sqs", parameters: { [name: string]: string }): Promise<string>;
}

export const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
export const REGION = "us-east-1";

/** What a process needs in its environment to reach an endpoint in place of AWS. */
export function awsEnvironment(endpoint: string): { [name: string]: string } {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    // moto unpacks a compressed body twice, and fails.
    AWS_DISABLE_REQUEST_COMPRESSION: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    // No settings of the person who runs the tests.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}

/** Lets the SDK's clients of this process see these variables; the result puts things back. */
export function setVariables(variables: { [name: string]: string }): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

let shared: Promise<Moto | undefined> | undefined;

/**
 * The moto server of this process, on a free port; started at first use, ended with the process.
 * Where none is installed the tests that need it are left out, with a line that says so; they fail
 * where all tests are required.
 */
export async function useMoto(context: Mocha.Context, leftOut: string): Promise<Moto> {
  shared ??= startMoto();
  return (await shared) ?? leaveOut(context, leftOut, MISSING);
}

/** Starts a server that ends with this process; undefined where none is installed. */
export async function startMoto(): Promise<Moto | undefined> {
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"]);
  process.once("exit", () => server.kill());
  const url = await addressOf(server);
  // The tests end when they are done, not when the server does.
  server.unref();
  for (const pipe of [server.stdin, server.stdout, server.stderr]) (pipe as Socket).unref();
  if (url === undefined) return undefined;
  return {
    url,
    reset: async () => void (await fetch(`${url}/moto-api/reset`, { method: "POST" })),
    call: (service, parameters) => call(url, service, parameters),
  };
}

/** The address once the server listens; undefined when there is no such program. */
function addressOf(server: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      const [address] = output.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
      if (address !== undefined) resolve(address);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve(undefined) : reject(error),
    );
    // A version manager's stand-in for a program that is not installed ends with 127.
    server.once("exit", (code) =>
      code === 127 ? resolve(undefined) : reject(new Error(`moto_server ended: ${output}`)),
    );
  });
}

async function call(
  url: string,
  service: string,
  parameters: { [name: string]: string },
): Promise<string> {
  const scope = `test/20260101/${REGION}/${service}/aws4_request`;
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams(parameters),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${parameters.Action} failed: ${text}`);
  return text;
}
