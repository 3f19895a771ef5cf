// Preloaded before ts-node: keeps what it compiles in node_modules/.cache, one file for each source,
// so that only changed files are compiled again. Compiling costs about 9 ms a file, reading 0.2 ms.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const FOLDER = path.join(__dirname, "..", "..", "node_modules", ".cache", "payments-compile");

// ts-node announces its compiler under this symbol of `process`; the Pulumi runner's does, too.
const INSTANCE = Symbol.for("ts-node.register.instance");
let compiler;
Object.defineProperty(process, INSTANCE, {
  configurable: true,
  get: () => compiler,
  set: (announced) => {
    compiler = announced;
    cacheOutputsOf(announced);
  },
});

function cacheOutputsOf(service) {
  const compile = service.compile;
  const kept = new Map();
  const settings = `${service.ts.version} ${JSON.stringify(service.config.options)}`;
  service.compile = (source, file, ...rest) => {
    const key = sha256(`${settings}\n${file}\n${source}`);
    const known = kept.get(file) ?? read(file);
    const output = known?.key === key ? known.output : compile(source, file, ...rest);
    if (known?.key !== key) write(file, { key, output });
    kept.set(file, { key, output });
    return output;
  };
  // ts-node finds source maps in what it compiled itself; this finds them in what was read.
  require("@cspotcode/source-map-support").install({
    retrieveFile: (file) => kept.get(file.replace(/^file:\/\//, ""))?.output ?? null,
  });
}

function sha256(text) {
  return crypto.createHash("sha256").update(text).digest("hex");
}

function place(file) {
  return path.join(FOLDER, `${sha256(file)}.json`);
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(place(file), "utf8"));
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, because several processes may compile at once. */
function write(file, entry) {
  try {
    fs.mkdirSync(FOLDER, { recursive: true });
    const draft = `${place(file)}.${process.pid}`;
    fs.writeFileSync(draft, JSON.stringify(entry));
    fs.renameSync(draft, place(file));
  } catch {
    // A folder that cannot be written costs time, nothing else.
  }
}
