/**
 * Loaded by mocha: whoever imports a module under a folder from here on gets, in its place, what came
 * out of the serializer. SERIALIZED_FOLDER names the folder, and SERIALIZED_TEXT the file with what
 * serializeCore.ts printed of it.
 */
import * as fs from "node:fs";
import Module from "node:module";
import * as path from "node:path";

const { SERIALIZED_FOLDER: folder = "", SERIALIZED_TEXT: textFile = "" } = process.env;

/** Runs in this context, so that its objects have the same prototypes as those of the tests. */
function evaluate(text: string): { [file: string]: object } {
  const holder = { modules: {} };
  new Function("exports", "require", text)(holder, require);
  return holder.modules;
}

const planted: { [file: string]: NodeModule } = {};
for (const [name, exported] of Object.entries(evaluate(fs.readFileSync(textFile, "utf8")))) {
  const file = path.resolve(folder, name);
  const stand = new Module(file);
  stand.loaded = true;
  // Frozen: a test that changes an export would change nothing that serialized functions call.
  stand.exports = Object.freeze(
    Object.defineProperty({ ...exported }, "__esModule", { value: true }),
  );
  planted[file] = stand;
  require.cache[file] = stand;
}

export const mochaHooks = {
  afterAll(): void {
    const within = Object.keys(require.cache).filter((file) => file.startsWith(folder + path.sep));
    const strangers = within.filter((file) => require.cache[file] !== planted[file]);
    if (strangers.length > 0)
      throw new Error(`tested the source, not what was serialized: ${strangers.join(", ")}`);
  },
};
