import { COLORS, type Weights } from "../../../lambdas/cutover/contract";
import { atBothEnds, wrap } from "../../terminal/layout";
import { count, cut, duration } from "../../terminal/texts";
import { bakingOf, holdEndsAt, type MoveStatus } from "../move";
import type { Status } from "../status";
import { evidenceRows } from "./evidence";
import { barRow, clockOf, type Look, paintOf, roomOf, row, rows, widthOf } from "./look";
import { withShortNames } from "./names";
import { alarmRows, clientRows, targetRows, writerRows } from "./surroundings";

/**
 * One screen: where an environment stands, and why. Pure.
 * @param now epoch milliseconds; later than the status where a screen is drawn again without asking
 */
export function statusScreen(status: Status, now: number, look: Look): string[] {
  const { move } = status;
  const moving = status.phase === "shifting" || status.phase === "migrating";
  return [
    header(status, look),
    ...headline(status, look),
    "",
    ...weightRows(status, look),
    ...(move !== undefined && moving ? moveRows(move, now, look) : []),
    ...evidenceRows(status, look),
    ...targetRows(status, look),
    ...alarmRows(status, look),
    ...clientRows(status, look),
    ...writerRows(status, now, look),
    "",
    ...decisionRows(status, now, look),
    ...askRows(status, look),
    ...releaseRows(status, now, look),
    ...lastRows(status, look),
  ];
}

function header({ environment, accountId, region, at }: Status, look: Look): string {
  const { bold, dim } = look.colors;
  const where = [accountId, region].filter((part) => part !== undefined).join(" ");
  const clock = clockOf(look, at);
  const named = `${bold(environment)}  ${dim(where)}`;
  const line = atBothEnds(named, dim(clock), widthOf(look));
  return line === named ? atBothEnds(bold(environment), dim(clock), widthOf(look)) : line;
}

/** The phase, as people speak of it. */
export function phaseInWords({ phase, live, move }: Status): string {
  const step = move && `step ${move.step} of ${move.percents.length}: ${move.share}`;
  const paused = move?.pausedBy === undefined ? "" : `, paused by ${withShortNames(move.pausedBy)}`;
  switch (phase) {
    case "idle":
      return `Nothing moves, ${live} is live`;
    case "shifting":
      return `Cutover to ${move?.target}, ${step}${paused}`;
    case "migrating":
      return `Migration to AWS, ${step}${paused}`;
    case "rolling-back":
      return `Rolling back to ${live}`;
    case "migrating-back":
      return "Leading clients back";
    default:
      return "Latched after a rollback: nothing moves until a person clears it";
  }
}

function headline(status: Status, look: Look): string[] {
  const { bold, red, yellow, cyan } = look.colors;
  const { phase, move, cause } = status;
  const isBad = /^rol|back$/.test(phase);
  const held = move?.pausedBy !== undefined || move?.frozen;
  const paint = isBad ? red : phase === "idle" ? bold : held ? yellow : cyan;
  return [
    ...wrap(phaseInWords(status), widthOf(look)).map((line) => bold(paint(line))),
    ...(cause === undefined ? [] : row(look, "because", withShortNames(cause), red)),
  ];
}

/** A bar for each color, by what is on record; what is found is told where it is something else. */
function weightRows(status: Status, look: Look): string[] {
  const { weights, live, drift } = status;
  const { yellow, bold } = look.colors;
  const lines = COLORS.flatMap((color) => {
    const percent = weights.onRecord[color];
    const role = color === live ? "live" : "standby";
    return barRow(
      look,
      color,
      percent / 100,
      `${percentText(percent)}  ${role}`,
      paintOf(look, color),
    );
  });
  if (!weights.found.known)
    return [...lines, ...row(look, "found", `unknown: ${weights.found.reason}`, yellow)];
  if (drift === undefined) return lines;
  const said = `${inWords(weights.found.value)} on the load balancer, which is not what is on record`;
  return [...lines, ...row(look, "found", said, (text) => bold(yellow(text)))];
}

function percentText(percent: number): string {
  return `${String(percent).padStart(3)} %`;
}

function inWords(weights: Weights): string {
  return COLORS.map((color) => `${color} ${weights[color]} %`).join(", ");
}

function moveRows(move: MoveStatus, now: number, look: Look): string[] {
  return [...rows(look, "steps", [stepLine(move, look)]), ...bakeRows(move, now, look)];
}

/** Such as `✔ 10  ▶ 50  · 90  · 100 %`. */
function stepLine({ percents, step }: MoveStatus, { colors, glyphs }: Look): string {
  const parts = percents.map((percent, index) => {
    if (index + 1 < step) return colors.green(`${glyphs.done} ${percent}`);
    if (index + 1 === step) return colors.bold(`${glyphs.current} ${percent}`);
    return colors.dim(`${glyphs.ahead} ${percent}`);
  });
  return `${parts.join("  ")} %`;
}

function bakeRows(move: MoveStatus, now: number, look: Look): string[] {
  const { approval, switchover } = move;
  const approved = approval?.approvedBy;
  return [
    ...bakeRow(move, now, look),
    ...(approval === undefined
      ? []
      : row(
          look,
          "approval",
          approved === undefined
            ? `${approval.asked ? "waits for a person" : "will be asked for"}: ${approval.question}`
            : `given by ${withShortNames(approved)}: ${approval.question}`,
          approval.asked && approved === undefined ? look.colors.yellow : undefined,
        )),
    ...(switchover === undefined
      ? []
      : row(look, "switch", `switchover of the databases: ${switchover}`)),
  ];
}

function bakeRow(move: MoveStatus, now: number, look: Look): string[] {
  const { bakeMinutes } = move;
  const baking = bakingOf(move, now);
  const { cyan } = look.colors;
  if (baking === undefined) return row(look, "bake", "its weights were not seen in place yet");
  const { share, secondsLeft, secondsAhead } = baking;
  const whole = duration(bakeMinutes * 60);
  if (secondsAhead > 0)
    return barRow(look, "bake", 0, `begins in ${duration(secondsAhead)}, for ${whole}`, cyan);
  if (move.bakeSkipped) return barRow(look, "bake", 1, "ended by a person", cyan);
  const text = secondsLeft > 0 ? `${duration(secondsLeft)} left of ${whole}` : `${whole} are over`;
  return barRow(look, "bake", share, text, cyan);
}

/** Holds that no time ends: those for a bake time, a freeze, a pause, and weights on their way. */
const PATIENT = /^hold-(baking|freeze|paused|lease|dns-reach)$/;

function decisionRows({ decision, move, phase }: Status, now: number, look: Look): string[] {
  if (decision === undefined) return [];
  const { code, reason } = decision;
  const isMoving = phase === "shifting" || phase === "migrating";
  const isHeld = isMoving && code.startsWith("hold-") && !PATIENT.test(code);
  const lines = row(look, "now", withShortNames(reason), isHeld ? look.colors.yellow : undefined);
  if (!isHeld || move === undefined) return lines;
  const end = holdEndsAt(move);
  const left = (end - now) / 1000;
  const said =
    left > 0
      ? `Taken back at ${clockOf(look, end)}, in ${duration(left)}, unless that ends.`
      : "Taken back at the next pass, as that lasted too long.";
  return [...lines, ...row(look, "", said, look.colors.yellow)];
}

/** What waits for a person, and how they answer. */
function askRows({ isLatched, move, phase, choice }: Status, look: Look): string[] {
  const verb = isLatched
    ? "clear"
    : move?.pausedBy !== undefined && phase !== "rolling-back"
      ? "resume"
      : move?.approval?.asked && move.approval.approvedBy === undefined
        ? "approve"
        : undefined;
  if (verb === undefined) return [];
  return row(look, "next", `npm run cutover -- ${verb} ${choice}`, look.colors.cyan);
}

function releaseRows({ release }: Status, now: number, look: Look): string[] {
  if (release === undefined) return [];
  const waited = duration(Math.max(0, now - release.since) / 1000);
  return row(
    look,
    "release",
    `CloudFormation waits for an answer since ${waited} (${release.stage})`,
  );
}

/** Lines of the last record at most: the history has all of it. */
const RECORD_LINES = 2;

function lastRows({ last, decision, version }: Status, look: Look): string[] {
  if (!last.known) return row(look, "record", `unknown: ${last.reason}`, look.colors.yellow);
  if (last.value === undefined) return row(look, "record", "nothing is on record yet");
  const { at, who, reason } = last.value;
  const said = reason === decision?.reason ? "the same" : reason;
  const text = withShortNames(`${clockOf(look, at)} ${who}, no. ${count(version)}: ${said}`);
  const lines = wrap(text, roomOf(look));
  const kept = lines.slice(0, RECORD_LINES);
  if (lines.length > RECORD_LINES)
    kept[RECORD_LINES - 1] = cut(`${kept.at(-1)} ${lines[RECORD_LINES]}`, roomOf(look));
  return rows(look, "record", kept, look.colors.dim);
}
