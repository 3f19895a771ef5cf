// `npm run bench [-- program|cold-start|evidence|peers]` at the root runs the measurements, one after the
// other, and installs this folder's packages before those that need them, where they are missing or of
// another lock file. `npm run bench -- --quick` runs all of them, with few repetitions.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

/** What each needs, and its options where it is to be quick. */
const MEASUREMENTS = {
  program: { needsPackages: true, quick: ["--rounds", "1"] },
  "cold-start": { needsPackages: true, quick: ["--rounds", "1"] },
  evidence: { needsPackages: false, quick: ["--cutovers", "500", "--faults", "20"] },
  peers: { needsPackages: false, quick: ["--quick"] },
};

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
const names = Object.keys(MEASUREMENTS);
const isQuick = first === "--quick" && rest.length === 0;
const isNamed = first !== undefined && !first.startsWith("-");
if (isNamed && !names.includes(first)) {
  console.error(`got ${first}, allowed: ${names.join(", ")}, or none of them for all`);
  process.exit(2);
}
if (!isNamed && !isQuick && first !== undefined) {
  console.error(
    `got ${process.argv.slice(2).join(" ")}, allowed: --quick alone, or options after the one measurement that they are for`,
  );
  process.exit(2);
}
for (const name of isNamed ? [first] : names) {
  const { needsPackages, quick } = MEASUREMENTS[name];
  if (needsPackages && !isInstalled()) npm("ci", "--no-audit", "--no-fund");
  npm("run", "--silent", name, "--", ...(isQuick ? quick : rest));
}
