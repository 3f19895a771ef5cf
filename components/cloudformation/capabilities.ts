import type { Template, TemplateResource } from "./template";

/** What CloudFormation does only for those who say that they know of it. */
export type Capability = "CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | "CAPABILITY_AUTO_EXPAND";

/** The property that gives a physical name, for each kind of IAM resource that can have one. */
const IAM_NAMES: { [type: string]: string } = {
  "AWS::IAM::Group": "GroupName",
  "AWS::IAM::InstanceProfile": "InstanceProfileName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::User": "UserName",
};

/**
 * The least that a template needs. Each macro needs consent of its own; so does each change of
 * permissions, and more of it where the resource has a name that another one may already have.
 */
export function capabilitiesOf(template: Template): Capability[] {
  const iam = Object.values(template.Resources).map(iamCapability);
  const needed: Capability[] = [];
  // Includes the lesser one.
  if (iam.includes("CAPABILITY_NAMED_IAM")) needed.push("CAPABILITY_NAMED_IAM");
  else if (iam.includes("CAPABILITY_IAM")) needed.push("CAPABILITY_IAM");
  if (hasMacros(template)) needed.push("CAPABILITY_AUTO_EXPAND");
  return needed;
}

function iamCapability({ Type, Properties }: TemplateResource): Capability | undefined {
  if (Type.startsWith("AWS::IAM::")) {
    const name = IAM_NAMES[Type];
    return name !== undefined && name in Properties ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
  }
  // Makes the function in a stack of its own, with a role.
  if (Type === "AWS::SecretsManager::RotationSchedule" && "HostedRotationLambda" in Properties)
    return "CAPABILITY_NAMED_IAM";
  // Makes a role where none is given.
  if (Type.startsWith("AWS::Serverless::") && !("Role" in Properties)) return "CAPABILITY_IAM";
  return undefined;
}

function hasMacros(template: Template): boolean {
  const { Transform = [] } = template;
  return Transform.length > 0 || JSON.stringify(template).includes('"Fn::Transform":');
}
