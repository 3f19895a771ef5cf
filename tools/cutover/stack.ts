import { Complaint, WRONG_USAGE } from "../terminal/complaint";

/** What a stack's outputs tell of an environment. */
export interface Stack {
  /** As the person names it. */
  name: string;
  /** How a command names it, such as `--stack prod`. */
  choice: string;
  /** Name of the environment, such as `prod`; several stacks may share one. */
  environment: string;
  /** Undefined where no output has an ARN: the credentials' own are then used. */
  accountId?: string;
  region?: string;
  /** Undefined where the stack does not own the service layer. */
  cutoverFunctionName?: string;
  topicArn?: string;
  dashboardUrl?: string;
  /** Both undefined where the stack does not own the data layer. */
  stateTableName?: string;
  switchoverFunctionName?: string;
}

/** A stack's outputs, as `pulumi stack output --json` prints them. */
export type StackOutputs = { [name: string]: unknown };

/** The parts of an exported layer that are read here. */
interface ExportedLayer {
  environment?: unknown;
  outputs?: { stateTable?: { arn?: unknown } };
}

/** Throws a complaint on a stack that is not deployed, or is none of ours. */
export function readStack(name: string, outputs: StackOutputs, choice = `--stack ${name}`): Stack {
  if (Object.keys(outputs).length === 0)
    throw new Complaint(
      `Stack ${name} has no outputs: it is not deployed. Deploy it: npx pulumi up -s ${name}`,
    );
  const layers = ["service", "data", "foundation"].map((layer) => asLayer(outputs[layer]));
  const environment = layers.map((layer) => layer.environment).find(isText);
  if (environment === undefined)
    throw new Complaint(
      `The outputs of stack ${name} name no environment: they are not of this program, or of an older revision. Deploy it from this one: npx pulumi up -s ${name}`,
      WRONG_USAGE,
    );
  const texts = Object.fromEntries(
    Object.entries(NAMES).flatMap(([field, output]) => {
      const value = outputs[output];
      return isText(value) ? [[field, value]] : [];
    }),
  ) as Partial<Stack>;
  const arns = [texts.topicArn, ...layers.map(({ outputs: own }) => own?.stateTable?.arn)];
  return { ...placeOf(arns.find(isText)), ...texts, name, choice, environment };
}

/** Which output tells what. */
const NAMES = {
  cutoverFunctionName: "cutoverFunctionName",
  topicArn: "cutoverTopicArn",
  dashboardUrl: "dashboardUrl",
  stateTableName: "cutoverTableName",
  switchoverFunctionName: "switchoverFunctionName",
} as const;

function asLayer(value: unknown): ExportedLayer {
  return typeof value === "object" && value !== null ? (value as ExportedLayer) : {};
}

/** Pulumi shows a secret as this where it is not told to show secrets. */
const HIDDEN = "[secret]";

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value !== HIDDEN;
}

/** `arn:partition:service:region:account:...` */
function placeOf(arn: string | undefined): Pick<Stack, "accountId" | "region"> {
  const [, , , region, accountId] = (arn ?? "").split(":");
  return { ...(region && { region }), ...(accountId && { accountId }) };
}

/** The controller's function; throws a complaint for a stack that has none. */
export function cutoverFunctionOf({ name, cutoverFunctionName }: Stack): string {
  if (cutoverFunctionName !== undefined) return cutoverFunctionName;
  throw new Complaint(
    `Stack ${name} has no output cutoverFunctionName, so no cutover controller: name the stack that owns the service layer, such as prod for prod-base.`,
    WRONG_USAGE,
  );
}
