import assert from "node:assert/strict";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { difference } from "./difference";
import { grantsOf } from "./grants";
import { type AwsRequest, type Need, needsOf } from "./needs";

function signed(service: string, changes: Partial<AwsRequest> = {}): AwsRequest {
  const scope = `test/20260101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const { headers, ...others } = changes;
  return { method: "POST", path: "/", body: "", ...others, headers: { authorization, ...headers } };
}

function json(service: string, target: string, body: object): AwsRequest {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  return signed(service, { headers, body: JSON.stringify(body) });
}

function form(service: string, body: { [field: string]: string }): AwsRequest {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return signed(service, { headers, body: new URLSearchParams(body).toString() });
}

describe("needsOf", () => {
  const zone = "/2013-04-01/hostedzone/Z1/rrset";
  const item = (name: string) => ({ TableName: "state", Key: {}, name });
  const transaction = {
    TransactItems: [{ Put: item("a") }, { Update: item("b") }, { ConditionCheck: item("c") }],
  };
  const rule = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/a/b/c";
  const rows: [it: string, AwsRequest, needs: string[]][] = [
    [
      "reads the action of a form",
      form("elasticloadbalancing", { Action: "ModifyRule", RuleArn: rule }),
      ["elasticloadbalancing:ModifyRule on listener-rule/app/a/b/c"],
    ],
    [
      "reads the action of a header",
      json("dynamodb", "DynamoDB_20120810.GetItem", { TableName: "state" }),
      ["dynamodb:GetItem on table/state"],
    ],
    [
      "reads the action of a path, and knows that IAM has another name for the service",
      signed("monitoring", {
        path: "/service/GraniteServiceVersion20100801/operation/GetMetricData",
      }),
      ["cloudwatch:GetMetricData on *"],
    ],
    [
      "takes a transaction apart",
      json("dynamodb", "DynamoDB_20120810.TransactWriteItems", transaction),
      [
        "dynamodb:PutItem on table/state",
        "dynamodb:UpdateItem on table/state",
        "dynamodb:ConditionCheckItem on table/state",
      ],
    ],
    [
      "knows changes of records by their route",
      signed("route53", { path: `${zone}/` }),
      ["route53:ChangeResourceRecordSets on hostedzone/Z1"],
    ],
    [
      "knows lists of records by their route",
      signed("route53", { method: "GET", path: `${zone}?name=a` }),
      ["route53:ListResourceRecordSets on hostedzone/Z1"],
    ],
    [
      "needs nothing for an address that somebody else has signed",
      { method: "PUT", path: "/answer?X-Amz-Signature=0", headers: {}, body: "{}" },
      [],
    ],
  ];
  for (const [sentence, request, needs] of rows)
    it(sentence, () => {
      assert.deepEqual(needsOf(request), needs);
    });

  const unknown: [it: string, AwsRequest, RegExp][] = [
    [
      "an operation",
      json("ssm", "AmazonSSM.DeleteParameter", {}),
      /ssm:DeleteParameter.*authorization reference/,
    ],
    ["a route", signed("route53", { path: "/2013-04-01/change/C1" }), /no known operation: add it/],
    ["a resource", form("sns", { Action: "Publish" }), /sns:Publish names no resource/],
    [
      "a member of a transaction",
      json("dynamodb", "DynamoDB_20120810.TransactWriteItems", { TransactItems: [{ Touch: {} }] }),
      /no member Touch/,
    ],
  ];
  for (const [what, request, message] of unknown)
    it(`does not guess ${what}`, () => {
      assert.throws(() => needsOf(request), message);
    });
});

describe("grantsOf", () => {
  const ARN = "arn:aws:iam::111122223333:role/cutover-1";
  const resource = (type: string, inputs: object, state: object = {}) =>
    ({ type, name: "one", id: "cutover-1", inputs, state }) as RegisteredResource;
  const role = resource("aws:iam/role:Role", {}, { arn: ARN });
  const lambda = resource("aws:lambda/function:Function", { role: ARN });
  const policy = (statement: object) => {
    const full = { Effect: "Allow", Action: "a:B", Resource: "*", ...statement };
    const text = JSON.stringify({ Statement: [full] });
    return resource("aws:iam/rolePolicy:RolePolicy", { role: "cutover-1", policy: text });
  };
  const grants = (...resources: RegisteredResource[]) =>
    grantsOf([{ resources: [role, ...resources] }] as Parameters<typeof grantsOf>[0], lambda);
  const key = "arn:aws:kms:us-east-1:111122223333:key/1";
  const Condition = { StringEquals: { "kms:ViaService": ["sns.us-east-1.amazonaws.com"] } };

  it("lists each action with each resource, from every policy of the role", () => {
    const both = policy({ Action: ["a:B", "a:C"], Resource: ["arn:aws:a:r:1:x/1", "*"] });
    const other = policy({ Action: "d:E" });
    const own = ["a:B on *", "a:B on x/1", "a:C on *", "a:C on x/1", "d:E on *"];
    assert.deepEqual(grants(both, other).own, own);
  });

  it("asks for no call for a key that a service uses, and for one that the function uses itself", () => {
    const through = policy({ Action: "kms:Decrypt", Resource: key, Condition });
    assert.deepEqual(grants(through), { own: [], keyUsers: ["sns"] });
    const itself = policy({ Action: "kms:Decrypt", Resource: key });
    assert.deepEqual(grants(itself), { own: ["kms:Decrypt on key/1"], keyUsers: [] });
  });

  it("asks for no call for the log, unless it is every log", () => {
    const log = "arn:aws:logs:us-east-1:111122223333:log-group:cutover:*";
    assert.deepEqual(grants(policy({ Action: "logs:PutLogEvents", Resource: log })).own, []);
    const every = policy({ Action: "logs:PutLogEvents" });
    assert.deepEqual(grants(every).own, ["logs:PutLogEvents on *"]);
  });

  const refused: [it: string, RegisteredResource, RegExp][] = [
    ["a denial", policy({ Effect: "Deny" }), /no plain permission/],
    [
      "all actions but some",
      policy({ Action: undefined, NotAction: "a:B" }),
      /no plain permission/,
    ],
    [
      "a policy that AWS wrote",
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "cutover-1" }),
      /policies from elsewhere/,
    ],
  ];
  for (const [what, one, message] of refused)
    it(`does not understand ${what}`, () => {
      assert.throws(() => grants(one), message);
    });
});

describe("difference", () => {
  const stacks = "cloudformation:DescribeStacks on stack";
  const rows: [needed: string[], granted: string[], found: RegExp[]][] = [
    [["a:B on x"], ["a:B on x"], []],
    [["a:B on x", "a:B on y"], ["a:B on x"], [/lacks a:B on y/]],
    [["a:B on x"], ["a:B on x", "a:C on x"], [/may a:C on x/]],
    [["a:B on x/1"], ["a:B on *"], [/lacks a:B on x\/1/, /may a:B on \*/]],
    [["a:B on x/1"], ["a:B on x/*"], [/lacks a:B on x\/1/, /may a:B on x\/\*/]],
    [[`${stacks}/gate-dev-1/2`], [`${stacks}/gate-dev-*/*`], []],
    [[`${stacks}/gate-dev-1/2`], [`${stacks}/*`], [/lacks/, /may/]],
    [[`${stacks}/gate-dev-1/2`], ["cloudformation:DescribeStacks on *"], [/lacks/, /may/]],
    [[`${stacks}/other-1/2`], [`${stacks}/gate-dev-*/*`], [/lacks/, /may/]],
  ];
  for (const [needed, granted, found] of rows)
    it(`says ${found.length} things of ${granted} for ${needed}`, () => {
      const said = difference(needed as Need[], granted as Need[]);
      assert.equal(said.length, found.length, said.join("; "));
      found.forEach((pattern, index) => {
        assert.match(said[index] ?? "", pattern);
      });
    });
});
