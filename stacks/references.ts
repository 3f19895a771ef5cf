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

/**
 * Reads the layers that another stack owns, with the same interface as the layers themselves.
 * Every reading throws, with what to do, when the other stack is not the one that this one needs.
 */
export class UpstreamLayers {
  private readonly reference: pulumi.StackReference;
  private readonly who: string;

  constructor(
    upstream: string,
    private readonly settings: Settings,
    parent: pulumi.Resource,
  ) {
    this.who = `stack ${upstream}, named by payments:upstream,`;
    this.reference = new pulumi.StackReference(upstream, {}, { parent });
  }

  foundation(): Foundation {
    return this.read<Foundation>("foundation", (outputs) =>
      this.checkPorts((outputs as FoundationShape).ports),
    );
  }

  data(): Data {
    return this.read<Data>("data");
  }

  /**
   * An output lifts the properties of its value, at any depth, as outputs: so an output of the
   * exported shape can be used as a shape of outputs.
   */
  private read<T>(layer: Layer, check: (outputs: unknown) => void = () => {}): T {
    const outputs = this.reference.getOutput(layer).apply((value) => {
      const exported = this.checkExport(layer, value as ExportedLayer<unknown> | undefined);
      check(exported.outputs);
      return exported.outputs;
    });
    return outputs as unknown as T;
  }

  private checkExport(
    layer: Layer,
    exported: ExportedLayer<unknown> | undefined,
  ): ExportedLayer<unknown> {
    const { environment } = this.settings;
    if (exported === undefined)
      throw new pulumi.RunError(
        `${this.who} exports no ${layer} layer. Deploy it first, or name the stack that owns this layer.`,
      );
    if (exported.shapeVersion !== SHAPE_VERSION)
      throw new pulumi.RunError(
        `${this.who} exports its ${layer} layer in shape ${exported.shapeVersion}, this program reads ${SHAPE_VERSION}. Deploy both stacks from the same revision.`,
      );
    if (exported.environment !== environment)
      throw new pulumi.RunError(
        `${this.who} belongs to environment ${exported.environment}, this stack to ${environment}. Name the stack of the same environment.`,
      );
    return exported;
  }

  /** The two stacks have a file of settings each, and the network belongs to the other one. */
  private checkPorts(admitted: FoundationShape["ports"]): void {
    const { listener, service } = this.settings;
    const compare = (key: string, here: number, there: number) => {
      if (here === there) return;
      throw new pulumi.RunError(
        `${this.who} admits port ${there}, this stack uses ${here}. Give both stacks the same payments:${key}, and deploy the other one first.`,
      );
    };
    compare("allowPlainHttp", listener.port, admitted.listener);
    compare("applicationPort", service.port, admitted.application);
  }
}
