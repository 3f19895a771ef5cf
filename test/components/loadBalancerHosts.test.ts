import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../components/edge/loadBalancer";
import { COMMON, type Rendered, render } from "./support";

const DOMAIN = { domainName: "pay.example.com", testCidrs: ["203.0.113.0/24", "192.0.2.7/32"] };
const PLAIN = { listener: { protocol: "HTTP", port: 80 }, certificateArn: undefined } as const;
const RULE = "aws:lb/listenerRule:ListenerRule";

interface Made {
  rendered: Rendered;
  balancer: LoadBalancer;
}

async function renderBalancer(changes: Partial<LoadBalancerArgs> = {}): Promise<Made> {
  let balancer: LoadBalancer | undefined;
  const rendered = await render(() => {
    balancer = new LoadBalancer("load-balancer-test", {
      ...COMMON,
      vpcId: "vpc-1",
      subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
      securityGroupId: "sg-alb",
      listener: { protocol: "HTTPS", port: 443 },
      certificateArn: pulumi.output("arn:aws:acm:us-east-1:111122223333:certificate/abc"),
      applicationPort: 8443,
      healthCheckPath: "/healthz/ready",
      live: "blue",
      deletionProtection: true,
      ...changes,
    });
    return balancer;
  });
  assert.ok(balancer);
  return { rendered, balancer };
}

function rules({ rendered }: Made) {
  return rendered.resources.filter(({ type }) => type === RULE);
}

/** Every object of that key, however deep. */
function everywhere(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(name === key ? [part] : []),
    ...everywhere(part, key),
  ]);
}

describe("LoadBalancer with a domain", () => {
  let made: Made;
  before(async () => {
    made = await renderBalancer(DOMAIN);
  });

  for (const [color, priority] of Object.entries({ blue: 10, green: 20 }))
    it(`sends those who test by ${color}'s name to ${color}, and nobody else`, () => {
      assert.deepEqual(made.rendered.tagged(`${color}-host-rule-test`), {
        listenerArn: made.rendered.get("alb-listener-test").state.arn,
        priority,
        conditions: [
          { hostHeader: { values: [`${color}.pay.example.com`] } },
          { sourceIp: { values: ["203.0.113.0/24", "192.0.2.7/32"] } },
        ],
        actions: [
          {
            type: "forward",
            order: 1,
            targetGroupArn: made.rendered.get(`${color}-tg-test`).state.arn,
          },
        ],
      });
    });

  it("refuses whoever else uses these names, instead of answering with another color", () => {
    assert.deepEqual(made.rendered.tagged("other-testers-rule-test"), {
      listenerArn: made.rendered.get("alb-listener-test").state.arn,
      priority: 30,
      conditions: [{ hostHeader: { values: ["blue.pay.example.com", "green.pay.example.com"] } }],
      actions: [
        {
          type: "fixed-response",
          order: 1,
          fixedResponse: {
            statusCode: "403",
            contentType: "text/plain",
            messageBody: "forbidden",
          },
        },
      ],
    });
  });

  it("has rules of distinct priorities, and the weights rule behind them all", () => {
    const priorities = rules(made).map(({ inputs }) => inputs.priority as number);
    assert.equal(new Set(priorities).size, 4);
    const weights = made.rendered.get("weights-rule-test");
    assert.equal(Math.max(...priorities), weights.inputs.priority);
    assert.deepEqual(weights.options.ignoreChanges, ["actions"]);
  });

  it("lets a deployment correct the other rules: the controller changes the weights only", () => {
    for (const rule of rules(made))
      if (rule.name !== "weights-rule-test")
        assert.deepEqual(rule.options.ignoreChanges, [], rule.name);
  });

  it("sticks nowhere", () => {
    const found = made.rendered.resources.flatMap(({ inputs }) => everywhere(inputs, "stickiness"));
    assert.deepEqual(
      found.map((stickiness) => (stickiness as { enabled: boolean }).enabled),
      [false, false, false],
    );
  });

  it("tells its ARN, its zone, and where each color answers", async () => {
    const { balancer, rendered } = made;
    const { arn, zoneId } = rendered.get("alb-test").state;
    const known = (output: pulumi.Output<string>) =>
      new Promise((resolve) => output.apply((value) => resolve(value)));
    assert.equal(await known(balancer.arn), arn);
    assert.equal(await known(balancer.zoneId), zoneId);
    assert.deepEqual(balancer.urls, {
      blue: "https://blue.pay.example.com",
      green: "https://green.pay.example.com",
    });
  });

  it("takes a certificate that is still being made", () => {
    assert.equal(
      made.rendered.get("alb-listener-test").inputs.certificateArn,
      "arn:aws:acm:us-east-1:111122223333:certificate/abc",
    );
  });

  it("names the colors over plain HTTP too, and a port that is not the usual one", async () => {
    const plain = await renderBalancer({ ...DOMAIN, ...PLAIN });
    assert.equal(plain.balancer.urls?.green, "http://green.pay.example.com");
    const other = await renderBalancer({ ...DOMAIN, listener: { protocol: "HTTPS", port: 8443 } });
    assert.equal(other.balancer.urls?.blue, "https://blue.pay.example.com:8443");
  });
});

describe("LoadBalancer without a domain", () => {
  it("has the weights rule alone, and no names of colors", async () => {
    for (const changes of [{}, PLAIN, { testCidrs: [] }]) {
      const made = await renderBalancer(changes);
      assert.deepEqual(
        rules(made).map(({ name }) => name),
        ["weights-rule-test"],
      );
      assert.equal(made.balancer.urls, undefined);
    }
  });

  it("leaves room in the 32 characters of a name for the longest environment", async () => {
    const { rendered } = await renderBalancer({ ...DOMAIN, environment: "abcdefghij" });
    const suffix = "-1234567".length;
    const named = rendered.resources.filter(({ type }) =>
      ["aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"].includes(type),
    );
    assert.equal(named.length, 3);
    for (const { name } of named) assert.ok(name.length + suffix <= 32, name);
  });
});

describe("LoadBalancer refuses", () => {
  const MISTAKES: { [what: string]: [Partial<LoadBalancerArgs>, RegExp] } = {
    "HTTPS without a certificate": [
      { certificateArn: undefined },
      /^load balancer load-balancer-test: certificateArn: got nothing beside a listener for HTTPS\./,
    ],
    "a certificate for plain HTTP": [
      { listener: PLAIN.listener },
      /certificateArn: got one beside a listener for HTTP,/,
    ],
    "networks of testers without a domain": [
      { testCidrs: DOMAIN.testCidrs },
      /testCidrs: got a list without domainName\./,
    ],
    "a domain that everybody could test by": [
      { domainName: "pay.example.com" },
      /testCidrs: got nothing beside domainName pay\.example\.com\./,
    ],
    "a domain without testers": [
      { domainName: "pay.example.com", testCidrs: [] },
      /testCidrs: got nothing beside domainName pay\.example\.com\./,
    ],
    "testers from everywhere": [
      { ...DOMAIN, testCidrs: ["0.0.0.0/0"] },
      /testCidrs: got 0\.0\.0\.0\/0, allowed: an IPv4 network/,
    ],
    "more networks than a rule takes": [
      { ...DOMAIN, testCidrs: [1, 2, 3, 4, 5].map((last) => `192.0.2.${last}/32`) },
      /testCidrs: got 5 networks, allowed: 1 to 4\./,
    ],
  };
  for (const [what, [changes, message]] of Object.entries(MISTAKES))
    it(what, () => assert.rejects(renderBalancer(changes), { message }));

  it("what is no network, in any way that it can be none", async () => {
    const wrong = ["", "192.0.2.1", "192.0.2.256/32", "192.0.2.0/33", "192.0.2.1/24", "::1/128"];
    for (const cidr of wrong)
      await assert.rejects(
        renderBalancer({ ...DOMAIN, testCidrs: [cidr] }),
        (error: Error) => error.message.includes(`testCidrs: got ${cidr || "nothing"}, allowed`),
        cidr,
      );
  });
});
