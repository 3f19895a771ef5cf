import type { Asked } from "../arguments";
import { checkAccount, type Identity, whoCalls } from "../aws/identity";
import type { Session } from "../command";
import { type Author, announcement, authorOf, confirm } from "../confirm";
import { effectOf } from "../effects";
import { readFacts } from "../facts";
import { exitCodeOf, type Outcome, operate } from "../operate";
import { withShortNames } from "../screen/names";
import { cutoverFunctionOf, type Stack } from "../stack";
import { statusOf } from "../status";

type Operation = Extract<Asked, { kind: "operate" }>;

/** Asks the controller for something that goes on record, after a person has confirmed it. */
export async function operateVerb(asked: Operation, session: Session): Promise<number> {
  const { stack, dialog, terminal, err } = session;
  cutoverFunctionOf(stack);
  const [identity, effect] = await Promise.all([
    whoCalls(),
    asked.yes ? undefined : readEffect(asked, stack),
  ]);
  checkAccount(identity, stack);
  const author = await authorOf(asked, identity, dialog);
  if (effect !== undefined) await askToConfirm(session, identity, effect, author);
  const outcome = await operate(stack, { verb: asked.verb, ...author });
  if (asked.json)
    terminal.print(JSON.stringify(asJson(asked, stack, author, outcome), undefined, 2));
  else tell(outcome, session);
  if (asked.json && !outcome.isGranted) err.write(`${outcome.sentences.join(" ")}\n`);
  return exitCodeOf(outcome);
}

async function readEffect({ verb }: Operation, stack: Stack): Promise<string> {
  const facts = await readFacts(stack);
  const plan = facts.deployed.known ? { plan: facts.deployed.value.wiring.plan } : {};
  return effectOf(verb, { status: statusOf(facts), ...plan });
}

async function askToConfirm(
  { stack, dialog }: Session,
  identity: Identity,
  effect: string,
  author: Author,
): Promise<void> {
  const lines = announcement(stack, identity, effect, author);
  dialog.output.write(lines.map((line) => `${line}\n`).join(""));
  await confirm(stack, dialog);
}

function asJson({ verb }: Operation, stack: Stack, author: Author, outcome: Outcome) {
  const { isGranted, report } = outcome;
  return { verb, environment: stack.environment, ...author, granted: isGranted, report };
}

/** What was done goes out, what was not goes where errors go. */
function tell({ isGranted, sentences, report }: Outcome, { terminal, err, stack }: Session): void {
  if (!isGranted) {
    err.write(`${sentences.map(withShortNames).join("\n")}\n`);
    return;
  }
  const [first = "", ...more] = sentences.map(withShortNames);
  const { colors } = terminal;
  terminal.print(colors.green(first));
  for (const sentence of more) terminal.print(colors.yellow(sentence));
  const moves = report.phase !== "idle" && report.phase !== "rolled-back";
  if (moves)
    terminal.print(colors.dim(`Look on: npm run cutover -- status --watch ${stack.choice}`));
}
