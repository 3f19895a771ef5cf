import { when } from "../../core/messages";
import {
  conditionKeys,
  isEverybody,
  type Statement,
  servicesOf,
  statementsOf,
} from "../../core/policyDocument";
import type { ResourceRule } from "../../core/rule";
import { items, type Value } from "../../core/values";

const CONTROLS = {
  pci: ["7.2.1"],
  securityHub: ["IAM.1", "IAM.21", "KMS.1", "KMS.2"],
  checkov: [
    "CKV_AWS_62",
    "CKV_AWS_63",
    "CKV_AWS_286",
    "CKV_AWS_287",
    "CKV_AWS_288",
    "CKV_AWS_289",
    "CKV_AWS_290",
    "CKV_AWS_355",
  ],
};

/** Actions for which AWS knows no narrower resource (its service authorization reference). */
const UNSCOPABLE = [
  /^elasticloadbalancing:Describe\w+$/,
  /^cloudwatch:(GetMetricData|GetMetricStatistics|ListMetrics|DescribeAlarms|PutMetricData)$/,
  /^dms:Describe\w+$/,
  /^ec2:(Describe\w+|CreateNetworkInterface|DeleteNetworkInterface)$/,
  /^ecr:GetAuthorizationToken$/,
  /^logs:DescribeLogGroups$/,
  /^secretsmanager:GetRandomPassword$/,
  /^xray:Put\w+$/,
];

export const leastPrivilege: ResourceRule = {
  id: "iam-least-privilege",
  title: "Policies name the actions and the resources that are needed",
  severity: "mandatory",
  controls: CONTROLS,
  types: ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"],
  check: ({ properties: { policy } }) =>
    statementsOf(policy)
      .filter(({ effect }) => effect === "Allow")
      .flatMap((one) => [...wildcardActions(one), ...wildcardResources(one)]),
};

function wildcardActions({ sid, actions }: Statement): string[] {
  const wild = texts(actions).filter((action) => action.includes("*"));
  return when(
    wild.length > 0,
    `policy, ${sid}: got ${wild.join(", ")}, allowed: actions by name. Name those that are called.`,
  );
}

function wildcardResources({ sid, actions, resources }: Statement): string[] {
  const scopable = texts(actions).filter((one) => !UNSCOPABLE.some((known) => known.test(one)));
  return when(
    resources.includes("*") && scopable.length > 0,
    `policy, ${sid}: got every resource for ${scopable.join(", ")}, allowed: ARNs. Name what is touched.`,
  );
}

function texts(values: readonly Value[]): string[] {
  return values.filter((one) => typeof one === "string");
}

/** Policies of AWS's that allow nearly everything. */
const BROAD = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)(-[\w-]+)?$/;

export const noBroadPolicies: ResourceRule = {
  id: "iam-no-broad-policies",
  title: "No role has one of AWS's policies that allow nearly everything",
  severity: "mandatory",
  controls: { pci: ["7.2.1"], checkov: ["CKV_AWS_274", "CKV_AWS_275"] },
  types: [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/role:Role",
  ],
  check: ({ properties }) =>
    texts([...items(properties.policyArn), ...items(properties.managedPolicyArns)])
      .filter((arn) => BROAD.test(arn))
      .map(
        (arn) =>
          `policy: got ${arn.replace(/^.*\//, "")}, allowed: one that names actions and resources. Write it.`,
      ),
};

/**
 * Services that do not say for which account they take a role: a condition on it would shut them out.
 * Only this account's functions, trails and events can name the role, by `iam:PassRole`.
 */
const ANONYMOUS = ["lambda.amazonaws.com", "cloudtrail.amazonaws.com"];

const SOURCES = ["aws:sourceaccount", "aws:sourcearn"];

export const trustScoped: ResourceRule = {
  id: "iam-trust-scoped",
  title: "A role is taken by named services, for this account only where they can say so",
  severity: "mandatory",
  controls: { pci: ["7.2.1"], checkov: ["CKV_AWS_60"] },
  types: ["aws:iam/role:Role"],
  check: ({ properties: { assumeRolePolicy } }) =>
    statementsOf(assumeRolePolicy)
      .filter(({ effect }) => effect === "Allow")
      .flatMap(trustMistakes),
};

function trustMistakes(statement: Statement): string[] {
  const { sid, principal } = statement;
  const services = servicesOf(principal).filter((service) => !ANONYMOUS.includes(service));
  const scoped = conditionKeys(statement).some((key) => SOURCES.includes(key));
  return [
    ...when(
      isEverybody(principal),
      `assumeRolePolicy, ${sid}: got everybody, allowed: named services or roles. Name them.`,
    ),
    ...when(
      services.length > 0 && !scoped,
      `assumeRolePolicy, ${sid}: got ${services.join(", ")} for any account, allowed: with a condition on aws:SourceAccount. Add it.`,
    ),
  ];
}
