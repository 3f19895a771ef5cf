/** The policy pack as the Pulumi command starts it: a process of its own, asked over gRPC. */
import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { DIRECTORY } from "../support/program";

const { serializeProperties }: { serializeProperties(label: string, of: object): Promise<object> } =
  require("@pulumi/pulumi/runtime/rpc");

/** What a policy said about a resource. */
export interface Diagnostic {
  policy: string;
  level: "advisory" | "mandatory" | string;
  urn: string;
  message: string;
}

export interface Pack {
  info(): Promise<protocol.AnalyzerInfo.AsObject>;
  /** As before a resource is made. */
  analyze(resource: RegisteredResource): Promise<Diagnostic[]>;
  /** As at the end of a preview or a deployment. */
  analyzeStack(resources: RegisteredResource[]): Promise<Diagnostic[]>;
  stop(): void;
}

/** Starts the pack for a stack with this configuration. */
export async function startPack(configuration: { [key: string]: string }): Promise<Pack> {
  const child = spawn(
    process.execPath,
    [require.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:1", "."],
    {
      cwd: path.join(DIRECTORY, "policies"),
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(configuration),
        PULUMI_NODEJS_TYPESCRIPT: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const port = await firstLine(child);
  const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    info: async () =>
      (await ask<Empty, protocol.AnalyzerInfo>(client, "getAnalyzerInfo", new Empty())).toObject(),
    analyze: async (resource) =>
      diagnostics(await ask(client, "analyze", await analyzeRequest(resource)), resource.urn),
    analyzeStack: async (resources) =>
      diagnostics(await ask(client, "analyzeStack", await stackRequest(resources)), ""),
    stop: () => {
      client.close();
      child.kill();
    },
  };
}

/** The port that the pack prints once it listens. */
function firstLine(child: ChildProcess): Promise<string> {
  let printed = "";
  let complained = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complained += text;
  });
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const [, port] = /^(\d+)\n/.exec(printed) ?? [];
      if (port !== undefined) resolve(port);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the pack ended with ${code}: ${complained}`)));
  });
}

function ask<Request, Response>(
  client: AnalyzerClient,
  method: "analyze" | "analyzeStack" | "getAnalyzerInfo",
  request: Request,
): Promise<Response> {
  type Call = (request: Request, reply: (error: Error | null, response: Response) => void) => void;
  const call = client[method].bind(client) as unknown as Call;
  return new Promise((resolve, reject) => {
    call(request, (error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

async function struct(properties: object): Promise<Struct> {
  const wire = await serializeProperties("", properties);
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(wire)));
}

async function analyzeRequest(resource: RegisteredResource): Promise<protocol.AnalyzeRequest> {
  return new protocol.AnalyzeRequest()
    .setType(resource.type)
    .setUrn(resource.urn)
    .setName(resource.name)
    .setProperties(await struct(resource.inputs))
    .setOptions(optionsOf(resource));
}

async function stackRequest(resources: RegisteredResource[]) {
  const request = new protocol.AnalyzeStackRequest();
  for (const resource of resources) request.addResources(await stackResource(resource));
  return request;
}

async function stackResource(resource: RegisteredResource): Promise<protocol.AnalyzerResource> {
  const { id, state } = resource;
  const wire = new protocol.AnalyzerResource()
    .setType(resource.type)
    .setUrn(resource.urn)
    .setName(resource.name)
    .setParent(resource.parent ?? "")
    .setDependenciesList(resource.options.dependsOn)
    .setProperties(await struct(id === undefined ? state : { ...state, id }))
    .setOptions(optionsOf(resource));
  for (const [property, urns] of Object.entries(resource.propertyDependencies))
    wire
      .getPropertydependenciesMap()
      .set(property, new protocol.AnalyzerPropertyDependencies().setUrnsList(urns));
  return wire;
}

function optionsOf({ options }: RegisteredResource): protocol.AnalyzerResourceOptions {
  return new protocol.AnalyzerResourceOptions()
    .setProtect(options.protect)
    .setIgnorechangesList(options.ignoreChanges);
}

const LEVELS = ["advisory", "mandatory"];

function diagnostics(response: protocol.AnalyzeResponse, urn: string): Diagnostic[] {
  return response.getDiagnosticsList().map((one) => ({
    policy: one.getPolicyname(),
    level: LEVELS[one.getEnforcementlevel()] ?? String(one.getEnforcementlevel()),
    urn: one.getUrn() || urn,
    message: one.getMessage(),
  }));
}
