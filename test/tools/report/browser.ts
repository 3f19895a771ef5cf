import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { leaveOut } from "../../support/leaveOut";

/** Where Debian and others put it. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const MISSING = `Chromium is not installed at ${PLACES[0]} (apt-get install chromium)`;

/** It must not call home, and a container has neither a graphics card nor a sandbox. */
const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** A real browser; the test is left out where there is none. */
export async function openBrowser(context: Mocha.Context, leftOut: string): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) return leaveOut(context, leftOut, MISSING);
  // Required here, because it takes time to load and is not needed without a browser.
  const { chromium }: typeof import("playwright-core") = require("playwright-core");
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
