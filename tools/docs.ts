import { writeFileSync } from "node:fs";
import { configurationPage } from "./docs/configuration";
import { CONFIGURATION_PAGE, readSources } from "./docs/sources";

/** Writes the pages that are made from the sources. */
writeFileSync(CONFIGURATION_PAGE, configurationPage(readSources(process.cwd())));
process.stdout.write(`Wrote ${CONFIGURATION_PAGE}.\n`);
