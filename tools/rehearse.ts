import { rehearseCommand } from "./rehearse/command";

/** `npm run rehearse`: a stack's cutover in virtual time, under scenarios by name. */
rehearseCommand(process.argv.slice(2), process.stdout, process.env).then((exitCode) => {
  process.exitCode = exitCode;
});
