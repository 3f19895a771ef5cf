import { startCommand } from "./start/command";

/** `npm start`: the plan of a stack and a rehearsal of its cutover, without an AWS account. */
startCommand(process.argv.slice(2), process.stdout, process.env).then((exitCode) => {
  process.exitCode = exitCode;
});
