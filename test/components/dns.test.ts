import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Dns, type DnsArgs, type LegacyEndpoint } from "../../components/dns/dns";
import { misplaced } from "../../components/dns/names";
import { COMMON, type Rendered, render } from "./support";

const ZONE = "Z0123456789ABCDEFGHIJ";
const BALANCER = { dnsName: "alb-1.us-east-1.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K" };
const LEGACY: LegacyEndpoint = { addresses: ["198.51.100.7"], initialWeight: 255 };

function renderDns(changes: Partial<DnsArgs> = {}, opts: pulumi.ComponentResourceOptions = {}) {
  const args = {
    ...COMMON,
    zoneId: ZONE,
    domainName: "pay.example.com",
    loadBalancer: BALANCER,
    initialWeight: 0,
    legacy: LEGACY,
    ...changes,
  };
  return render(() => new Dns("dns-test", args, opts));
}

function checked(addresses: readonly string[]) {
  return renderDns({ legacy: { ...LEGACY, addresses, healthCheckPath: "/healthz/ready" } });
}

function alias(evaluateTargetHealth: boolean) {
  return [{ name: BALANCER.dnsName, zoneId: BALANCER.zoneId, evaluateTargetHealth }];
}

/** Tags beside the common ones are the name, which `tagged` compares. */
function check(ipAddress: string) {
  return {
    type: "HTTPS",
    ipAddress,
    port: 443,
    fqdn: "pay.example.com",
    enableSni: true,
    resourcePath: "/healthz/ready",
    requestInterval: 10,
    failureThreshold: 3,
  };
}

describe("Dns", () => {
  let dns: Rendered;
  before(async () => {
    dns = await renderDns();
  });

  it("leads to the load balancer by a weighted alias", () => {
    assert.deepEqual(dns.get("aws-record-test").inputs, {
      zoneId: ZONE,
      name: "pay.example.com",
      type: "A",
      setIdentifier: "aws",
      weightedRoutingPolicies: [{ weight: 0 }],
      aliases: alias(true),
    });
  });

  it("leads to the on-premises endpoint by a weighted record that is soon forgotten", () => {
    assert.deepEqual(dns.get("legacy-record-test").inputs, {
      zoneId: ZONE,
      name: "pay.example.com",
      type: "A",
      setIdentifier: "legacy",
      weightedRoutingPolicies: [{ weight: 255 }],
      ttl: 60,
      records: ["198.51.100.7"],
    });
  });

  it("never again touches the weights, and nothing but the weights", () => {
    for (const name of ["aws-record-test", "legacy-record-test"])
      assert.deepEqual(dns.get(name).options.ignoreChanges, ["weightedRoutingPolicies"], name);
    for (const color of ["blue", "green"])
      assert.deepEqual(dns.get(`${color}-record-test`).options.ignoreChanges, [], color);
  });

  for (const color of ["blue", "green"])
    it(`finds ${color} by a name of its own, well or unwell`, () => {
      assert.deepEqual(dns.get(`${color}-record-test`).inputs, {
        zoneId: ZONE,
        name: `${color}.pay.example.com`,
        type: "A",
        aliases: alias(false),
      });
    });

  it("tells the controller which records to weigh", () => {
    assert.deepEqual(dns.outputs("dns-test", "payments:dns:Dns"), {
      zoneId: ZONE,
      recordName: "pay.example.com",
      setIdentifiers: { aws: "aws", legacy: "legacy" },
    });
  });

  it("has AWS alone where there is nothing on premises, weighted all the same", async () => {
    const alone = await renderDns({ legacy: undefined, initialWeight: 255 });
    assert.deepEqual(alone.names, [
      "aws-record-test",
      "blue-record-test",
      "dns-test",
      "green-record-test",
    ]);
    const { setIdentifier, weightedRoutingPolicies } = alone.get("aws-record-test").inputs;
    assert.deepEqual([setIdentifier, weightedRoutingPolicies], ["aws", [{ weight: 255 }]]);
    const { setIdentifiers } = alone.outputs("dns-test", "payments:dns:Dns") as Dns;
    assert.deepEqual(setIdentifiers, { aws: "aws" });
  });

  it("checks the on-premises endpoint only where that is asked for", async () => {
    assert.ok(!dns.names.some((name) => name.includes("check")));
    const one = await checked(["198.51.100.7"]);
    assert.deepEqual(one.tagged("legacy-check-test"), check("198.51.100.7"));
    assert.equal(
      one.get("legacy-record-test").inputs.healthCheckId,
      one.get("legacy-check-test").id,
    );
  });

  it("holds several addresses for healthy as long as one of them answers", async () => {
    const addresses = ["198.51.100.7", "198.51.100.8"];
    const both = await checked(addresses);
    const children = addresses.map((address, index) => {
      const name = `legacy-check-${index + 1}-test`;
      assert.deepEqual(both.tagged(name), check(address));
      return both.get(name).id;
    });
    assert.equal(new Set(children).size, 2);
    assert.deepEqual(both.tagged("legacy-check-test"), {
      type: "CALCULATED",
      childHealthchecks: children,
      childHealthThreshold: 1,
    });
    const { healthCheckId, records } = both.get("legacy-record-test").inputs;
    assert.deepEqual([healthCheckId, records], [both.get("legacy-check-test").id, addresses]);
  });

  it("names every health check for the console", async () => {
    const both = await checked(["198.51.100.7", "198.51.100.8"]);
    const checks = both.resources.filter(({ type }) => type.endsWith(":HealthCheck"));
    assert.deepEqual(
      checks.map(({ name, inputs }) => (inputs.tags as { Name: string }).Name === name),
      [true, true, true],
    );
  });

  it("says so when the zone is another domain's", () => {
    const elsewhere: pulumi.ResourceTransformation = ({ type, props, opts }) =>
      type === "aws:route53/record:Record"
        ? { props: { ...props, name: `${props.name}.example.org` }, opts }
        : undefined;
    return assert.rejects(renderDns({}, { transformations: [elsewhere] }), {
      message: /dns dns-test: zoneId: got a record pay\.example\.com\.example\.org instead of/,
    });
  });

  const MISTAKES: { [what: string]: [Partial<DnsArgs>, RegExp] } = {
    "weights that are both 0": [
      { legacy: { ...LEGACY, initialWeight: 0 } },
      /^dns dns-test: initialWeight: got 0, and no other record has a weight\./,
    ],
    "weight 0 of a single record": [
      { legacy: undefined },
      /initialWeight: got 0, and no other record has a weight\./,
    ],
    "a weight above 255": [
      { initialWeight: 256 },
      /^dns dns-test: initialWeight: got 256, allowed: a whole number from 0 to 255\.$/,
    ],
    "a weight below 0": [
      { legacy: { ...LEGACY, initialWeight: -1 } },
      /^dns dns-test: legacy\.initialWeight: got -1, allowed: a whole number from 0 to 255\.$/,
    ],
    "a weight in parts": [{ initialWeight: 0.5 }, /initialWeight: got 0\.5,/],
    "a legacy endpoint without an address": [
      { legacy: { ...LEGACY, addresses: [] } },
      /legacy\.addresses: got none,/,
    ],
    "an address that is none": [
      { legacy: { ...LEGACY, addresses: ["198.51.100.256"] } },
      /legacy\.addresses: got 198\.51\.100\.256, allowed: an IPv4 address/,
    ],
    "a check of no path": [
      { legacy: { ...LEGACY, healthCheckPath: "healthz" } },
      /legacy\.healthCheckPath: got healthz, allowed: a path/,
    ],
    "a domain without a dot": [{ domainName: "pay" }, /domainName: got pay, allowed: a name/],
    "a domain with a dot at its end": [
      { domainName: "pay.example.com." },
      /domainName: got pay\.example\.com\., allowed: a name/,
    ],
    "no domain": [{ domainName: "" }, /domainName: got nothing, allowed: a name/],
  };
  for (const [what, [changes, message]] of Object.entries(MISTAKES))
    it(`refuses ${what}`, () => assert.rejects(renderDns(changes), { message }));
});

describe("misplaced", () => {
  it("finds a record that the provider has put below another zone", () => {
    assert.equal(
      misplaced("pay.example.com", "pay.example.com.example.org"),
      "got a record pay.example.com.example.org instead of pay.example.com, which lies outside the hosted zone. Give the zone of the domain.",
    );
  });

  it("takes a name for the same in capitals, and with a dot at its end", () => {
    assert.equal(misplaced("_A1.pay.example.com.", "_a1.pay.example.com"), undefined);
  });
});
