/** A CloudFormation template as an object, in as much detail as this program needs. */
export interface Template {
  AWSTemplateFormatVersion: "2010-09-09";
  Description: string;
  Transform?: string;
  Parameters?: { [name: string]: { Type: string; Description: string } };
  Resources: { [logicalId: string]: TemplateResource };
  Outputs?: { [name: string]: { Description: string; Value: unknown } };
}

export interface TemplateResource {
  Type: string;
  Properties: { [name: string]: unknown };
  DeletionPolicy?: "Delete" | "Retain";
}
