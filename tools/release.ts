import { releaseCommand } from "./release/command";

/** `npm run release`: edits a stack's file for the release of what another environment has proven. */
const { stdout: out, stderr: err, env: environment } = process;
releaseCommand(process.argv.slice(2), { directory: process.cwd(), out, err, environment }).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
);
