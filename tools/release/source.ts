import { type Known, known, unknown } from "../../lambdas/common/ports";
import type { Color } from "../../lambdas/cutover/contract";
import { judgeTargets } from "../../lambdas/cutover/evidence/health";
import type { CutoverState } from "../../lambdas/cutover/state";
import { readBeside, readerSettings } from "../cutover/aws/calls";
import { recordsReader, take } from "../cutover/aws/records";
import { type Facts, readFacts } from "../cutover/facts";
import type { Stack } from "../cutover/stack";
import { trailOf } from "../cutover/trail";
import { type GivenImage, type Proof, proofsOf } from "./proven";

/** What the environment that a release comes from shows. */
export interface Source {
  environment: string;
  live: Color;
  phase: CutoverState["phase"]["name"];
  /** What its live color was given last. */
  image: Known<string>;
  /** Images of the task definition that its live color runs. */
  running: Known<string[]>;
  proofs: Known<Proof[]>;
  /** What speaks against its live color, as clauses. */
  ailments: string[];
}

/** Looks at everything. Throws a complaint where there is nothing to see. */
export async function readSource(stack: Stack): Promise<Source> {
  const facts = await readFacts(stack);
  const { live, phase } = facts.state;
  const { environment } = stack;
  const [blue, green, records, arn] = await Promise.all([
    readGiven(environment, "blue"),
    readGiven(environment, "green"),
    readRecords(stack),
    readParameter(environment, `${live}/service/arn`),
  ]);
  const given = { blue, green };
  const images = given[live];
  const [newest] = images.known ? [...images.value].sort((a, b) => b.since - a.since) : [];
  const missing = unknown<string>(`no parameter names the image of ${live}`);
  return {
    ...{ environment, live, phase: phase.name },
    image: images.known ? (newest === undefined ? missing : known(newest.image)) : images,
    running: arn.known ? await readRunning(arn.value) : arn,
    proofs: proofs(records, given),
    ailments: ailmentsOf(facts),
  };
}

type Records = Parameters<typeof proofsOf>[0];

function proofs(records: Known<Records>, given: { [color in Color]: Known<GivenImage[]> }) {
  if (!records.known) return records;
  const { blue, green } = given;
  if (!blue.known) return blue;
  if (!green.known) return green;
  return known(proofsOf(records.value, { blue: blue.value, green: green.value }));
}

/** What is wrong with the color that is live, as far as is known; what is not known is wrong, too. */
function ailmentsOf({ seen, deployed, state: { live } }: Facts): string[] {
  if (seen === undefined)
    return [`how ${live} is, is unknown (${deployed.known ? "nobody looked" : deployed.reason})`];
  const { targets, redAlarms } = seen.live;
  const { kind, reason } = judgeTargets(targets);
  const red = redAlarms.known ? redAlarms.value.map(({ name }) => name) : [];
  return [
    ...(kind === "not-worse" ? [] : [`on ${live}, ${reason}`]),
    // Without payments, as at night, alarms have no data: that says nothing against what was proven.
    ...(redAlarms.known || /missing, or no data$/.test(redAlarms.reason)
      ? []
      : [`the alarms of ${live} are unknown (${redAlarms.reason})`]),
    ...(red.length > 0 ? [`red on ${live}: ${red.join(" and ")}`] : []),
  ];
}

/** Records that are looked through for cutovers: years of them. */
const MOST_RECORDS = 5_000;
const PAGE = 100;

async function readRecords(stack: Stack): Promise<Known<Records>> {
  const trail = await trailOf(stack);
  const call = { permission: "dynamodb:Query", subject: `table ${trail.table}` };
  return readBeside(call, () => take(recordsReader(trail)("decision", PAGE), MOST_RECORDS));
}

function nameOf(environment: string, name: string): string {
  return `/payments/${environment}/${name}`;
}

/** What a color was given by deployments, as Systems Manager remembers it: the last hundred. */
function readGiven(environment: string, color: Color): Promise<Known<GivenImage[]>> {
  const Name = nameOf(environment, `${color}/service/image`);
  return readBeside(
    { permission: "ssm:GetParameterHistory", subject: `parameter ${Name}` },
    async () => {
      const ssm: typeof import("@aws-sdk/client-ssm") = require("@aws-sdk/client-ssm");
      const client = new ssm.SSMClient(readerSettings());
      const given: GivenImage[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new ssm.GetParameterHistoryCommand({
            Name,
            WithDecryption: true,
            ...(NextToken && { NextToken }),
          }),
        );
        for (const { Value = "", LastModifiedDate } of page.Parameters ?? [])
          given.push({
            image: Value,
            since: LastModifiedDate?.getTime() ?? Number.POSITIVE_INFINITY,
          });
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return given;
    },
  );
}

function readParameter(environment: string, name: string): Promise<Known<string>> {
  const Name = nameOf(environment, name);
  return readBeside({ permission: "ssm:GetParameter", subject: `parameter ${Name}` }, async () => {
    const ssm: typeof import("@aws-sdk/client-ssm") = require("@aws-sdk/client-ssm");
    const client = new ssm.SSMClient(readerSettings());
    const command = new ssm.GetParameterCommand({ Name, WithDecryption: true });
    return (await client.send(command)).Parameter?.Value ?? "";
  });
}

/** The images that a service's tasks are made of now. */
function readRunning(serviceArn: string): Promise<Known<string[]>> {
  const call = { permission: "ecs:DescribeServices", subject: `service ${serviceArn}` };
  return readBeside(call, async () => {
    const ecs: typeof import("@aws-sdk/client-ecs") = require("@aws-sdk/client-ecs");
    const client = new ecs.ECSClient(readerSettings());
    // An ARN names the cluster before the service.
    const cluster = serviceArn.split("/").at(-2);
    const { services } = await client.send(
      new ecs.DescribeServicesCommand({ cluster, services: [serviceArn] }),
    );
    const deployments = services?.[0]?.deployments ?? [];
    const primary = deployments.find(({ status }) => status === "PRIMARY");
    if (primary === undefined || primary.rolloutState !== "COMPLETED")
      throw new Error(`its deployment is ${primary?.rolloutState ?? "not told"}`);
    const { taskDefinition } = await client.send(
      new ecs.DescribeTaskDefinitionCommand({ taskDefinition: primary.taskDefinition }),
    );
    return (taskDefinition?.containerDefinitions ?? []).flatMap(({ image }) => image ?? []);
  });
}
