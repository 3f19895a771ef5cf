import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ConfigFile, Sources } from "./configuration";

/** Where the page stands in the repository. */
export const CONFIGURATION_PAGE = join("docs", "configuration.md");

/** Reads what the page is made of. @param directory the repository's */
export function readSources(directory: string): Sources {
  const read = (file: string) =>
    parse(readFileSync(join(directory, file), "utf8")) as unknown as ConfigFile;
  return {
    project: read("Pulumi.yaml"),
    dev: read("Pulumi.dev.yaml"),
    prod: read("Pulumi.prod.yaml"),
    prodBase: read("Pulumi.prod-base.yaml"),
  };
}
