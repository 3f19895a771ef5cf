import { setTimeout as sleep } from "node:timers/promises";
import { known } from "../../../lambdas/common/ports";
import { otherColor } from "../../../lambdas/cutover/contract";
import { type StoredSwitchover, writerIn } from "../../../lambdas/switchover/state";
import { DONE, FAILED } from "../../terminal/complaint";
import { clock } from "../../terminal/texts";
import type { Asked } from "../arguments";
import { checkAccount, whoCalls } from "../aws/identity";
import type { Session } from "../command";
import { announcement, authorOf, confirm } from "../confirm";
import { lookOf } from "../screen/look";
import { withShortNames } from "../screen/names";
import { writerRows } from "../screen/surroundings";
import { writerOf } from "../status";
import {
  askPreflight,
  askSwitchover,
  readStanding,
  type SwitchoverOutcome,
  switchoverEffect,
  switchoverFunctionOf,
} from "../writer";

type Look = Extract<Asked, { kind: "switchover-look" }>;
type Move = Extract<Asked, { kind: "switchover" }>;

/** Shows where the writer is, or what stands against moving it. */
export async function lookAtSwitchover(asked: Look, session: Session): Promise<number> {
  return asked.verb === "status" ? standing(asked, session) : preflight(asked, session);
}

async function standing({ json }: Look, { stack, terminal }: Session): Promise<number> {
  const stored = await readStanding(stack);
  if (json) {
    terminal.print(JSON.stringify({ environment: stack.environment, ...stored }, undefined, 2));
    return DONE;
  }
  const { bold } = terminal.colors;
  const rows = writerRows({ writer: writerOf(known(stored)) }, Date.now(), lookOf(terminal));
  terminal.print([bold(stack.environment), ...rows, stored.lastReason].join("\n").trimEnd());
  return DONE;
}

async function preflight({ json }: Look, { stack, terminal }: Session): Promise<number> {
  const obstacles = await askPreflight(stack);
  const { environment } = stack;
  const { colors } = terminal;
  if (json) terminal.print(JSON.stringify({ environment, obstacles }, undefined, 2));
  else if (obstacles.length === 0)
    terminal.print(colors.green(`Nothing stands against a switchover of ${environment}.`));
  else {
    terminal.print(colors.red(`What stands against a switchover of ${environment}:`));
    for (const obstacle of obstacles) terminal.print(`- ${obstacle}`);
  }
  return obstacles.length === 0 ? DONE : FAILED;
}

/** Moves the writer, or takes that back, after a person has confirmed it. */
export async function moveWriter(asked: Move, session: Session): Promise<number> {
  const { stack, dialog } = session;
  const { environment } = stack;
  const functionName = await switchoverFunctionOf(stack);
  const [identity, before] = await Promise.all([whoCalls(), readStanding(stack)]);
  checkAccount(identity, stack);
  const author = await authorOf(asked, identity, dialog);
  if (!asked.yes) {
    const effect = switchoverEffect(asked, before, environment);
    for (const line of announcement(stack, identity, effect, author))
      dialog.output.write(`${line}\n`);
    await confirm(stack, dialog);
  }
  // Named, so that a request which comes twice moves it once.
  const to = asked.to ?? otherColor(writerIn(before.phase));
  const request = { verb: asked.verb, ...author, ...(asked.verb === "start" && { to }) };
  const asking = askSwitchover(functionName, request, stack);
  if (!asked.json) await follow(asking, before, session);
  return tell(await asking, asked, session);
}

const GLANCE_MILLISECONDS = 1_000;

/** Says how far it is while payments wait; whatever goes wrong with looking is no matter. */
async function follow(
  asking: Promise<SwitchoverOutcome>,
  before: StoredSwitchover,
  { stack, terminal }: Session,
): Promise<void> {
  const began = Date.now();
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  const ended = asking.then(over, over);
  let told: string = before.phase.name;
  for (;;) {
    await Promise.race([ended, sleep(GLANCE_MILLISECONDS)]);
    if (isOver) return;
    const phase = await readStanding(stack).then(
      (stored) => stored.phase.name,
      () => told,
    );
    if (phase !== told && !isOver)
      terminal.print(terminal.colors.dim(`${clock((Date.now() - began) / 1000)}  ${phase}`));
    told = phase;
  }
}

function tell(outcome: SwitchoverOutcome, { verb, json }: Move, session: Session): number {
  const { isGranted, report } = outcome;
  const sentences = outcome.sentences.map(withShortNames);
  const { terminal, err, stack } = session;
  if (json) {
    const { environment } = stack;
    const told = { verb: `switchover ${verb}`, environment, granted: isGranted, report };
    terminal.print(JSON.stringify(told, undefined, 2));
  } else if (isGranted) for (const one of sentences) terminal.print(terminal.colors.green(one));
  if (!isGranted) err.write(`${sentences.join("\n")}\n`);
  return isGranted ? DONE : FAILED;
}
