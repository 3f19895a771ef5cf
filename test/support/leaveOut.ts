/**
 * Leaves tests out that need a program which is not here, and says so in a line; where all tests are
 * required, as in CI, that is a failure.
 * @param leftOut what is not tested then
 * @param missing the program and how to get it, as a clause
 */
export function leaveOut(context: Mocha.Context, leftOut: string, missing: string): never {
  if (process.env.PAYMENTS_REQUIRE_ALL_TESTS === "1" || process.env.CI)
    throw new Error(`all tests are required, and ${missing}`);
  console.log(`Left out: ${leftOut}, because ${missing}.`);
  return context.skip();
}
