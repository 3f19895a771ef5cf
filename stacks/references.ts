import * as pulumi from "@pulumi/pulumi";
import {
  DATA_SHAPE,
  type Data,
  FOUNDATION_SHAPE,
  type Foundation,
  type FoundationShape,
  SHAPE_VERSION,
} from "./layers";
import type { Settings } from "./settings";

/** What a stack exports of a layer that it owns: the layer's outputs, and what they can be relied on for. */
export interface ExportedLayer<T> {
  shapeVersion: number;
  environment: string;
  outputs: T;
}

/** The layers that another stack owns, with the same interface as the layers themselves. */
export interface UpstreamLayers {
  foundation: Foundation;
  /** Undefined where this stack owns the data layer. */
  data: Data | undefined;
}

/**
 * Reads what this stack needs of its upstream stack, before anything else happens: throws, with
 * what to do, when the other stack is not the one that this one needs.
 */
export async function readUpstream(upstream: string, settings: Settings): Promise<UpstreamLayers> {
  const reference = new pulumi.StackReference(upstream);
  const who = `stack ${upstream}, named by payments:upstream,`;
  const read = async <T>(layer: "foundation" | "data"): Promise<T> => {
    const { value, secretValue } = await reference.getOutputDetails(layer);
    const outputs = checkExport(who, layer, value ?? secretValue, settings);
    // One secret makes a secret of the whole layer: so it stays on this side.
    return asOutputs<T>(secretValue === undefined ? outputs : pulumi.secret(outputs));
  };
  const foundation = await read<Foundation>("foundation");
  const data = settings.layers.includes("data") ? undefined : await read<Data>("data");
  return { foundation, data };
}

/**
 * An output lifts the properties of its value, at any depth, as outputs: so an output of a layer's
 * shape can be used as a shape of outputs.
 */
function asOutputs<T>(outputs: unknown): T {
  return pulumi.output(outputs) as unknown as T;
}

const SHAPES = { foundation: FOUNDATION_SHAPE, data: DATA_SHAPE };

function checkExport(
  who: string,
  layer: keyof typeof SHAPES,
  value: unknown,
  settings: Settings,
): unknown {
  const { environment } = settings;
  if (value === undefined)
    throw new pulumi.RunError(
      `${who} exports no ${layer} layer. Deploy it first, or name the stack that owns this layer.`,
    );
  const exported = value as ExportedLayer<unknown>;
  if (exported.shapeVersion !== SHAPE_VERSION)
    throw new pulumi.RunError(
      `${who} exports its ${layer} layer in shape ${exported.shapeVersion}, this program reads ${SHAPE_VERSION}. Deploy both stacks from the same revision.`,
    );
  if (exported.environment !== environment)
    throw new pulumi.RunError(
      `${who} belongs to environment ${exported.environment}, this stack to ${environment}. Name the stack of the same environment.`,
    );
  checkOutputs(who, layer, exported.outputs);
  if (layer === "foundation") checkNetwork(who, exported.outputs as FoundationShape, settings);
  return exported.outputs;
}

/** A stack that was deployed from an older revision lacks what was added since. */
function checkOutputs(who: string, layer: keyof typeof SHAPES, outputs: unknown): void {
  const { error } = SHAPES[layer].safeParse(outputs);
  if (error === undefined) return;
  const names = error.issues.map(({ path }) => [layer, ...path].join("."));
  throw new pulumi.RunError(
    `${who} lacks outputs that this program reads, or has them in another form: ${names.join(", ")}. Deploy it from the same revision as this stack first.`,
  );
}

/** The two stacks have a file of settings each, and the network belongs to the other one. */
function checkNetwork(who: string, foundation: FoundationShape, settings: Settings): void {
  const { ports, legacyWay: admitted } = foundation;
  const compare = (key: string, here: number, there: number) => {
    if (here === there) return;
    throw new pulumi.RunError(
      `${who} admits port ${there}, this stack uses ${here}. Give both stacks the same payments:${key}, and deploy the other one first.`,
    );
  };
  compare("allowPlainHttp", settings.listener.port, ports.listener);
  compare("applicationPort", settings.service.port, ports.application);
  const wanted = legacyWay(settings);
  if (settings.layers.includes("data") && wanted !== admitted)
    throw new pulumi.RunError(
      `${who} admits ${admitted || "no on-premises database"}, this stack uses ${wanted || "none"}. Give both stacks the same payments:legacyHost, payments:legacyCidr and payments:legacyPort, and deploy the other one first.`,
    );
}

/** The way to the on-premises database, as `cidr:port`; empty where there is none. */
export function legacyWay({ legacy }: Settings): string {
  return legacy === undefined ? "" : `${legacy.cidr}:${legacy.port}`;
}
