/** How a CloudFormation type is told in Pulumi's words. */
export interface Counterpart {
  /** Pulumi's type token. */
  type: string;
  /** Properties whose name differs by more than its first letter, by CloudFormation's name. */
  names?: { readonly [name: string]: string };
  /** Properties whose inside is no concern of CloudFormation's, such as policy documents. */
  asIs?: readonly string[];
}

/**
 * Every type that a template of ours makes. A type that is missing here is a violation of its own
 * (`cfn-template-inspected`), so that no resource goes unseen.
 */
export const COUNTERPARTS: { readonly [type: string]: Counterpart } = {
  "AWS::EC2::VPCEndpoint": {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    names: { PolicyDocument: "policy" },
    asIs: ["PolicyDocument"],
  },
  "AWS::Logs::LogGroup": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    names: { LogGroupName: "name" },
  },
  "AWS::SecretsManager::RotationSchedule": {
    type: "aws:secretsmanager/secretRotation:SecretRotation",
  },
  "AWS::SecretsManager::Secret": { type: "aws:secretsmanager/secret:Secret" },
};

/** Served by a function of ours; it makes nothing that a rule could look at. */
const CUSTOM = /^(Custom::|AWS::CloudFormation::CustomResource$)/;

/** Undefined for a type that is not known here. */
export function counterpartOf(type: string): Counterpart | undefined {
  if (CUSTOM.test(type)) return { type: `cloudformation:custom:${type.replace(/^.*::/, "")}` };
  return COUNTERPARTS[type];
}
