// What esbuild bundles: the same handler as the one that Pulumi serializes.
import { createHandler } from "../lambdas/cutover/handler";

export const handler = createHandler(process.env);
