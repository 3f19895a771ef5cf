import { startService } from "./service";
import { readSettings, WrongEnvironment } from "./settings";

async function main(): Promise<void> {
  const service = await startService(readSettings(process.env));
  // What ECS sends first; it kills what is still there 60 s later.
  process.once("SIGTERM", async () => {
    await service.drain();
    process.exit(0);
  });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(error instanceof WrongEnvironment ? 2 : 1);
});
