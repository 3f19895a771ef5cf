import { type Color, otherColor, type Weights } from "../../lambdas/cutover/contract";
import type { Known, RedAlarm, TargetHealth } from "../../lambdas/cutover/ports";
import type { CutoverState } from "../../lambdas/cutover/state";
import type { Run } from "./run";

/** Watches what the ports told one invocation, and what it then did about it. */
export interface Witness {
  /** To be told of each call as it begins. */
  begins(method: string, given: unknown[]): void;
  /** To be told of each answer that the invocation gets. */
  answered(port: string, method: string, given: unknown[], answer: unknown): void;
}

interface Answer {
  port: string;
  method: string;
  /** The color that was asked about, if any. */
  about: unknown;
  answer: unknown;
}

interface Pass {
  loaded: CutoverState | undefined;
  answers: Answer[];
  /** When it began to put other weights on record than those before; undefined when it did not. */
  weightsSavedAt: number | undefined;
  /** Which weights it then has to set. */
  toSet: string[];
  toldPeople: boolean;
}

/** A pass may give up setting weights that long after its decision. */
const GIVES_UP_MILLISECONDS = 10_000;

export function createWitness(run: Run): Witness {
  let pass: Pass = newPass(undefined);

  function begins(method: string, given: unknown[]): void {
    if (method === "save") noteSaving(given[0] as CutoverState);
    if (method === "load") mustHaveSet();
    if (method === "notify") {
      mustHaveSet();
      pass.toldPeople = true;
    }
    if (!/^write/.test(method)) return;
    pass.toSet = pass.toSet.filter((one) => one !== method);
    if (pass.toldPeople) run.mistakes.push("people were told before the weights were set");
  }

  function noteSaving({ weights, awsPercent }: CutoverState): void {
    const { loaded } = pass;
    const others = !isSame(loaded?.weights ?? weights, weights);
    // What is put on record for the first time is what was found.
    const before = loaded?.awsPercent;
    const otherClients = before !== undefined && awsPercent !== before;
    pass.toSet = [
      ...(others ? ["writeWeights"] : []),
      ...(otherClients ? ["writeAwsPercent"] : []),
    ];
    if (pass.toSet.length > 0) pass.weightsSavedAt = run.scheduler.now();
  }

  function mustHaveSet(): void {
    const { weightsSavedAt, toSet } = pass;
    if (weightsSavedAt === undefined || toSet.length === 0) return;
    if (run.scheduler.now() - weightsSavedAt < GIVES_UP_MILLISECONDS)
      run.mistakes.push("a pass put other weights on record and did not set them");
  }

  function answered(port: string, method: string, given: unknown[], answer: unknown): void {
    if (method === "load") {
      run.passes++;
      pass = newPass(answer as CutoverState | undefined);
    } else if (method === "save") {
      if (answer !== "saved") pass.weightsSavedAt = undefined;
      if (answer === "saved")
        run.mistakes.push(...evidenceMistakes(pass, given[0] as CutoverState));
    } else if (/^read/.test(method)) {
      pass.answers.push({ port, method, about: given[0], answer });
    }
  }

  return { begins, answered };
}

function newPass(loaded: CutoverState | undefined): Pass {
  return { loaded, answers: [], weightsSavedAt: undefined, toSet: [], toldPeople: false };
}

/** What was missing from, or spoke against, the evidence on which a pass moved payments or clients on. */
function evidenceMistakes(pass: Pass, next: CutoverState): string[] {
  const { loaded } = pass;
  if (loaded === undefined) return [];
  if (leadsOn(loaded, next)) return clientsMistakes(pass, loaded);
  const target = otherColor(loaded.live);
  const concerned = pass.answers.filter(
    ({ about, method }) => about !== loaded.live && method !== "readAwsPercent",
  );
  if (loaded.phase.name === "idle" && next.phase.name === "shifting")
    return concerned
      .filter(({ method }) => method === "readTargets")
      .flatMap((one) => against(one, loaded))
      .map((mistake) => `a cutover to ${target} was started although ${mistake}`);
  if (!movesOn(loaded, next)) return [];
  const mistakes = [
    ...concerned.flatMap((one) => against(one, loaded)),
    ...silent(concerned, ["router", "health", "traffic"]),
  ];
  return mistakes.map((mistake) => `payments were moved on to ${target} although ${mistake}`);
}

/** Without an answer of each port that speaks for the color, the facts cannot have been there. */
function silent(answers: Answer[], ports: string[]): string[] {
  return ports.flatMap((port) =>
    answers.some((one) => one.port === port) ? [] : [`${port} did not answer`],
  );
}

function leadsOn({ phase }: CutoverState, next: CutoverState): boolean {
  if (next.phase.name === "migrating") {
    if (phase.name !== "migrating") return true;
    return next.phase.migration.stepIndex > phase.migration.stepIndex;
  }
  return phase.name === "migrating" && next.phase.name === "idle";
}

/** The live color serves the clients that come. Where there were none yet, no alarm has data. */
function clientsMistakes({ answers }: Pass, loaded: CutoverState): string[] {
  const starts = loaded.phase.name !== "migrating";
  const concerned = answers.filter(
    ({ about, method }) =>
      about !== otherColor(loaded.live) &&
      !(starts && (method === "readAlarms" || method === "readPeriods")),
  );
  const mistakes = [
    ...concerned.flatMap((one) => against(one, loaded)),
    ...silent(concerned, starts ? ["router", "health"] : ["router", "health", "traffic"]),
  ];
  return mistakes.map((mistake) => `clients were led on to AWS although ${mistake}`);
}

function movesOn({ phase, live }: CutoverState, next: CutoverState): boolean {
  if (phase.name !== "shifting") return false;
  if (next.live !== live) return true;
  return next.phase.name === "shifting" && next.phase.cutover.stepIndex > phase.cutover.stepIndex;
}

/** Only what does not depend on how payments are counted: that is the evidence's own business. */
function against(
  { method, answer }: Answer,
  { weights: onRecord, awsPercent, phase }: CutoverState,
) {
  // Red since before the start, it says nothing of the release.
  const { redBefore = [] } = phase.name === "shifting" ? phase.cutover : {};
  if ((answer as Known<unknown>).known === false) return [`${method} was unknown`];
  const value = (answer as { value?: unknown }).value;
  if (method === "readWeights" && !isSame(value as Weights, onRecord))
    return [`the weights were read as ${JSON.stringify(value)}`];
  if (method === "readAwsPercent" && awsPercent !== undefined && value !== awsPercent)
    return [`DNS led ${value} % to AWS`];
  if (method === "readTargets" && !isWell(value as TargetHealth))
    return [`its targets were ${JSON.stringify(value)}`];
  const red = method === "readAlarms" ? (value as RedAlarm[]).map(({ name }) => name) : [];
  const fresh = red.filter((name) => !redBefore.includes(name));
  if (fresh.length > 0) return [`its alarms ${fresh.join(" and ")} were red`];
  return [];
}

function isSame(left: Weights, right: Weights): boolean {
  return (["blue", "green"] as Color[]).every((color) => left[color] === right[color]);
}

function isWell({ healthy, unhealthy }: TargetHealth): boolean {
  return healthy > 0 && unhealthy === 0;
}
