import { evaluateProgram } from "../../tools/evaluate/evaluate";
import type { RegisteredResource } from "../../tools/evaluate/registration";

export interface RenderOptions {
  /** Full keys, such as `aws:region`. @default none */
  config?: { [key: string]: string };
  /** Leaves ids and computed outputs unknown, as `pulumi preview` does. @default false */
  preview?: boolean;
}

/**
 * Constructs components as a program of their own would, and returns what they registered, in
 * order. A failing component rejects with its own error.
 */
export async function renderComponent(
  build: () => unknown,
  { config = {}, preview }: RenderOptions = {},
): Promise<RegisteredResource[]> {
  const { resources } = await evaluateProgram(
    async () => {
      await build();
    },
    {
      project: "payments",
      stack: "test",
      configuration: { values: config, secretKeys: [] },
      preview,
    },
  );
  return resources;
}
