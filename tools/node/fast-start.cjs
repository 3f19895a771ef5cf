// Preloaded (`node -r`) by our own commands and, through Pulumi.yaml's nodeargs, by `pulumi up`.
// Four things make a TypeScript Pulumi program slow to start or to fail; each is cured here.

// 1. Pulumi takes an unlimited stack trace per resource. With a source-map hook on
//    Error.prepareStackTrace (ts-node installs one) each costs about 8 ms. So the hook is held
//    back while all is well and let in when an error is about to be shown: V8 formats a stack at
//    its first reading, so the lines a person sees are still those of the TypeScript source.
let sourceMapHook;
let showSources = false;
Object.defineProperty(Error, "prepareStackTrace", {
  get: () => (showSources ? sourceMapHook : undefined),
  set: (hook) => {
    sourceMapHook = hook;
  },
  configurable: true,
});
const emit = process.emit;
process.emit = function (event) {
  if (event === "uncaughtException" || event === "unhandledRejection") showSources = true;
  // biome-ignore lint/complexity/noArguments: passes on whatever Node passed, whatever its number
  return emit.apply(this, arguments);
};

// 2. Node 20 and 22: util.inspect(error, { colors: true }) spends 20 s on stack lines such as
//    ".../node_modules/@pulumi/x.ts". The Pulumi runner prints every failure that way.
const util = require("node:util");
const inspect = util.inspect;
const withoutColors = (value, options) =>
  value instanceof Error && options && typeof options === "object"
    ? { ...options, colors: false }
    : options;
util.inspect = Object.assign(function (value, options, ...rest) {
  return inspect.call(this, value, withoutColors(value, options), ...rest);
}, inspect);

// 3. Node >= 22 can keep compiled bytecode between runs.
const nodeModule = require("node:module");
if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache();

// 4. ts-node compiles every file at every start.
require("./compile-cache.cjs");

// Our own commands are TypeScript too; the Pulumi runner registers ts-node itself.
if (process.argv[1]?.endsWith(".ts")) require("ts-node/register/transpile-only");
