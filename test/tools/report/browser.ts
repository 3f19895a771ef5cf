import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { leaveOut } from "../../support/leaveOut";

/** Where Debian and Ubuntu put it. */
const CHROMIUM = "/usr/bin/chromium";

const MISSING = `Chromium is not installed at ${CHROMIUM} (apt-get install chromium)`;

/** It must not call home, and a container has neither a graphics card nor a sandbox. */
const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** A real browser; the test is left out where there is none. */
export async function openBrowser(context: Mocha.Context, leftOut: string): Promise<Browser> {
  if (!existsSync(CHROMIUM)) return leaveOut(context, leftOut, MISSING);
  // Required here, because it takes time to load and is not needed without a browser.
  const { chromium }: typeof import("playwright-core") = require("playwright-core");
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}
