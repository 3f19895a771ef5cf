import { otherColor } from "../../lambdas/cutover/contract";
import { asSentence } from "../cutover/aws/calls";
import type { Colors } from "../preview/colors";
import type { Decision, Release } from "./decide";
import { shortDigest } from "./image";

/** What there is to tell of a release. */
export interface Told {
  from: string;
  to: string;
  file: string;
  decision: Decision;
  dryRun: boolean;
  /** Lines of the difference that was, or would be, made in the file. */
  diff: string[];
}

/** For machines. */
export function releaseJson({ from, to, file, decision, dryRun, diff }: Told) {
  const common = { from, to, file, dryRun, changed: diff.length > 0 && !dryRun };
  if (decision.kind === "refused") {
    const { reasons, canForce } = decision;
    return { ...common, outcome: "refused", reasons, canForce };
  }
  if (decision.kind === "nothing")
    return { ...common, outcome: "nothing", reason: decision.reason };
  return { ...common, outcome: "change", ...decision.release, diff };
}

/** For people: what changes, and what to do next. */
export function releaseText(
  { from, to, file, decision, dryRun, diff }: Told,
  colors: Colors,
): string {
  if (decision.kind === "refused") return "";
  if (decision.kind === "nothing") return `${asSentence(decision.reason)} Nothing to release.`;
  const { release } = decision;
  if (diff.length === 0) return `${file} says so already. Nothing was changed.`;
  return [
    colors.bold(headline(release, from, to)),
    ...because(release, from),
    "",
    ...diff.map((line) => paint(line, colors)),
    "",
    dryRun
      ? `Nothing was changed: leave --dry-run out to change ${file}.`
      : nextSteps(release, to, file),
  ].join("\n");
}

function headline({ target, digest }: Release, from: string, to: string): string {
  return `${target} of ${to} gets ${shortDigest(digest)} from ${from}, and then the payments.`;
}

function because({ proof, overruled }: Release, from: string): string[] {
  const time = (at: number) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
  return [
    ...(proof === undefined
      ? []
      : [
          `${from} completed a cutover with it on ${time(proof.completedAt)} UTC, begun ${time(proof.startedAt)}.`,
        ]),
    ...overruled.map((doubt) => `Forced, though ${doubt}.`),
  ];
}

function paint(line: string, colors: Colors): string {
  if (line.startsWith("+")) return colors.green(line);
  if (line.startsWith("-")) return colors.red(line);
  return line.startsWith("@@") ? colors.cyan(line) : line;
}

function nextSteps(release: Release, to: string, file: string): string {
  const { target, digest, image, copyFrom } = release;
  const short = shortDigest(digest).replace("sha256:", "");
  const copy =
    copyFrom === undefined
      ? []
      : [
          `Have the image where ${to} looks for it, under the same digest, such as with`,
          `     crane copy ${copyFrom} ${image.split("@")[0]}:${short}`,
        ];
  const steps = [
    `Make sure that ${otherColor(target)} is live there: npm run cutover -- status --stack ${to}`,
    ...(copy.length > 0 ? [copy.join("\n")] : []),
    `Commit it: git switch -c release-${short} && git commit -m "Release ${short} to ${to}" ${file}`,
    `Open a pull request; npm run preview -- ${to} shows what changes.`,
    `When it is merged: npx pulumi up -s ${to}, and look on: npm run cutover -- status --watch --stack ${to}`,
  ];
  return ["Next:", ...steps.map((step, index) => `  ${index + 1}. ${step}`)].join("\n");
}
