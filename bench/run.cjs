// `npm run bench [-- program|cold-start|evidence]` at the root: installs this folder's packages
// where they are missing or of another lock file, then runs the measurements, one after the other.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const MEASUREMENTS = ["program", "cold-start", "evidence"];

/** npm notes what it has installed; anything else means that an installation is due. */
function isInstalled() {
  const read = (...where) => {
    try {
      return JSON.parse(fs.readFileSync(path.join(__dirname, ...where), "utf8")).packages;
    } catch {
      return undefined;
    }
  };
  const [wanted, found] = [read("package-lock.json"), read("node_modules", ".package-lock.json")];
  // Packages for other machines are in the lock file and not on the disk.
  const due = Object.entries(wanted ?? {}).filter(([name, one]) => name !== "" && !one.optional);
  return found !== undefined && due.every(([name, one]) => found[name]?.version === one.version);
}

function npm(...given) {
  const { status, error } = spawnSync("npm", given, {
    cwd: __dirname,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error !== undefined) console.error(`npm could not be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && !first.startsWith("-");
if (named && !MEASUREMENTS.includes(first)) {
  console.error(`got ${first}, allowed: ${MEASUREMENTS.join(", ")}, or none of them for all`);
  process.exit(2);
}
if (!named && first !== undefined) {
  console.error(`got ${first}, allowed: options after the one measurement that they are for`);
  process.exit(2);
}
if (!isInstalled()) npm("ci", "--no-audit", "--no-fund");
for (const one of named ? [first] : MEASUREMENTS) npm("run", "--silent", one, "--", ...rest);
