import { cutoverCommand } from "./cutover/command";

const { stdin: input, stdout: out, stderr: err, env: environment } = process;

// When the reader of a pipe has seen enough, as `head` does, there is nobody left to tell.
out.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** `npm run cutover`: shows and steers the cutover of an environment that is deployed. */
cutoverCommand(process.argv.slice(2), { input, out, err, environment }).then((exitCode) => {
  // Not before all is written, and without waiting for connections that nobody needs any more.
  out.write("", () => process.exit(exitCode));
});
