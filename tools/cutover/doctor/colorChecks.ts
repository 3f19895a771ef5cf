import { COLORS, type Color } from "../../../lambdas/cutover/contract";
import { judgeTargets } from "../../../lambdas/cutover/evidence/health";
import type { AlarmState } from "../aws/alarms";
import type { Status } from "../status";
import { bad, type Check, good, unseen, warning } from "./check";
import type { DoctorFacts } from "./facts";

/** Whether the load balancer has the weights that are on record. */
export function weights({ weights: { found, onRecord }, drift }: Status): Check {
  const name = "weights";
  if (!found.known) return unseen(name, found.reason);
  if (drift === undefined) return good(name, `blue ${onRecord.blue} %, green ${onRecord.green} %`);
  return bad(
    name,
    drift,
    "The controller puts them back within a minute; find out who changes them.",
  );
}

/** Whether each color could take payments. */
export function targets({ targets: health, standby }: Status): Check[] {
  return COLORS.map((color) => {
    const name = `${color} targets`;
    const fact = health[color];
    if (!fact.known) return unseen(name, fact.reason);
    const { kind, reason } = judgeTargets(fact);
    if (kind === "not-worse") return good(name, reason);
    const fix = "Look at its tasks and their logs: a task that answers its health check counts.";
    return color === standby
      ? bad(name, reason, fix)
      : warning(name, `${reason}, and it is live`, fix);
  });
}

/** Whether the alarms that speak for a color say something. */
export function alarms(
  { alarms: states }: DoctorFacts,
  { standby, weights: { onRecord } }: Status,
): Check[] {
  return COLORS.map((color) => {
    const name = `${color} alarms`;
    if (!states.known) return unseen(name, states.reason);
    const named = (wanted: AlarmState) =>
      Object.entries(states.value[color]).flatMap(([alarm, state]) =>
        state === wanted ? [alarm] : [],
      );
    const [missing, red, silent] = [named("missing"), named("ALARM"), named("INSUFFICIENT_DATA")];
    if (missing.length > 0)
      return bad(
        name,
        `there is no ${missing.join(" and no ")}`,
        "Deploy the stack: without it every step is held, and taken back in the end.",
      );
    if (red.length > 0) {
      const said = `${red.join(" and ")} ${red.length === 1 ? "is" : "are"} red`;
      return color === standby
        ? warning(
            name,
            said,
            "What is red before the start says nothing of the release: find out why first.",
          )
        : warning(
            name,
            `${said}, and ${color} is live`,
            "Find out why first; a release may be what mends it.",
          );
    }
    if (silent.length === 0) return good(name, "none is red");
    // Counts and times come with payments.
    if (onRecord[color] === 0)
      return good(name, `without data, as ${color} has no payments: ${silent.join(", ")}`);
    return warning(
      name,
      `without data, though ${color} has payments: ${silent.join(", ")}`,
      "Look whether payments come at all: without them a step learns nothing.",
    );
  });
}

/** Whether there is anything to release. */
export function images({ images: { blue, green } }: DoctorFacts): Check {
  const name = "images";
  if (!blue.known) return unseen(name, blue.reason);
  if (!green.known) return unseen(name, green.reason);
  if (digestOf(blue.value) !== digestOf(green.value))
    return good(name, `blue ${shortImage(blue.value)}, green ${shortImage(green.value)}`);
  return warning(
    name,
    `both colors run ${shortImage(blue.value)}: a cutover would change nothing`,
    "Release another image: npm run release.",
  );
}

/** The digest, or the whole where an image has none. */
export function digestOf(image: string): string {
  const [, digest] = image.split("@");
  return digest ?? image;
}

/** Such as `payments@sha256:0123456789ab`. */
export function shortImage(image: string): string {
  const name = image.slice(image.lastIndexOf("/") + 1);
  return name.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
}

/** Whether each color's service runs what was deployed. */
export function services({ services: states }: DoctorFacts, standby: Color | undefined): Check[] {
  return COLORS.map((color) => {
    const name = `${color} service`;
    const state = states[color];
    if (!state.known) return unseen(name, state.reason);
    const { rollout } = state.value;
    if (rollout === "COMPLETED") return good(name, "runs what was deployed");
    const fix = "Wait until ECS has exchanged its tasks, or look at its events.";
    const say = color === standby && rollout === "FAILED" ? bad : warning;
    return say(name, `its deployment is ${rollout}`, fix);
  });
}
