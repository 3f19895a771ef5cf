import { areTemplatesKnown } from "../../cloudformation/adapter";
import { must, when } from "../../core/messages";
import { isEverybody, type Statement, statementsOf } from "../../core/policyDocument";
import { ofTypes } from "../../core/relations";
import type { ResourceRule, StackRule } from "../../core/rule";
import { canBe, isMissing, UNKNOWN } from "../../core/values";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const VPCS = ["awsx:ec2:Vpc", "aws:ec2/vpc:Vpc"];

/** What is called from inside the VPC, by the end of the service's name. */
const REQUIRED = ["s3", "dynamodb", "ecr.api", "ecr.dkr", "logs", "ssm", "secretsmanager"];

export const endpointsComplete: StackRule = {
  id: "vpc-endpoints-complete",
  title: "Calls from inside the VPC reach AWS on private ways",
  severity: "mandatory-in-production",
  controls: { securityHub: ["EC2.10"], other: ["AWS services are reached by PrivateLink"] },
  types: VPCS,
  checkStack: (resources) => {
    const [vpc] = ofTypes(resources, ...VPCS);
    if (vpc === undefined || !areTemplatesKnown(resources)) return [];
    const names = ofTypes(resources, ENDPOINT).map(({ properties }) => properties.serviceName);
    const missing = REQUIRED.filter(
      (service) => !names.some((name) => name === UNKNOWN || String(name).endsWith(`.${service}`)),
    );
    return when(
      missing.length > 0,
      `endpoints: got none of ${missing.join(", ")}, allowed: one of each. Set payments:interfaceEndpoints to used.`,
    ).map((message) => ({ resource: vpc, message }));
  },
};

export const endpointsClosed: ResourceRule = {
  id: "vpc-endpoint-policy",
  title: "A private way serves named callers or resources only, under the service's own name",
  severity: "mandatory",
  controls: { securityHub: ["EC2.10"] },
  types: [ENDPOINT],
  check: ({ properties: { policy, vpcEndpointType, privateDnsEnabled } }) => [
    ...must(
      !isMissing(policy),
      "policy",
      policy,
      "a policy document",
      "Give it one: AWS's own lets everybody do everything.",
    ),
    ...statementsOf(policy).filter(allowsAll).map(openMessage),
    ...must(
      vpcEndpointType !== "Interface" || canBe(privateDnsEnabled, true),
      "privateDnsEnabled",
      privateDnsEnabled,
      "true",
      "Set it: callers would have to know of the endpoint.",
    ),
  ],
};

function allowsAll({ effect, principal, resources, condition }: Statement): boolean {
  return (
    effect === "Allow" && isEverybody(principal) && resources.includes("*") && isMissing(condition)
  );
}

function openMessage({ sid }: Statement): string {
  return `policy, ${sid}: got everybody and every resource without a condition, allowed: this account's. Add a condition on aws:PrincipalAccount.`;
}
