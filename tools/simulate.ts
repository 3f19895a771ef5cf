import { simulateCommand } from "./simulate/command";

/** `npm run simulate`: the controller under faults, in virtual time, many seeds. */
simulateCommand(process.argv.slice(2), process.stdout, process.env).then((exitCode) => {
  process.exitCode = exitCode;
});
