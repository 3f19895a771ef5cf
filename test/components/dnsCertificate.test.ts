import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Certificate, type CertificateArgs } from "../../components/dns/certificate";
import { renderComponent } from "../support/component";
import { COMMON, Rendered } from "./support";

const ZONE = "Z0123456789ABCDEFGHIJ";
const DOMAINS = {
  green: "green.pay.example.com",
  "": "pay.example.com",
  blue: "blue.pay.example.com",
};

/** What ACM asks for, in an order of its own. */
const OPTIONS = Object.values(DOMAINS).map((domainName) => ({
  domainName,
  resourceRecordName: `_asked.${domainName}.`,
  resourceRecordType: "CNAME",
  resourceRecordValue: `_answer-for-${domainName}.acm-validations.aws.`,
}));

/** Gives the certificate the outputs that ACM would give it. */
function acm(domainValidationOptions: typeof OPTIONS): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "aws:acm/certificate:Certificate"
      ? { props: { ...props, domainValidationOptions }, opts }
      : undefined;
}

/** Puts the records where the provider does when the zone is another domain's. */
const elsewhere: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type === "aws:route53/record:Record"
    ? { props: { ...props, name: `_asked.pay.example.com.example.org` }, opts }
    : undefined;

async function renderCertificate(
  changes: Partial<CertificateArgs> = {},
  transformations = [acm(OPTIONS)],
  preview = false,
) {
  const build = () =>
    new Certificate(
      "certificate-component-test",
      { ...COMMON, zoneId: ZONE, domainName: "pay.example.com", ...changes },
      { transformations },
    );
  return new Rendered(
    await renderComponent(build, { config: { "aws:region": "us-east-1" }, preview }),
  );
}

describe("Certificate", () => {
  let rendered: Rendered;
  before(async () => {
    rendered = await renderCertificate();
  });

  it("covers the domain and both colors, proven by DNS", () => {
    const { domainValidationOptions, ...inputs } = rendered.tagged("certificate-test") as {
      domainValidationOptions: unknown;
    };
    assert.deepEqual(domainValidationOptions, OPTIONS, "the test's own");
    assert.deepEqual(inputs, {
      domainName: "pay.example.com",
      subjectAlternativeNames: ["blue.pay.example.com", "green.pay.example.com"],
      validationMethod: "DNS",
      keyAlgorithm: "RSA_2048",
    });
  });

  for (const [color, domain] of Object.entries(DOMAINS))
    it(`proves ${domain}`, () => {
      const name = `${color && `${color}-`}certificate-proof-test`;
      assert.deepEqual(rendered.get(name).inputs, {
        zoneId: ZONE,
        name: `_asked.${domain}.`,
        type: "CNAME",
        records: [`_answer-for-${domain}.acm-validations.aws.`],
        ttl: 60,
      });
    });

  it("is there for a listener only once AWS has issued it", () => {
    const { arn } = rendered.get("certificate-test").state;
    assert.deepEqual(rendered.get("certificate-validation-test").inputs, {
      certificateArn: arn,
      validationRecordFqdns: ["", "blue.", "green."].map(
        (color) => `_asked.${color}pay.example.com.`,
      ),
    });
    assert.deepEqual(rendered.outputs("certificate-component-test", "payments:dns:Certificate"), {
      arn,
    });
  });

  it("can be previewed before AWS has said what it asks for", async () => {
    const preview = await renderCertificate({}, [], true);
    assert.deepEqual(preview.names, rendered.names);
  });

  it("says so when AWS asks for no proof of a name", () =>
    assert.rejects(renderCertificate({}, [acm(OPTIONS.slice(1))]), {
      message: /ACM asks for no proof of green\.pay\.example\.com/,
    }));

  it("says so when the zone is another domain's, instead of waiting for the proof", () =>
    assert.rejects(renderCertificate({}, [acm(OPTIONS), elsewhere]), {
      message: /zoneId: got a record _asked\.pay\.example\.com\.example\.org instead of _asked/,
    }));

  const MISTAKES: { [what: string]: [string, RegExp] } = {
    "no domain": [
      "",
      /^certificate certificate-component-test: domainName: got nothing, allowed: a name/,
    ],
    "a wildcard": ["*.example.com", /domainName: got \*\.example\.com, allowed: a name/],
    "a domain longer than ACM takes": [
      `${"a".repeat(53)}.example.com`,
      /domainName: got 65 characters, allowed: at most 64\./,
    ],
  };
  for (const [what, [domainName, message]] of Object.entries(MISTAKES))
    it(`refuses ${what}`, () => assert.rejects(renderCertificate({ domainName }), { message }));
});
