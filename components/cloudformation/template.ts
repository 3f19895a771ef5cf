/**
 * A CloudFormation template as an object, in as much detail as this program needs. `Template<"A" | "B">`
 * has exactly these outputs; a plain `Template` has whatever it has.
 */
export interface Template<OutputName extends string = string> {
  AWSTemplateFormatVersion: "2010-09-09";
  Description: string;
  /** Macros that CloudFormation runs over the template first. */
  Transform?: string | string[];
  Parameters?: { [name: string]: TemplateParameter };
  Resources: { [logicalId: string]: TemplateResource };
  Outputs?: { [name in OutputName]: TemplateOutput };
}

export interface TemplateParameter {
  Type: string;
  Description: string;
  /** Without it the parameter must be given. */
  Default?: string | number;
  AllowedValues?: (string | number)[];
  AllowedPattern?: string;
  /** Shows asterisks in place of the value. A nested stack refuses it: what needs it is a secret. */
  NoEcho?: boolean;
}

export interface TemplateResource {
  Type: string;
  Properties: { [name: string]: unknown };
  /** Logical ids of what has to exist first, beside what the properties refer to. */
  DependsOn?: string | string[];
  /** @default "Delete" */
  DeletionPolicy?: "Delete" | "Retain";
  /** What becomes of the old one when an update replaces it. @default "Delete" */
  UpdateReplacePolicy?: "Delete" | "Retain";
}

export interface TemplateOutput {
  Description: string;
  Value: unknown;
}
