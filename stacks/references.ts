import * as pulumi from "@pulumi/pulumi";
import { type Data, type Foundation, type Layer, SHAPE_VERSION } from "./layers";

/** What a stack exports of a layer that it owns: the layer's outputs, and what they can be relied on for. */
export interface ExportedLayer<T> {
  shapeVersion: number;
  environment: string;
  outputs: T;
}

/** Reads the layers that another stack owns, with the same interface as the layers themselves. */
export class UpstreamLayers {
  private readonly reference: pulumi.StackReference;

  constructor(
    private readonly upstream: string,
    private readonly environment: string,
    parent: pulumi.Resource,
  ) {
    this.reference = new pulumi.StackReference(upstream, {}, { parent });
  }

  foundation(): Foundation {
    return this.read<Foundation>("foundation");
  }

  data(): Data {
    return this.read<Data>("data");
  }

  /**
   * An output lifts the properties of its value, at any depth, as outputs: so an output of the
   * exported shape can be used as a shape of outputs.
   */
  private read<T>(layer: Layer): T {
    const exported = this.reference
      .getOutput(layer)
      .apply((value) => this.check(layer, value as ExportedLayer<unknown> | undefined));
    return exported as unknown as T;
  }

  private check(layer: Layer, exported: ExportedLayer<unknown> | undefined): unknown {
    const who = `stack ${this.upstream}, named by payments:upstream,`;
    if (exported === undefined)
      throw new pulumi.RunError(
        `${who} exports no ${layer} layer. Deploy it first, or name the stack that owns this layer.`,
      );
    if (exported.shapeVersion !== SHAPE_VERSION)
      throw new pulumi.RunError(
        `${who} exports its ${layer} layer in shape ${exported.shapeVersion}, this program reads ${SHAPE_VERSION}. Deploy both stacks from the same revision.`,
      );
    if (exported.environment !== this.environment)
      throw new pulumi.RunError(
        `${who} belongs to environment ${exported.environment}, this stack to ${this.environment}. Name the stack of the same environment.`,
      );
    return exported.outputs;
  }
}
