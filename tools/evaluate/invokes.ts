import { ACCOUNT_ID, digits } from "./arn";
import type { Properties } from "./values";

type Answer = (inputs: Properties, region: string) => Properties;

/** The questions that a program may ask AWS; whatever else it asks is an error. */
const ANSWERS: { [token: string]: Answer } = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: ACCOUNT_ID,
    accountId: ACCOUNT_ID,
    arn: `arn:aws:iam::${ACCOUNT_ID}:user/pulumi`,
    userId: "AIDAEXAMPLEEXAMPLE000",
  }),
  "aws:index/getRegion:getRegion": (inputs, region) => {
    const name = inputs.region ?? inputs.name ?? region;
    return { id: name, region: name, name, endpoint: `ec2.${name}.amazonaws.com`, description: "" };
  },
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    names: [..."abcdef"].map((zone) => `${region}${zone}`),
    zoneIds: [1, 2, 3, 4, 5, 6].map((zone) => `use1-az${zone}`),
    groupNames: [region],
  }),
  "aws:ec2/getRouteTable:getRouteTable": ({ subnetId }) => {
    const routeTableId = routeTableIdOf(String(subnetId));
    return { id: routeTableId, routeTableId, subnetId };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => {
    const json = JSON.stringify(policyDocument(inputs));
    return { id: "policy", json, minifiedJson: json };
  },
};

/** The route table of a subnet that the awsx component made. */
export function routeTableIdOf(subnetId: string): string {
  return `rtb-${digits(subnetId, 17)}`;
}

export function invoke(token: string, inputs: Properties, region: string): Properties {
  const answer = ANSWERS[token];
  if (answer === undefined)
    throw new Error(`no offline answer to ${token}: add one to tools/evaluate/invokes.ts`);
  return answer(inputs, region);
}

interface Statement {
  sid?: string;
  effect?: string;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  notResources?: string[];
  principals?: Principal[];
  notPrincipals?: Principal[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

interface Principal {
  type: string;
  identifiers: string[];
}

function policyDocument(inputs: Properties) {
  const statements = (inputs.statements ?? []) as Statement[];
  return {
    Version: inputs.version ?? "2012-10-17",
    ...(inputs.policyId === undefined ? {} : { Id: inputs.policyId }),
    Statement: statements.map(policyStatement),
  };
}

function policyStatement(statement: Statement) {
  return {
    Sid: statement.sid,
    Effect: statement.effect ?? "Allow",
    Action: oneOrMany(statement.actions),
    NotAction: oneOrMany(statement.notActions),
    Resource: oneOrMany(statement.resources),
    NotResource: oneOrMany(statement.notResources),
    Principal: principals(statement.principals),
    NotPrincipal: principals(statement.notPrincipals),
    Condition: conditions(statement.conditions),
  };
}

function oneOrMany(values: string[] | undefined) {
  return values?.length === 1 ? values[0] : values;
}

function principals(list: Principal[] | undefined) {
  if (list === undefined) return undefined;
  if (list.some(({ type }) => type === "*")) return "*";
  return Object.fromEntries(list.map(({ type, identifiers }) => [type, oneOrMany(identifiers)]));
}

function conditions(list: Statement["conditions"]) {
  if (list === undefined) return undefined;
  const operators: { [test: string]: { [variable: string]: unknown } } = {};
  for (const { test, variable, values } of list) {
    operators[test] ??= {};
    operators[test][variable] = oneOrMany(values);
  }
  return operators;
}
