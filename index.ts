import { createEnvironment } from "./stacks/environment";
import { stackOutputs } from "./stacks/outputs";
import { readSettings } from "./stacks/settings";

// Settings in, environment, outputs out. What stands where: README.md.
export = async () => {
  const settings = readSettings();
  const environment = await createEnvironment(settings);
  return stackOutputs(settings, environment);
};
