import { drillCommand } from "./command";

/** `npm run drill`: the switchover on real databases, under load and faults. */
drillCommand(process.argv.slice(2), process.stdout, process.stderr, process.env).then(
  // Not before all of it has been written: a pipe takes its time.
  (exitCode) => void process.stdout.write("", () => process.exit(exitCode)),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
