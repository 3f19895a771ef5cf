import { createEnvironment } from "./stacks/environment";
import { stackOutputs } from "./stacks/outputs";
import { readSettings } from "./stacks/settings";

// Settings in, environment, outputs out. What stands where: README.md.
const settings = readSettings();
const environment = createEnvironment(settings);

export = stackOutputs(settings, environment);
