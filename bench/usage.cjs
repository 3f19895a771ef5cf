// Preloaded into every measured process: at its end, tells on file descriptor 3 what it has used.
const fs = require("node:fs");
const { isMainThread } = require("node:worker_threads");

if (isMainThread)
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage = {
      cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
      maxRssBytes: peak() ?? maxRSS * 1024,
    };
    fs.writeSync(3, JSON.stringify(usage));
  });

/** Linux counts what the parent had in memory towards maxRSS; VmHWM begins with the program. */
function peak() {
  if (process.platform !== "linux") return undefined;
  const [, kibibytes] =
    /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync("/proc/self/status", "utf8")) ?? [];
  return kibibytes && Number(kibibytes) * 1024;
}
