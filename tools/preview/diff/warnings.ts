import { COLORS, type Color } from "../../../lambdas/cutover/contract";
import { find, type PropertyChange, type ResourceChange } from "./compare";
import { shortened } from "./shorten";
import type { Snapshot, StackSnapshot } from "./snapshot";
import { STATEFUL } from "./stateful";

export type WarningKind = "live image" | "live tasks" | "stateful" | "cutover" | "writer" | "plan";

/** What a person must have read before they agree to a change. */
export interface Warning {
  kind: WarningKind;
  stack: string;
  /** Whole sentences. */
  text: string;
}

/** The most serious ones first. */
export function warningsOf(
  before: Snapshot,
  after: Snapshot,
  changes: readonly ResourceChange[],
): Warning[] {
  const pairs = after.stacks.flatMap((now) => {
    const old = find(before, now.stack);
    return old === undefined ? [] : [{ old, now }];
  });
  return [
    ...pairs.flatMap(({ old }) => liveWarnings(old, changes)),
    ...changes.flatMap(statefulWarning),
    ...pairs.flatMap(({ old, now }) => liveChange(old, now)),
    ...pairs.flatMap(({ old, now }) => planWarning(old, now)),
  ];
}

/** Whoever carries the payments when the deployment begins: the revision before says it. */
function liveColor({ settings }: StackSnapshot): Color | undefined {
  return COLORS.find((color) => color === settings.live);
}

function owns({ settings }: StackSnapshot, layer: "data" | "service"): boolean {
  return settings.layers?.includes(`"${layer}"`) ?? false;
}

function liveWarnings(old: StackSnapshot, changes: readonly ResourceChange[]): Warning[] {
  const live = liveColor(old);
  if (live === undefined || !owns(old, "service")) return [];
  return changes
    .filter(({ stack, type }) => stack === old.stack && type === TASK_DEFINITION)
    .filter(({ name, action }) => name.startsWith(`${live}-`) && action !== "create")
    .map((change) => liveTasks(old.stack, live, change));
}

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

function liveTasks(stack: string, live: Color, { properties, action }: ResourceChange): Warning {
  const image = properties.find(({ path }) => /^containerDefinitions.*\.image$/.test(path));
  if (image !== undefined) {
    const { before, after } = shortened(image.before, image.after);
    const text = `The image of ${live}, which is live, changes in place (${before} → ${after}): that is no blue-green release. Its tasks are exchanged under the payments, nobody judges the new ones, and no cutover can take them back. Change the image of the other color, and \`live\`.`;
    return { kind: "live image", stack, text };
  }
  const what = action === "delete" ? "is deleted" : `changes (${pathsOf(properties)})`;
  const text = `The task definition of ${live}, which is live, ${what}: its tasks are exchanged in place, under the payments and unjudged.`;
  return { kind: "live tasks", stack, text };
}

function pathsOf(properties: readonly PropertyChange[]): string {
  const paths = properties.map(({ path }) => path);
  const more = paths.length - MOST_PATHS;
  return paths.slice(0, MOST_PATHS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const MOST_PATHS = 4;

function statefulWarning(change: ResourceChange): Warning[] {
  const lost = STATEFUL[change.type];
  const happens = HAPPENS[change.action];
  if (lost === undefined || happens === undefined) return [];
  const because = causeOf(change);
  const refused = change.protect
    ? " It is protected: Pulumi refuses until somebody unprotects it."
    : "";
  const text = `${change.name} (${change.type}) ${happens}${because}, and with it goes ${lost}.${refused}`;
  return [{ kind: "stateful", stack: change.stack, text }];
}

const HAPPENS: { [action in ResourceChange["action"]]?: string } = {
  delete: "would be deleted",
  replace: "would be replaced",
  unsure: "changes, and it is unknown here whether it would be replaced",
};

function causeOf({ action, properties }: ResourceChange): string {
  const effect = action === "unsure" ? "unknown" : "replaces";
  const causes = properties.filter((property) => property.effect === effect);
  if (causes.length === 0) return "";
  const follows = causes.find((property) => property.follows !== undefined)?.follows;
  const source = follows === undefined ? "" : `, made from ${follows}`;
  return ` because of ${pathsOf(causes)}${source}`;
}

function liveChange(old: StackSnapshot, now: StackSnapshot): Warning[] {
  const [from, to] = [liveColor(old), liveColor(now)];
  if (from === undefined || to === undefined || from === to) return [];
  if (owns(now, "service"))
    return [{ kind: "cutover", stack: now.stack, text: cutoverText(from, to, now) }];
  if (!owns(now, "data")) return [];
  const text = `\`live\` changes from ${from} to ${to} in ${now.stack}, where it says whose database began as the writer. It moves nothing and stays as it is in every release: change it back.`;
  return [{ kind: "writer", stack: now.stack, text }];
}

function cutoverText(from: Color, to: Color, { settings }: StackSnapshot): string {
  const change = `\`live\` changes from ${from} to ${to}`;
  switch (settings.releaseGate) {
    case "none":
      return `${change}, but the release gate is none: no cutover starts by itself. A person starts it after the deployment.`;
    case "detached":
      return `${change}: this starts a cutover. The release gate is detached, so \`pulumi up\` ends when the cutover begins, and only the topic tells how it ends.`;
    default:
      return `${change}: this starts a cutover. The release gate is attached, so \`pulumi up\` waits for its end, and fails if the payments are taken back.`;
  }
}

/** What decides how a cutover or a migration goes. */
const PLAN_SETTINGS = [
  "releaseGate",
  "cutoverSteps",
  "migrationSteps",
  "freezeTimeZone",
  "freezeWindows",
  "maxErrorsPerThousand",
  "minimumPayments",
  "maxP99Milliseconds",
  "releasesPerFalseRollback",
  "stepsPerFalsePromotion",
  "cutoverWithoutEvidence",
  "longestHoldMinutes",
  "tickSeconds",
];

function planWarning(old: StackSnapshot, now: StackSnapshot): Warning[] {
  if (!owns(now, "service")) return [];
  const changed = PLAN_SETTINGS.filter((name) => old.settings[name] !== now.settings[name]);
  if (changed.length === 0) return [];
  const list = changed.map((name) => {
    const { before, after } = shortened(old.settings[name], now.settings[name]);
    return `${name} (${before} → ${after})`;
  });
  const text = `The cutover's plan or limits change: ${list.join(", ")}. Try them out with \`npm start -- ${now.stack}\`.`;
  return [{ kind: "plan", stack: now.stack, text }];
}
