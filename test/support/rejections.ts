/**
 * Loaded by mocha. Mocha passes a test whose assertion threw where nobody awaited it, such as
 * inside `apply`; with this, the run fails in the end and names the test.
 */
interface Unawaited {
  test: string;
  reason: unknown;
}

const unawaited = new Map<Promise<unknown>, Unawaited>();
let currentTest = "the start";

process.on("unhandledRejection", (reason, promise) => {
  unawaited.set(promise, { test: currentTest, reason });
});
// Awaited after all, only later than Node likes.
process.on("rejectionHandled", (promise) => unawaited.delete(promise));

export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    currentTest = this.currentTest?.fullTitle() ?? "a hook";
  },
  async afterAll(): Promise<void> {
    // Node tells of a rejection one turn of the event loop after it.
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (unawaited.size === 0) return;
    // One error may reject several promises.
    const lines = new Set(
      [...unawaited.values()].map(({ test, reason }) => `${test}: ${describe(reason)}`),
    );
    throw new Error(`nobody awaited what was rejected during\n${[...lines].join("\n")}`);
  },
};

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
