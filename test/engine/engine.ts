/**
 * Runs a stack's program as the Pulumi command does: the SDK's own runner in a process of its own,
 * talking gRPC to an engine. The engine is this process, with the recorder that evaluations use.
 */
import { spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProtocol from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { readConfiguration } from "../../tools/evaluate/configuration";
import { readProject } from "../../tools/evaluate/project";
import { Recorder } from "../../tools/evaluate/recorder";

export interface EngineOptions {
  directory: string;
  stack: string;
  /** As `pulumi preview`: what AWS would make is unknown. @default false */
  preview?: boolean;
  /** Configuration that stands above the stack's file. */
  overrides?: { [key: string]: string };
}

export interface EngineRun {
  exitCode: number | null;
  /** What the program registered. */
  recorder: Recorder;
  /** Messages of the severity "error", in order. */
  errors: string[];
  /** What the process printed. */
  printed: string;
  milliseconds: number;
}

/** Far longer than a program takes. */
const PATIENCE_MILLISECONDS = 60_000;

export async function runWithEngine(options: EngineOptions): Promise<EngineRun> {
  const { directory, stack, preview = false, overrides } = options;
  const project = readProject(directory);
  const configuration = readConfiguration(project, stack, overrides);
  const region = configuration.values["aws:region"] ?? "us-east-1";
  const recorder = new Recorder({ project: project.name, stack, region, preview, upstream: {} });
  const errors: string[] = [];
  const server = new grpc.Server();
  server.addService(ResourceMonitorService, monitorMethods(recorder));
  server.addService(EngineService, engineMethods(errors));
  const address = `127.0.0.1:${await listen(server)}`;
  const started = Date.now();
  const nodeArguments = [
    ...project.nodeArguments,
    require.resolve("@pulumi/pulumi/cmd/run"),
    `--monitor=${address}`,
    `--engine=${address}`,
    `--project=${project.name}`,
    `--stack=${stack}`,
    "--organization=organization",
    `--root-directory=${directory}`,
    `--pwd=${directory}`,
    "--parallel=16",
    ...(preview ? ["--dry-run"] : []),
    ".",
  ];
  const environment = {
    PULUMI_CONFIG: JSON.stringify(configuration.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(configuration.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: "true",
  };
  try {
    const { exitCode, printed } = await runNode(nodeArguments, directory, environment);
    return { exitCode, recorder, errors, printed, milliseconds: Date.now() - started };
  } finally {
    server.forceShutdown();
  }
}

function listen(server: grpc.Server): Promise<number> {
  const credentials = grpc.ServerCredentials.createInsecure();
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function runNode(
  nodeArguments: string[],
  directory: string,
  environment: { [name: string]: string },
): Promise<{ exitCode: number | null; printed: string }> {
  const child = spawn(process.execPath, nodeArguments, {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE_MILLISECONDS,
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, printed }));
  });
}

/** Makes a gRPC method of a function; what it throws becomes the call's error, as in the engine. */
function method<Request, Response>(
  handle: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, reply) => {
    try {
      reply(null, handle(request));
    } catch (error) {
      const details = error instanceof Error ? error.message : String(error);
      reply({ code: grpc.status.UNKNOWN, details });
    }
  };
}

const nothing = method(() => new Empty());

function monitorMethods(recorder: Recorder): grpc.UntypedServiceImplementation {
  return {
    getDeploymentInfo: method(() =>
      new protocol.DeploymentInfo().setSupportedfeaturesList(FEATURES),
    ),
    supportsFeature: method(() => new protocol.SupportsFeatureResponse().setHassupport(false)),
    registerPackage: method(() => new protocol.RegisterPackageResponse().setRef("package")),
    registerResource: method((request: protocol.RegisterResourceRequest) =>
      recorder.register(request),
    ),
    readResource: method((request: protocol.ReadResourceRequest) => recorder.read(request)),
    invoke: method((request: protocol.ResourceInvokeRequest) => recorder.invoke(request)),
    registerResourceOutputs: method((request: protocol.RegisterResourceOutputsRequest) => {
      recorder.complete(request);
      return new Empty();
    }),
    signalAndWaitForShutdown: nothing,
  };
}

const { ResourceMonitorFeature: feature } = protocol;

/** The engine's features that the recorder understands. */
const FEATURES = [
  feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
];

function engineMethods(errors: string[]): grpc.UntypedServiceImplementation {
  let root = "";
  return {
    log: method((request: engineProtocol.LogRequest) => {
      if (request.getSeverity() === engineProtocol.LogSeverity.ERROR)
        errors.push(request.getMessage());
      return new Empty();
    }),
    getRootResource: method(() => new engineProtocol.GetRootResourceResponse().setUrn(root)),
    setRootResource: method((request: engineProtocol.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engineProtocol.SetRootResourceResponse();
    }),
    requirePulumiVersion: method(() => new engineProtocol.RequirePulumiVersionResponse()),
    startDebugging: nothing,
  };
}
