// A cold start: loads the package and the handler answers one event, as Lambda's runtime would have it.
// Prints when, in milliseconds since the process began, and what came of it.
const began = performance.now();
const { file, event, milliseconds } = JSON.parse(process.env.COLD_START);
const { handler } = require(file);
const loaded = performance.now();
const end = Date.now() + milliseconds;
const context = { getRemainingTimeInMillis: () => end - Date.now() };

handler(event, context).then(
  ({ code, phase, problems }) => {
    const answered = performance.now();
    const answer = { code, phase: phase.name ?? phase, problems };
    console.log(JSON.stringify({ began, loaded, answered, answer }));
    process.exit();
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
