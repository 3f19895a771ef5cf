import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "../lambdas/cutover/contract";

/** What every component is given. */
export interface CommonArgs {
  /** Name of the environment; part of every resource's name. */
  environment: string;
  /** Set on everything that AWS lets carry tags. */
  tags: { readonly [name: string]: string };
}

/**
 * The house pattern of logical names: `{resource-type}-{environment}`, with the color first where
 * there is one. Pulumi adds the random suffix that makes the physical name.
 */
export function resourceName(kind: string, environment: string, color?: Color): string {
  const name = `${kind}-${environment}`;
  return color === undefined ? name : `${color}-${name}`;
}

/**
 * A trust policy that lets one AWS service take the role.
 * @param accountId limits the service to acting for this account, so that another account cannot
 * use it to reach the role. Leave it out for Lambda, which does not send it.
 */
export function trustPolicy(service: string, accountId?: string): string {
  return policyDocument([
    {
      Sid: "Service",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(accountId !== undefined && {
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
    },
  ]);
}

/** One statement of an IAM policy. */
export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  /** Left out in trust policies, which stand on their resource. */
  Resource?: string | string[];
  Principal?: object | string;
  Condition?: object;
}

export function policyDocument(statements: PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Lets services publish to a topic for this account, and refuses whoever comes without TLS. */
export function topicStatements(
  topicArn: string,
  accountId: string,
  publishers: readonly string[],
): PolicyStatement[] {
  return [
    {
      Sid: "Services",
      Effect: "Allow",
      Principal: { Service: publishers.length === 1 ? publishers[0] : [...publishers] },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}

export interface ServiceRoleArgs extends CommonArgs {
  /** Principal that takes the role, such as `lambda.amazonaws.com`. */
  service: string;
  /** What `trustPolicy` limits the service to. @default no account, for services that do not send it */
  forAccount?: pulumi.Input<string>;
  /** @default the role is of no color */
  color?: Color;
  /** All that the role may do. */
  statements: pulumi.Input<PolicyStatement[]>;
}

export interface ServiceRole {
  role: aws.iam.Role;
  /** For what must not begin before it may. */
  policy: aws.iam.RolePolicy;
}

/** A role that one AWS service takes, with one policy of its own and no managed one. */
export function createServiceRole(
  kind: string,
  { environment, tags, service, forAccount, color, statements }: ServiceRoleArgs,
  parent: pulumi.Resource,
): ServiceRole {
  const role = new aws.iam.Role(
    resourceName(`${kind}-role`, environment, color),
    {
      assumeRolePolicy: pulumi.output(forAccount).apply((id) => trustPolicy(service, id)),
      tags,
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    resourceName(`${kind}-policy`, environment, color),
    { role: role.id, policy: pulumi.output(statements).apply(policyDocument) },
    { parent },
  );
  return { role, policy };
}
