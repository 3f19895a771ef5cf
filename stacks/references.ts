import * as pulumi from "@pulumi/pulumi";
import {
  type Data,
  type Foundation,
  type FoundationShape,
  type Layer,
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
  const read = async (layer: Layer) => {
    const { value } = await reference.getOutputDetails(layer);
    return checkExport(`stack ${upstream}, named by payments:upstream,`, layer, value, settings);
  };
  const foundation = await read("foundation");
  const data = settings.layers.includes("data") ? undefined : await read("data");
  return {
    foundation: asOutputs<Foundation>(foundation),
    data: data === undefined ? undefined : asOutputs<Data>(data),
  };
}

/**
 * An output lifts the properties of its value, at any depth, as outputs: so an output of a layer's
 * shape can be used as a shape of outputs.
 */
function asOutputs<T>(outputs: unknown): T {
  return pulumi.output(outputs) as unknown as T;
}

function checkExport(who: string, layer: Layer, value: unknown, settings: Settings): unknown {
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
  if (layer === "foundation") checkPorts(who, exported.outputs as FoundationShape, settings);
  return exported.outputs;
}

/** The two stacks have a file of settings each, and the network belongs to the other one. */
function checkPorts(who: string, { ports }: FoundationShape, settings: Settings): void {
  const compare = (key: string, here: number, there: number) => {
    if (here === there) return;
    throw new pulumi.RunError(
      `${who} admits port ${there}, this stack uses ${here}. Give both stacks the same payments:${key}, and deploy the other one first.`,
    );
  };
  compare("allowPlainHttp", settings.listener.port, ports.listener);
  compare("applicationPort", settings.service.port, ports.application);
}
