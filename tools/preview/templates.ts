import type { RegisteredResource } from "../evaluate/registration";
import { reveal } from "../evaluate/values";

/** What CloudFormation takes as a template's text. */
export const TEMPLATE_LIMIT_BYTES = 51_200;

export interface NestedTemplate {
  /** Logical name of the CloudFormation stack. */
  name: string;
  bytes: number;
  /** How many resources of each CloudFormation type it makes. */
  types: { [type: string]: number };
}

/** The CloudFormation templates that the program deploys. */
export function nestedTemplates(resources: RegisteredResource[]): NestedTemplate[] {
  return resources
    .filter(({ type }) => type === "aws:cloudformation/stack:Stack")
    .map(({ name, inputs }) => {
      const body = reveal<string | undefined>(inputs.templateBody) ?? "";
      return { name, bytes: Buffer.byteLength(body), types: typesIn(body) };
    });
}

function typesIn(body: string): { [type: string]: number } {
  const types: { [type: string]: number } = {};
  for (const { Type } of Object.values(parseTemplate(body).Resources ?? {}))
    types[Type] = (types[Type] ?? 0) + 1;
  return types;
}

/** The body is unknown in a preview that depends on something not yet made. */
function parseTemplate(body: string): { Resources?: { [id: string]: { Type: string } } } {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

/** Such as `AWS::EC2::VPCEndpoint x 9, AWS::Logs::LogGroup`. */
export function describeTypes({ types }: NestedTemplate): string {
  return Object.entries(types)
    .map(([type, count]) => (count === 1 ? type : `${type} x ${count}`))
    .join(", ");
}
