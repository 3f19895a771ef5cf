import { attempt, type Known, known, unknown } from "../../../lambdas/common/ports";
import { cloudformationRelease } from "../../../lambdas/cutover/aws/release";
import { COLORS, type Color, type Plan } from "../../../lambdas/cutover/contract";
import {
  addCounts,
  type Counts,
  noCounts,
  type ServiceState,
} from "../../../lambdas/cutover/ports";
import type { CutoverState } from "../../../lambdas/cutover/state";
import { Complaint } from "../../terminal/complaint";
import { type Activity, readActivity } from "../aws/activity";
import { type AlarmStates, readAlarmStates } from "../aws/alarms";
import { readBeside } from "../aws/calls";
import { type Deployed, deployedReader } from "../aws/deployed";
import { type Identity, whoCalls } from "../aws/identity";
import { invoke } from "../aws/invoke";
import { countListeners } from "../aws/listeners";
import { readParameters } from "../aws/parameters";
import { readingPorts } from "../aws/reader";
import { inPlainWords } from "../aws/trouble";
import { ANSWER_MILLISECONDS, type Facts, readFacts } from "../facts";
import { cutoverFunctionOf, type Stack } from "../stack";
import { type FilePlan, readFilePlan } from "./filePlan";

export type PerColor<T> = { [color in Color]: T };

/** Everything that a cutover depends on, as it is now. */
export interface DoctorFacts {
  stack: Stack;
  identity: Identity;
  deployed: Known<Deployed>;
  /** What the controller itself answers. */
  answer: Known<CutoverState>;
  /** Where things stand; unknown where the controller cannot be read. */
  facts: Known<Facts>;
  activity: Known<Activity>;
  /** What the stack's last deployment told of the plan; undefined: nothing. */
  toldPlan: Known<Plan | undefined>;
  /** What the stack's file in this folder has of the plan; undefined: there is no such file. */
  filePlan: FilePlan | undefined;
  images: PerColor<Known<string>>;
  services: PerColor<Known<ServiceState>>;
  /** Of the alarms that the controller looks at. */
  alarms: Known<AlarmStates>;
  listeners: Known<number>;
  /** Payments of each color in some minutes. */
  payments: Known<PerColor<Counts> & { minutes: number }>;
}

/** Looks at everything. Throws a complaint where AWS does not even tell who is calling. */
export async function readDoctorFacts(stack: Stack, directory: string): Promise<DoctorFacts> {
  const functionName = cutoverFunctionOf(stack);
  const subject = `function ${functionName}`;
  const [identity, deployed] = await Promise.all([
    whoCalls(),
    readBeside(
      { permission: "lambda:GetFunctionConfiguration", subject },
      deployedReader(functionName),
    ),
  ]);
  const topicArn = stack.topicArn;
  const [answer, facts, activity, told, listeners, payments, alarms] = await Promise.all([
    orReason(() => askStatus(functionName)),
    orReason(() => readFacts(stack)),
    readActivity(functionName, Date.now()),
    readTold(stack),
    topicArn === undefined
      ? unknown<number>("no output cutoverTopicArn")
      : countListeners(topicArn),
    readPayments(deployed),
    deployed.known ? readAlarmStates(deployed.value.wiring) : deployed,
  ]);
  const filePlan = readFilePlan(directory, stack.name);
  return {
    ...{ stack, identity, deployed, answer, facts, activity, filePlan, listeners, payments },
    ...{ ...told, alarms },
  };
}

/** A complaint is a finding here, and not the end. */
async function orReason<T>(read: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return unknown(error.message.replace(/\.$/, ""));
  }
}

async function askStatus(functionName: string): Promise<CutoverState> {
  const asked = { functionName, title: "the controller", milliseconds: ANSWER_MILLISECONDS };
  return (await invoke(asked, { verb: "status" })) as CutoverState;
}

/** What the last deployment told by parameters, and what the services that it names run. */
async function readTold({
  environment,
}: Stack): Promise<Pick<DoctorFacts, "toldPlan" | "images" | "services">> {
  const names = [
    "cutover/plan",
    ...COLORS.flatMap((color) => [`${color}/service/image`, `${color}/service/arn`]),
  ];
  const told = await readParameters(environment, names);
  const of = (name: string): Known<string> => {
    if (!told.known) return told;
    const value = told.value[name];
    return value === undefined
      ? unknown(`there is no parameter /payments/${environment}/${name}`)
      : known(value);
  };
  const readService = (color: Color) => serviceOf(of(`${color}/service/arn`));
  const [blue, green] = await Promise.all([readService("blue"), readService("green")]);
  return {
    toldPlan: told.known ? planOf(told.value["cutover/plan"]) : told,
    images: { blue: of("blue/service/image"), green: of("green/service/image") },
    services: { blue, green },
  };
}

function serviceOf(arn: Known<string>): Promise<Known<ServiceState>> | Known<ServiceState> {
  return arn.known ? attemptPlainly(() => cloudformationRelease().readService(arn.value)) : arn;
}

/** What a port of the controller answers, its reasons in words for people. */
async function attemptPlainly<T>(read: () => Promise<Known<T>>): Promise<Known<T>> {
  const fact = await attempt(read);
  return fact.known ? fact : unknown(inPlainWords(fact.reason));
}

function planOf(text: string | undefined): Known<Plan | undefined> {
  if (text === undefined) return known(undefined);
  try {
    return known(JSON.parse(text) as Plan);
  } catch {
    return unknown("the parameter cutover/plan is no JSON");
  }
}

const MINUTE = 60_000;
const MINUTES = 10;
/** The load balancer's minutes come late. */
const LATE_MINUTES = 3;

/** What the load balancer counted in some minutes that no count changes any more. */
async function readPayments(deployed: Known<Deployed>): Promise<DoctorFacts["payments"]> {
  if (!deployed.known) return deployed;
  const { wiring } = deployed.value;
  const { traffic } = readingPorts(wiring);
  const to = Math.floor(Date.now() / MINUTE - LATE_MINUTES) * MINUTE;
  const from = to - MINUTES * MINUTE;
  const { maxP99Milliseconds } = wiring.plan.limits;
  const periods = await attemptPlainly(() =>
    traffic.readPeriods("loadBalancer", from, to, maxP99Milliseconds),
  );
  if (!periods.known) return periods;
  const sumOf = (color: Color) =>
    periods.value.reduce((sum, period) => addCounts(sum, period[color]), noCounts());
  return known({ blue: sumOf("blue"), green: sumOf("green"), minutes: MINUTES });
}
