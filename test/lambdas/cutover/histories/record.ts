import { runSeed } from "../../../../simulation/campaign/campaign";
import { historyOf } from "../../../support/histories";

/**
 * Prints what today's controller stores in one run of the campaign, to be kept beside this file when
 * the state's shape changes: `node -r ts-node/register/transpile-only record.ts 17 > v2-lease.json`
 */
runSeed(Number(process.argv[2] ?? 1)).then((report) => {
  process.stdout.write(`${JSON.stringify(historyOf(report), undefined, 2)}\n`);
});
