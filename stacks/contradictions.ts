import { fargatePairMistake } from "../components/compute/fargate";
import { timeZoneMistakes, windowMistakes } from "../lambdas/cutover/contract";
import { paymentsToClear, SLOW_MARGIN_RATIO } from "../lambdas/cutover/evidence/clearance";
import { attachedMistakes } from "../lambdas/cutover/gate/contract";
import { overlap } from "./cidr";
import type { FieldKey, FieldValues } from "./fields";
import type { Mistake } from "./readFields";

type Add = (key: FieldKey, message: string) => void;

/** Failures among the least number of payments that must not take a release back. */
const LEAST_TOLERATED_FAILURES = 2;

/** Zones that production spans, so that the loss of one leaves a majority. */
const PRODUCTION_ZONES = 3;

/** Every rule between keys that these values break. A key that is wrong by itself is left out. */
export function contradictions(
  values: Partial<FieldValues>,
  region: string | undefined,
): Mistake[] {
  const mistakes: Mistake[] = [];
  const add: Add = (key, message) => mistakes.push({ key: `payments:${key}`, message });
  upstream(values, add);
  network(values, add);
  database(values, region, add);
  legacy(values, add);
  service(values, add);
  evidence(values, add);
  freeze(values, add);
  release(values, add);
  return mistakes;
}

function upstream({ layers, upstream }: Partial<FieldValues>, add: Add): void {
  if (layers === undefined || upstream === undefined) return;
  if (layers[0] !== "foundation" && upstream === "")
    add(
      "upstream",
      `got nothing, but this stack owns only ${layers.join(" and ")}. Name the stack that owns the layers below.`,
    );
  if (layers[0] === "foundation" && upstream !== "")
    add(
      "upstream",
      `got ${upstream}, but this stack owns its lowest layer and reads from none. Empty it, or take foundation out of payments:layers.`,
    );
}

function network(values: Partial<FieldValues>, add: Add): void {
  const { availabilityZones, deletionProtection, vpcCidr = "", legacyCidr = "" } = values;
  if (availabilityZones !== undefined && availabilityZones < PRODUCTION_ZONES && deletionProtection)
    add(
      "availabilityZones",
      `got ${availabilityZones}, allowed: ${PRODUCTION_ZONES}. What is protected against deletion must outlive a zone with a majority; for development, payments:deletionProtection: false relaxes this.`,
    );
  if (overlap(vpcCidr, legacyCidr))
    add(
      "legacyCidr",
      `got ${legacyCidr}, which overlaps payments:vpcCidr of ${vpcCidr}. Nothing could be routed between the two: choose another range for the VPC.`,
    );
}

function database(values: Partial<FieldValues>, region: string | undefined, add: Add): void {
  const { databaseMinCapacity: least = 0, databaseMaxCapacity: most = Infinity } = values;
  if (least > most)
    add(
      "databaseMinCapacity",
      `got ${least}, allowed: at most payments:databaseMaxCapacity, which is ${most}.`,
    );
  if (values.backupCopyRegion && values.backupCopyRegion === region)
    add(
      "backupCopyRegion",
      `got ${values.backupCopyRegion}, allowed: any Region but aws:region. A copy beside the original is lost with it.`,
    );
}

/** What has to be known of an on-premises database, where there is one. */
function legacy(values: Partial<FieldValues>, add: Add): void {
  const needed = ["legacyHost", "legacyCidr", "legacySecretArn", "legacyCaCertificate"] as const;
  const given = needed.filter((key) => values[key]);
  if (given.length === 0) return;
  for (const key of needed)
    if (values[key] === "")
      add(
        key,
        `got nothing beside payments:${given[0]}. An on-premises source needs all of ${needed.join(", ")}; empty them all if there is none.`,
      );
}

/** Rules that hold only where the service layer is deployed. */
function service(values: Partial<FieldValues>, add: Add): void {
  if (!values.layers?.includes("service")) return;
  for (const key of ["blueImage", "greenImage"] as const) {
    const image = values[key];
    if (image === "" && values.allowImageTags === false)
      add(
        key,
        "got nothing, allowed: an image pinned by digest (repository@sha256:...). The service layer runs one in each color; for development, payments:allowImageTags: true has it built from this repository.",
      );
    else if (image && !image.includes("@sha256:") && values.allowImageTags === false)
      add(
        key,
        `got ${image}, allowed: an image pinned by digest (repository@sha256:...). A tag can be moved to another image; for development, payments:allowImageTags: true relaxes this.`,
      );
  }
  tasks(values, add);
  clients(values, add);
}

function tasks(values: Partial<FieldValues>, add: Add): void {
  const {
    taskCpu,
    taskMemory,
    tasksPerColor: least = 0,
    maxTasksPerColor: most = Infinity,
  } = values;
  const mistake =
    taskCpu !== undefined && taskMemory !== undefined
      ? fargatePairMistake(taskCpu, taskMemory)
      : undefined;
  if (mistake !== undefined) add("taskMemory", `${mistake}. Fargate has no other sizes.`);
  if (least > most)
    add(
      "tasksPerColor",
      `got ${least}, allowed: at most payments:maxTasksPerColor, which is ${most}.`,
    );
  if (values.taskCapacity === "spot" && values.deletionProtection)
    add(
      "taskCapacity",
      "got spot, allowed: on-demand. AWS may take half of a color away at once, which looks like a bad release; for development, payments:deletionProtection: false relaxes this.",
    );
}

/** How clients come: by which name, with which certificate. */
function clients(values: Partial<FieldValues>, add: Add): void {
  const { domainName, hostedZoneId, certificateArn, allowPlainHttp, testCidrs } = values;
  if (
    certificateArn === "" &&
    allowPlainHttp === false &&
    (domainName === "" || hostedZoneId === "")
  )
    add(
      "certificateArn",
      "got nothing, allowed: the ARN of an ACM certificate, or payments:domainName and payments:hostedZoneId to have one made. Clients come over HTTPS; for development, payments:allowPlainHttp: true relaxes this.",
    );
  if (certificateArn && allowPlainHttp)
    add(
      "allowPlainHttp",
      "got true beside a certificate. Set it to false, or empty payments:certificateArn.",
    );
  if (domainName && allowPlainHttp)
    add(
      "allowPlainHttp",
      "got true beside a domain. Set it to false, or empty payments:domainName.",
    );
  if (domainName === "" && certificateArn)
    add(
      "domainName",
      "got nothing beside a certificate, which is for a name. Give the name that it is for.",
    );
  if (domainName === "" && hostedZoneId)
    add("domainName", "got nothing beside a hosted zone. Give the name to make there.");
  if (domainName && testCidrs?.length === 0)
    add(
      "testCidrs",
      `got none, allowed: the networks that may use blue.${domainName} and green.${domainName}. What is posted there is a real payment, to a release that nobody has tested yet.`,
    );
  if (hostedZoneId === "" && values.legacyAddresses?.length)
    add(
      "legacyAddresses",
      "got some without payments:hostedZoneId, in which their record would be made. Name the zone, or empty this.",
    );
}

function evidence(values: Partial<FieldValues>, add: Add): void {
  const { maxErrorsPerThousand: limit = 1, minimumPayments: payments = Infinity } = values;
  if (limit * payments < LEAST_TOLERATED_FAILURES * 1000)
    add(
      "minimumPayments",
      `got ${payments}, allowed: at least ${Math.ceil((LEAST_TOLERATED_FAILURES * 1000) / limit)} beside payments:maxErrorsPerThousand of ${limit}. With fewer, one or two failures, which every release has, take a good release back.`,
    );
  if (values.cutoverWithoutEvidence) {
    if (values.expectedPaymentsPerHour)
      add(
        "cutoverWithoutEvidence",
        `got true beside payments:expectedPaymentsPerHour of ${values.expectedPaymentsPerHour}. Where payments are expected they are the evidence: set it to false.`,
      );
    return;
  }
  const most = fewestPaymentsOfAStep(values);
  const wanted = values.stepsPerFalsePromotion ?? 2;
  const toClear = paymentsToClear(Math.min(limit / 1000, SLOW_MARGIN_RATIO), wanted);
  migration(values, toClear, add);
  if (most !== undefined && toClear > most)
    add(
      "maxErrorsPerThousand",
      `got ${limit}, which it takes ${toClear} payments without a failure to prove (payments:stepsPerFalsePromotion). A step of payments:cutoverSteps sees ${most} at most before payments:longestHoldMinutes is over, at payments:expectedPaymentsPerHour: allow more failures, or give the steps more payments or time.`,
    );
  if (most !== undefined && payments > most && payments !== Infinity)
    add(
      "minimumPayments",
      `got ${payments}, allowed: at most ${most}. A step of payments:cutoverSteps sees no more before payments:longestHoldMinutes is over, at payments:expectedPaymentsPerHour, and every release would be taken back.`,
    );
}

/** Payments that the standby color is sure to see in any step, with the longest hold; undefined if unknown. */
function fewestPaymentsOfAStep(values: Partial<FieldValues>): number | undefined {
  const shares = values.cutoverSteps?.map(({ weightPercent, bakeMinutes }) => ({
    percent: weightPercent,
    bakeMinutes,
  }));
  return fewestPayments(shares, values);
}

function fewestPayments(
  steps: { percent: number; bakeMinutes: number }[] | undefined,
  { expectedPaymentsPerHour: expected, longestHoldMinutes }: Partial<FieldValues>,
): number | undefined {
  if (!steps || !expected || longestHoldMinutes === undefined) return undefined;
  const each = steps.map(
    ({ percent, bakeMinutes }) =>
      ((bakeMinutes + longestHoldMinutes) / 60) * (percent / 100) * expected,
  );
  return Math.floor(Math.min(...each));
}

/** A step of a migration needs as many payments as one of a cutover, and its clients bring fewer. */
function migration(values: Partial<FieldValues>, toClear: number, add: Add): void {
  if (!values.legacyAddresses?.length) return;
  const shares = values.migrationSteps?.map(({ awsPercent, bakeMinutes }) => ({
    percent: awsPercent,
    bakeMinutes,
  }));
  const most = fewestPayments(shares, values);
  const needed = Math.max(toClear, values.minimumPayments ?? 0);
  if (most !== undefined && needed > most)
    add(
      "migrationSteps",
      `got a step that sees ${most} payments at most before payments:longestHoldMinutes is over, at payments:expectedPaymentsPerHour, and each needs ${needed} (payments:minimumPayments, payments:maxErrorsPerThousand). Give the step more clients or time.`,
    );
}

function freeze({ freezeTimeZone, freezeWindows }: Partial<FieldValues>, add: Add): void {
  if (freezeTimeZone !== undefined)
    for (const mistake of timeZoneMistakes(freezeTimeZone)) add("freezeTimeZone", `${mistake}.`);
  for (const mistake of windowMistakes(freezeWindows ?? [])) add("freezeWindows", `${mistake}.`);
}

/** CloudFormation waits for an hour, whatever the plan. */
function release({ layers, releaseGate, cutoverSteps }: Partial<FieldValues>, add: Add): void {
  if (!layers?.includes("service") || releaseGate !== "attached") return;
  for (const mistake of attachedMistakes(cutoverSteps ?? []))
    add(
      "releaseGate",
      `got attached beside a plan in payments:cutoverSteps that a deployment cannot wait for: ${mistake}. Change the steps, or set detached: the deployment then ends when the cutover begins.`,
    );
}
