// A worker thread of peersPool.ts: runs one job after the other, as they are sent. JavaScript, because a
// worker's own file is loaded before anything could compile it.
require("../tools/node/compile-cache.cjs");
require("ts-node/register/transpile-only");
const { parentPort } = require("node:worker_threads");
const { runJob } = require("./peersJob");

parentPort.on("message", async (job) => parentPort.postMessage(await runJob(job)));
