/**
 * Measures the controller's package and its cold start, from a fresh process to the handler's first
 * answer, beside the same handler bundled by esbuild: `npm run cold-start -- --rounds 9 [--json]`.
 *
 * In place of AWS stands a server on this machine that has nothing and answers at once: an emulator's
 * own slowness would hide what is measured.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Recorder } from "../test/permissions/recorder";
import { shifting } from "../test/support/facts";
import { deployed, makePackages, type Package } from "./coldPackages";
import { type ColdResults, type ColdSample, coldMarkdown } from "./coldReport";
import { type Command, measure } from "./measure";
import { optionsOf } from "./options";
import { machine } from "./report";

const SCHEDULE = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };

/** Events, and the state that the controller finds. */
const EVENTS: { [title: string]: { event: object; state?: object } } = {
  status: { event: { verb: "status" } },
  "scheduled, nothing moves": { event: SCHEDULE },
  // Its facts are all missing, and long since: everything is taken back, with all that this needs.
  "scheduled, rolls back": { event: SCHEDULE, state: shifting({ bakingMinutesAgo: 1 }) },
};

/** Too little for a second pass. */
const REMAINING_MILLISECONDS = 10_000;

async function main() {
  const { rounds, json } = optionsOf("cold-start");
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "payments-bench-"));
  const aws = new Recorder();
  await aws.start();
  try {
    const results = await compare(rounds, scratch, aws);
    console.log(json ? JSON.stringify(results, null, 2) : coldMarkdown(results));
  } finally {
    aws.close();
    fs.rmSync(scratch, { recursive: true });
  }
}

async function compare(rounds: number, scratch: string, aws: Recorder): Promise<ColdResults> {
  const deployment = deployed();
  const packages = makePackages(deployment, scratch);
  const samples: ColdResults["samples"] = {};
  const programs = floorPrograms(sdkClients(deployment.files));
  const floors: ColdResults["floors"] = {};
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(round === 0 ? "warming up\n" : `round ${round} of ${rounds}\n`);
    for (const [title, { event, state }] of Object.entries(EVENTS)) {
      aws.answers.GetItem = JSON.stringify(
        state === undefined ? {} : { Item: { body: { S: JSON.stringify(state) } } },
      );
      for (const one of inTurn(packages, round)) {
        const sample = await coldStart(one, event, variables(deployment.variables, aws.url));
        if (round > 0) listOf(samples, title, one.title).push(sample);
      }
    }
    for (const [title, program] of Object.entries(programs)) {
      const { output: _, ...sample } = await measure({
        arguments: ["-e", program],
        directory: scratch,
      });
      if (round > 0) floors[title] = [...(floors[title] ?? []), sample];
    }
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    packages,
    samples,
    floors,
  };
}

/** What a cold start cannot do without, and what loading clients only when needed could save at most. */
function floorPrograms(clients: string[]): { [title: string]: string } {
  const requiring = (names: string[]) => names.map((name) => `require("${name}")`).join(";");
  return {
    "Node, empty program": "0",
    "DynamoDB's client alone": requiring(clients.filter((name) => name.endsWith("-dynamodb"))),
    "all SDK clients alone": requiring(clients),
  };
}

/** Each round begins with another package. */
function inTurn(packages: Package[], round: number): Package[] {
  const first = round % packages.length;
  return [...packages.slice(first), ...packages.slice(0, first)];
}

function listOf(samples: ColdResults["samples"], event: string, title: string): ColdSample[] {
  samples[event] ??= {};
  samples[event][title] ??= [];
  return samples[event][title];
}

async function coldStart(
  { file }: Package,
  event: object,
  environment: { [name: string]: string },
): Promise<ColdSample> {
  const invocation = { file, event, milliseconds: REMAINING_MILLISECONDS };
  const command: Command = {
    arguments: [path.join(__dirname, "coldProcess.cjs")],
    directory: path.dirname(file),
    environment: { ...environment, COLD_START: JSON.stringify(invocation) },
  };
  const { output, ...usage } = await measure(command);
  // The handler logs its report before.
  const { began, loaded, answered, answer } = JSON.parse(output.trim().split("\n").at(-1) ?? "");
  return { ...usage, began, loaded: loaded - began, answered: answered - loaded, answer };
}

function variables(given: { [name: string]: string }, url: string): { [name: string]: string } {
  return {
    ...given,
    AWS_ENDPOINT_URL: url,
    AWS_LAMBDA_FUNCTION_NAME: "cutover-function-bench",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
  };
}

/** The SDK clients that the package requires. */
function sdkClients(files: { [name: string]: string }): string[] {
  const all = Object.values(files).flatMap((text) => [...text.matchAll(/require\("([^"]+)"\)/g)]);
  return [...new Set(all.map(([, name]) => name ?? ""))].sort();
}

main();
