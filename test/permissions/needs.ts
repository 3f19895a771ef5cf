import type { IncomingHttpHeaders } from "node:http";

/** A request as it came in. */
export interface AwsRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a request asks for, such as `dynamodb` and `GetItem`; the service as IAM calls it. */
export interface Operation {
  service: string;
  name: string;
}

/** A permission: an IAM action on a resource, without the part of the ARN that all have in common. */
export type Need = `${string}:${string} on ${string}`;

type Body = { [field: string]: unknown };

/** Permissions that an operation needs. */
type Rule = (body: Body, path: string) => { [action: string]: string[] };

/** Names of services in signatures, where IAM has another. */
const IAM_PREFIX: { [signingName: string]: string } = { monitoring: "cloudwatch" };

/** Operations of the services that name them by method and path. */
const ROUTES: { [service: string]: [method: string, path: RegExp, name: string][] } = {
  "rds-data": [["POST", /^\/Execute$/, "ExecuteStatement"]],
  lambda: [["POST", /^\/2015-03-31\/functions\/[^/]+\/invocations$/, "Invoke"]],
  route53: [
    ["GET", /^\/2013-04-01\/hostedzone\/[^/]+\/rrset\b/, "ListResourceRecordSets"],
    ["POST", /^\/2013-04-01\/hostedzone\/[^/]+\/rrset\b/, "ChangeResourceRecordSets"],
  ],
};

/**
 * What each operation needs. Source: AWS's service authorization reference, for the actions, for the
 * resources that an action can be narrowed to, and for those that can be narrowed to none.
 */
const RULES: { [operation: string]: Rule } = {
  "elasticloadbalancing:ModifyRule": (body) => ({
    "elasticloadbalancing:ModifyRule": texts(body.RuleArn),
  }),
  "elasticloadbalancing:DescribeRules": unscoped("elasticloadbalancing:DescribeRules"),
  "elasticloadbalancing:DescribeTargetHealth": unscoped(
    "elasticloadbalancing:DescribeTargetHealth",
  ),
  // It can be narrowed to alarms, but tells of composite alarms only who may see every alarm
  // (CloudWatch's API reference, DescribeAlarms).
  "cloudwatch:DescribeAlarms": unscoped("cloudwatch:DescribeAlarms"),
  "cloudwatch:GetMetricData": unscoped("cloudwatch:GetMetricData"),
  "dynamodb:GetItem": (body) => ({ "dynamodb:GetItem": [tableOf(body)] }),
  "dynamodb:PutItem": (body) => ({ "dynamodb:PutItem": [tableOf(body)] }),
  "dynamodb:UpdateItem": (body) => ({ "dynamodb:UpdateItem": [tableOf(body)] }),
  "dynamodb:TransactWriteItems": transaction,
  "sns:Publish": (body) => ({ "sns:Publish": texts(body.TopicArn) }),
  "secretsmanager:DescribeSecret": (body) => ({
    "secretsmanager:DescribeSecret": texts(body.SecretId),
  }),
  "secretsmanager:GetSecretValue": (body) => ({
    "secretsmanager:GetSecretValue": texts(body.SecretId),
  }),
  // The Data API reads the credentials with its caller's permission.
  "rds-data:ExecuteStatement": (body) => ({
    "rds-data:ExecuteStatement": texts(body.resourceArn),
    "secretsmanager:GetSecretValue": texts(body.secretArn),
  }),
  "ecs:DescribeServices": (body) => ({ "ecs:DescribeServices": texts(body.services) }),
  "ecs:UpdateService": (body) => ({ "ecs:UpdateService": texts(body.service) }),
  "dms:DescribeReplicationTasks": unscoped("dms:DescribeReplicationTasks"),
  "dms:ListTagsForResource": (body) => ({ "dms:ListTagsForResource": texts(body.ResourceArn) }),
  "dms:AddTagsToResource": (body) => ({ "dms:AddTagsToResource": texts(body.ResourceArn) }),
  "dms:RemoveTagsFromResource": (body) => ({
    "dms:RemoveTagsFromResource": texts(body.ResourceArn),
  }),
  "dms:StopReplicationTask": (body) => ({
    "dms:StopReplicationTask": texts(body.ReplicationTaskArn),
  }),
  "dms:StartReplicationTask": (body) => ({
    "dms:StartReplicationTask": texts(body.ReplicationTaskArn),
  }),
  "dms:ModifyReplicationTask": (body) => ({
    "dms:ModifyReplicationTask": texts(body.ReplicationTaskArn),
  }),
  "ssm:GetParameter": (body) => ({ "ssm:GetParameter": [`parameter${body.Name}`] }),
  "ssm:PutParameter": (body) => ({ "ssm:PutParameter": [`parameter${body.Name}`] }),
  "lambda:Invoke": (_, path) => ({ "lambda:InvokeFunction": [functionOf(path)] }),
  "cloudformation:DescribeStacks": (body) => ({
    "cloudformation:DescribeStacks": texts(body.StackName),
  }),
  "route53:ListResourceRecordSets": (_, path) => ({
    "route53:ListResourceRecordSets": [zoneOf(path)],
  }),
  "route53:ChangeResourceRecordSets": (_, path) => ({
    "route53:ChangeResourceRecordSets": [zoneOf(path)],
  }),
};

/**
 * What a request asks AWS for; undefined for one that carries no signature of its own and so needs no
 * permission, such as an upload to an address that was signed by somebody else.
 */
export function operationOf(request: AwsRequest): Operation | undefined {
  const { authorization = "", "x-amz-target": target } = request.headers;
  const [, signingName] =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  if (signingName === undefined) return undefined;
  const service = IAM_PREFIX[signingName] ?? signingName;
  const [, byTarget] = String(target ?? "").split(".");
  const [, byPath] = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(request.path) ?? [];
  const byForm = bodyOf(request).Action;
  const name = byTarget ?? byPath ?? byForm ?? routeOf(service, request);
  return { service, name: String(name) };
}

/** The permissions that a request needs. Throws on an operation that has no rule here. */
export function needsOf(request: AwsRequest): Need[] {
  const operation = operationOf(request);
  if (operation === undefined) return [];
  const called = `${operation.service}:${operation.name}`;
  const rule = RULES[called];
  if (rule === undefined)
    throw new Error(
      `a function calls ${called}, and nothing here knows what that needs: look it up in AWS's service authorization reference and add it to RULES in test/permissions/needs.ts`,
    );
  return Object.entries(rule(bodyOf(request), request.path)).flatMap(([action, resources]) => {
    if (resources.length === 0) throw new Error(`${called} names no resource: ${request.body}`);
    return resources.map((resource) => needOf(action, resource));
  });
}

/** Of an ARN only what comes after the account. */
export function needOf(action: string, resource: string): Need {
  const short = resource.startsWith("arn:") ? resource.split(":").slice(5).join(":") : resource;
  return `${action} on ${short}` as Need;
}

function routeOf(service: string, { method, path }: AwsRequest): string {
  const found = ROUTES[service]?.find(([verb, pattern]) => verb === method && pattern.test(path));
  if (found === undefined)
    throw new Error(
      `a function calls ${method} ${path} of ${service}, which is no known operation: add it to ROUTES in test/permissions/needs.ts`,
    );
  return found[2];
}

/** Fields of JSON and of forms; of other formats nothing is read. */
function bodyOf({ headers, body }: AwsRequest): Body {
  const type = headers["content-type"] ?? "";
  if (type.includes("json")) return JSON.parse(body) as Body;
  return type.includes("form") ? Object.fromEntries(new URLSearchParams(body)) : {};
}

function unscoped(action: string): Rule {
  return () => ({ [action]: ["*"] });
}

function texts(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === "string" && one !== "");
}

function tableOf({ TableName }: Body): string {
  return `table/${TableName}`;
}

/** Name or ARN are as good. */
function functionOf(path: string): string {
  const name = decodeURIComponent(path.split("/")[3] ?? "");
  return name.startsWith("arn:") ? name : `function:${name}`;
}

function zoneOf(path: string): string {
  return `hostedzone/${path.split("/")[3]}`;
}

const IN_TRANSACTION: { [member: string]: string } = {
  Put: "dynamodb:PutItem",
  Update: "dynamodb:UpdateItem",
  Delete: "dynamodb:DeleteItem",
  ConditionCheck: "dynamodb:ConditionCheckItem",
};

/** A transaction needs what its members would need by themselves, and nothing for itself. */
function transaction({ TransactItems }: Body): { [action: string]: string[] } {
  const needs: { [action: string]: string[] } = {};
  for (const [member, item] of (TransactItems as { [member: string]: Body }[]).flatMap(
    Object.entries<Body>,
  )) {
    const action = IN_TRANSACTION[member];
    if (action === undefined) throw new Error(`no member ${member} of a transaction is known`);
    needs[action] = [...(needs[action] ?? []), tableOf(item)];
  }
  return needs;
}
