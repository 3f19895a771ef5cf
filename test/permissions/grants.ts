import type { Evaluation } from "../../tools/evaluate/evaluate";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { byType } from "../support/program";
import { type Need, needOf } from "./needs";

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: { StringEquals?: { [key: string]: string | string[] } };
}

/** All that the program lets a function do. */
export interface Grants {
  /** What the function's own code may ask for. */
  own: Need[];
  /** Services for whose use of a key the role allows it. */
  keyUsers: string[];
}

/** Allowed without a call of the function's own code; with the reason. */
const WITHOUT_A_CALL: { [action: string]: string } = {
  "logs:CreateLogStream": "Lambda's runtime writes the function's log in its name",
  "logs:PutLogEvents": "Lambda's runtime writes the function's log in its name",
};

/** Every Lambda function of these stacks, by logical name. */
export function functionsOf(evaluations: Evaluation[]): { [name: string]: RegisteredResource } {
  const all = evaluations.flatMap(({ resources }) =>
    byType(resources, "aws:lambda/function:Function"),
  );
  return Object.fromEntries(all.map((one) => [one.name, one]));
}

/** What the role of a function allows. Throws on a policy that is not written out in the program. */
export function grantsOf(evaluations: Evaluation[], lambda: RegisteredResource): Grants {
  const resources = evaluations.flatMap((evaluation) => evaluation.resources);
  const [role] = byType(resources, "aws:iam/role:Role").filter(
    ({ state }) => state.arn === lambda.inputs.role,
  );
  if (role === undefined) throw new Error(`${lambda.name} has no role of the program's own`);
  for (const elsewhere of ["inlinePolicies", "managedPolicyArns"])
    if (role.inputs[elsewhere] !== undefined) throw new Error(`${role.name} has ${elsewhere}`);
  const attached = resources
    .filter(({ type }) => /^aws:iam\/.*(PolicyAttachment|PoliciesExclusive)/.test(type))
    .filter(({ inputs }) => JSON.stringify(inputs).includes(`"${role.id}"`));
  if (attached.length > 0) throw new Error(`${role.name} has policies from elsewhere`);
  const policies = byType(resources, "aws:iam/rolePolicy:RolePolicy");
  const statements = policies
    .filter(({ inputs }) => inputs.role === role.id)
    .flatMap(
      ({ inputs }) => (JSON.parse(inputs.policy as string) as { Statement: Statement[] }).Statement,
    );
  return { own: ownNeeds(statements), keyUsers: keyUsers(statements) };
}

function ownNeeds(statements: Statement[]): Need[] {
  const own: Need[] = [];
  for (const statement of statements) {
    if (statement.Effect !== "Allow" || !statement.Action || !statement.Resource)
      throw new Error(`${statement.Sid} is no plain permission: these tests do not understand it`);
    for (const action of [statement.Action].flat())
      for (const resource of [statement.Resource].flat())
        if (!byItself(statement, action, resource)) own.push(needOf(action, resource));
  }
  return [...new Set(own)].sort();
}

/** Whether it is used without a call of the function's: by the runtime, or by a service for a key. */
function byItself(statement: Statement, action: string, resource: string): boolean {
  if (resource === "*") return false;
  const throughService = action.startsWith("kms:") && viaService(statement).length > 0;
  return throughService || WITHOUT_A_CALL[action] !== undefined;
}

function keyUsers(statements: Statement[]): string[] {
  const services = statements.flatMap(viaService).map((host) => host.split(".")[0] ?? "");
  return [...new Set(services)].sort();
}

function viaService({ Condition }: Statement): string[] {
  return [Condition?.StringEquals?.["kms:ViaService"] ?? []].flat();
}
