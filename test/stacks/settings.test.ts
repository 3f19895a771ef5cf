import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse, parseDocument } from "yaml";
import type { Field } from "../../stacks/fieldKinds";
import { FIELDS } from "../../stacks/fields";
import { parseSettings } from "../../stacks/settings";

const IDENTITY = { organization: "acme", project: "payments", stack: "test" };

/** The least that a stack with all layers must set. */
const LEAST = {
  "aws:region": "us-east-1",
  "payments:environment": "test",
  "payments:costCenter": "engineering",
  "payments:blueImage": `registry.example/payments@sha256:${"1".repeat(64)}`,
  "payments:greenImage": `registry.example/payments@sha256:${"2".repeat(64)}`,
  "payments:certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/abc",
  "payments:domainName": "pay.example.com",
  "payments:testCidrs": '["203.0.113.0/24"]',
};

function settingsOf(changes: { [key: string]: string | undefined } = {}) {
  const raw = { ...LEAST, ...changes };
  const given = Object.entries(raw).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return parseSettings(Object.fromEntries(given), IDENTITY);
}

/** The lines of the one error that a configuration gives. */
function mistakesOf(changes: { [key: string]: string | undefined }): string[] {
  try {
    settingsOf(changes);
  } catch (error) {
    const [title, ...lines] = (error as Error).message.split("\n");
    assert.match(
      title ?? "",
      /^\d+ mistakes? in the configuration of stack test \(Pulumi\.test\.yaml\):$/,
    );
    return lines.map((line) => line.trim());
  }
  return assert.fail("the configuration was accepted");
}

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(": "));
}

describe("settings", () => {
  it("need only what has no safe default", () => {
    const settings = settingsOf();
    assert.deepEqual(settings.layers, ["foundation", "data", "service"]);
    assert.equal(settings.upstream, undefined);
    assert.equal(settings.deletionProtection, true);
    assert.deepEqual(settings.listener, { protocol: "HTTPS", port: 443 });
    assert.deepEqual(settings.tags, {
      Environment: "test",
      Project: "payments",
      CostCenter: "engineering",
    });
    assert.deepEqual(
      settings.plan.steps.map((step) => step.weightPercent),
      [10, 50, 90, 100],
    );
  });

  it("are frozen at every depth", () => {
    const settings = settingsOf() as unknown as { plan: { steps: { weightPercent: number }[] } };
    assert.throws(() => {
      const [first] = settings.plan.steps;
      if (first) first.weightPercent = 99;
    }, TypeError);
  });

  it("name the upstream stack in full", () => {
    const service = { "payments:layers": '["service"]' };
    assert.equal(
      settingsOf({ ...service, "payments:upstream": "base" }).upstream,
      "acme/payments/base",
    );
    assert.equal(
      settingsOf({ ...service, "payments:upstream": "other/network/prod" }).upstream,
      "other/network/prod",
    );
  });

  it("report every mistake at once", () => {
    const lines = mistakesOf({
      "aws:region": undefined,
      "payments:environment": undefined,
      "payments:applicationPort": "80",
      "payments:deletionProtection": "yes",
      "payments:gateways": "single",
      "payments:blueImage": "",
    });
    assert.deepEqual(lines.map(keyOf), [
      "payments:environment",
      "payments:applicationPort",
      "payments:deletionProtection",
      "payments:gateways",
      "aws:region",
      "payments:blueImage",
    ]);
  });

  it("do not judge a rule between keys on a key that is itself wrong", () => {
    const lines = mistakesOf({ "payments:layers": '["everything"]', "payments:upstream": "base" });
    assert.equal(lines.length, 1, lines.join("\n"));
  });

  const rejected: [key: string, value: string | undefined, expected: RegExp][] = [
    ["environment", undefined, /^got nothing, allowed: 2 to 10 lower-case letters/],
    ["environment", "Production", /^got Production, allowed: 2 to 10 lower-case/],
    ["costCenter", "", /^got nothing, allowed: 1 to 128 letters/],
    ["accountId", "1234", /^got 1234, allowed: an AWS account of 12 digits/],
    [
      "layers",
      '["data","foundation"]',
      /allowed: one or more neighbors of foundation, data, service/,
    ],
    ["layers", '["foundation","service"]', /allowed: one or more neighbors/],
    ["layers", "foundation", /^got foundation, allowed: one or more neighbors/],
    ["upstream", "a/b", /allowed: a stack as name or organization\/project\/name/],
    ["vpcCidr", "10.20.0.0/18", /^got 10\.20\.0\.0\/18, allowed: an IPv4 network of/],
    ["vpcCidr", "10.20.0.0/24", /allowed: an IPv4 network of \/16 or \/17/],
    ["vpcCidr", "10.20.1.0/16", /no bits set behind its mask/],
    ["vpcCidr", "10.300.0.0/16", /allowed: an IPv4 network/],
    ["vpcCidr", "10.20.0.0", /allowed: an IPv4 network/],
    ["availabilityZones", "1", /^got 1, allowed: a whole number from 2 to 3/],
    [
      "availabilityZones",
      "2",
      /^got 2, allowed: 3\..* payments:deletionProtection: false relaxes this/,
    ],
    ["natGateways", "none", /^got none, allowed: one-per-zone or single/],
    [
      "databaseEngineVersion",
      "8.4.mysql_aurora.8.4.7",
      /allowed: a version of the supported lines/,
    ],
    [
      "databaseEngineVersion",
      "8.0.mysql_aurora.3.11.0",
      /^got 8\.0\.mysql_aurora\.3\.11\.0, allowed: a version of the supported lines/,
    ],
    ["databaseInstanceClass", "r6g.large", /allowed: db\.serverless or an instance class/],
    ["databaseInstanceClass", "db.t4g.medium", /but none of the db\.t classes/],
    ["databaseInstancesPerCluster", "0", /^got 0, allowed: a whole number from 1 to 15/],
    ["databaseInstancesPerCluster", "two", /^got two, allowed: a whole number/],
    [
      "databaseMinCapacity",
      "64",
      /^got 64, allowed: at most payments:databaseMaxCapacity, which is 16/,
    ],
    ["greenImage", "not an image", /allowed: an image with its registry/],
    [
      "greenImage",
      "registry.example/payments:latest",
      /pinned by digest .* payments:allowImageTags: true relaxes/,
    ],
    ["greenImage", "", /^got nothing, allowed: an image pinned by digest .* has it built from/],
    ["applicationPort", "443", /allowed: a whole number from 1024 to 65535/],
    ["healthCheckPath", "health", /allowed: an absolute path/],
    [
      "certificateArn",
      "",
      /Clients come over HTTPS; for development, payments:allowPlainHttp: true/,
    ],
    ["certificateArn", "my-certificate", /allowed: the ARN of an ACM certificate/],
    ["migrationCommand", "migrate", /allowed: a list of words such as \[node, migrate\.js\]/],
    [
      "taskMemory",
      "1024",
      /^got 1024 MiB with 1024 CPU units, allowed: 2048 to 8192 in steps of 1024\. Fargate/,
    ],
    ["taskCpu", "300", /^got 300 CPU units, allowed: 256, 512, 1024/],
    ["taskCapacity", "spot", /^got spot, allowed: on-demand\..*deletionProtection: false relaxes/],
    ["maxTasksPerColor", "2", /^got 3, allowed: at most payments:maxTasksPerColor, which is 2/],
    ["requestsPerTaskPerSecond", "0", /allowed: a whole number from 1/],
    ["domainName", "Pay.Example.com", /allowed: a name such as pay\.example\.com, in lower case/],
    ["domainName", "", /^got nothing beside a certificate, which is for a name/],
    ["hostedZoneId", "example.com", /allowed: the ID of a public hosted zone/],
    [
      "testCidrs",
      "[]",
      /^got none, allowed: the networks that may use blue\.pay\.example\.com and/,
    ],
    ["testCidrs", '["203.0.113.7/24"]', /allowed: IPv4 networks, at most 4/],
    ["testCidrs", '["0.0.0.0/0"]', /allowed: IPv4 networks, at most 4/],
    [
      "testCidrs",
      '["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24","10.0.3.0/24","10.0.4.0/24"]',
      /allowed: IPv4 networks, at most 4/,
    ],
    ["legacyAddresses", '["198.51.100.0/24"]', /each as a\.b\.c\.d\/32/],
    ["legacyAddresses", '["198.51.100.7/32"]', /^got some without payments:hostedZoneId/],
    ["webFirewall", "off", /^got off, allowed: block or count/],
    ["requestsPerFiveMinutesPerIp", "9", /allowed: a whole number from 10 to 2000000000/],
    ["partnerCidrs", '["partner"]', /allowed: IPv4 networks such as/],
    ["maxP99Milliseconds", "0", /allowed: a whole number from 1 to 60000/],
    ["expectedPaymentsPerHour", "-1", /allowed: a whole number from 0/],
    ["auditTrail", "yes", /^got yes, allowed: create or none/],
    ["live", "red", /^got red, allowed: blue or green/],
    [
      "cutoverSteps",
      '[{"weightPercent":10,"bakeMinutes":5}]',
      /the last step must have weightPercent 100, got 10/,
    ],
    [
      "cutoverSteps",
      '[{"weightPercent":50,"bakeMinutes":5},{"weightPercent":50,"bakeMinutes":5},{"weightPercent":100,"bakeMinutes":1}]',
      /step 2: weightPercent must rise, got 50 after 50/,
    ],
    ["cutoverSteps", '[{"weight":100,"bakeMinutes":5}]', /allowed: a list of \{ weightPercent/],
    [
      "cutoverSteps",
      '[{"weightPercent":100,"bakeMinutes":5,"switchover":true}]',
      /the last step can have no switchover/,
    ],
    [
      "cutoverSteps",
      '[{"weightPercent":50,"bakeMinutes":5,"switchover":false},{"weightPercent":100,"bakeMinutes":5}]',
      /switchover/,
    ],
    [
      "cutoverSteps",
      '[{"weightPercent":100,"bakeMinutes":5,"approval":""}]',
      /step 1: approval must be a text of 1 to 200 characters/,
    ],
    ["cutoverSteps", "[]", /a plan needs at least one step/],
    ["migrationSteps", "[]", /a migration needs at least one step/],
    [
      "migrationSteps",
      '[{"weightPercent":100,"bakeMinutes":5}]',
      /allowed: a list of \{ awsPercent/,
    ],
    [
      "migrationSteps",
      '[{"awsPercent":10,"bakeMinutes":5}]',
      /the last migration step must have awsPercent 100, got 10/,
    ],
    ["freezeTimeZone", "", /allowed: a name of the time zone database/],
    ["freezeWindows", '[{"days":["friday"],"from":"18:00","to":"08:00"}]', /allowed: a list of/],
    [
      "freezeWindows",
      '[{"days":["fri"],"from":"25:00","to":"08:00"}]',
      /freeze window 1: a time must be from 00:00 to 23:59, got 25:00/,
    ],
    [
      "minimumPayments",
      "199",
      /^got 199, allowed: at least 200 beside payments:maxErrorsPerThousand of 10\. With fewer/,
    ],
    ["replicationEngineVersion", "3.5.3", /^got 3\.5\.3, allowed: 3\.5\.4 or 3\.6\.1 and newer/],
    ["replicationInstanceClass", "db.r6i.large", /allowed: an instance class of AWS DMS/],
    ["replicationMultiAz", "yes", /^got yes, allowed: true or false/],
    ["replicationAccountRoles", "none", /^got none, allowed: create or existing/],
    ["legacyHost", "mysql://old", /allowed: a host name or an IPv4 address/],
    ["legacyPort", "0", /^got 0, allowed: a whole number from 1 to 65535/],
    ["legacyCidr", "192.168.1.1/24", /allowed: an IPv4 network with no bits set behind its mask/],
    ["legacyDatabase", "pay ments", /allowed: 1 to 64 letters, digits and underscores/],
    ["legacySecretArn", "arn:aws:ssm:us-east-1:1:parameter/x", /allowed: the ARN of a secret/],
    ["legacyCaCertificate", "certificate", /allowed: certificates in PEM form/],
    ["backupRetentionDays", "6", /^got 6, allowed: a whole number from 7 to 35/],
    ["backupRetentionDays", "36", /^got 36, allowed: a whole number from 7 to 35/],
    ["backupLock", "compliance", /^got compliance, allowed: governance or none/],
    ["backupCopyRegion", "west", /allowed: an AWS Region such as us-west-2/],
    ["backupCopyRegion", "us-east-1", /allowed: any Region but aws:region/],
    ["logRetentionDays", "366", /^got 366, allowed: one of 1, 3, 5/],
    ["upstream", "base", /this stack owns its lowest layer and reads from none/],
    ["layers", '["data","service"]', /^got nothing, but this stack owns only data and service/],
  ];
  for (const [key, value, expected] of rejected)
    it(`refuse ${key} ${value === undefined ? "left out" : JSON.stringify(value)}`, () => {
      const [line, ...others] = mistakesOf({ [`payments:${key}`]: value });
      assert.deepEqual(others, []);
      const message = line?.slice(line.indexOf(": ") + 2) ?? "";
      assert.match(message, expected);
    });

  const LEGACY = {
    "payments:legacyHost": "db.old.example",
    "payments:legacyCidr": "192.168.10.0/24",
    "payments:legacySecretArn":
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:old-db-AbCdEf",
    "payments:legacyCaCertificate":
      "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n",
  };

  it("take an on-premises database, whole", () => {
    assert.equal(settingsOf().legacy, undefined);
    assert.deepEqual(settingsOf(LEGACY).legacy, {
      host: "db.old.example",
      port: 3306,
      cidr: "192.168.10.0/24",
      database: "payments",
      secretArn: LEGACY["payments:legacySecretArn"],
      caCertificatePem: LEGACY["payments:legacyCaCertificate"],
    });
  });

  for (const key of Object.keys(LEGACY))
    it(`refuse an on-premises database without ${key}`, () => {
      const [line, ...others] = mistakesOf({ ...LEGACY, [key]: "" });
      assert.deepEqual(others, []);
      assert.match(line ?? "", new RegExp(`^${key}: got nothing beside payments:legacy\\w+\\. An`));
    });

  it("refuse networks that overlap, whichever is the larger", () => {
    for (const cidr of ["10.20.7.0/24", "10.0.0.0/8", "10.20.0.0/16"])
      assert.deepEqual(mistakesOf({ ...LEGACY, "payments:legacyCidr": cidr }), [
        `payments:legacyCidr: got ${cidr}, which overlaps payments:vpcCidr of 10.20.0.0/16. Nothing could be routed between the two: choose another range for the VPC.`,
      ]);
    assert.ok(settingsOf({ ...LEGACY, "payments:legacyCidr": "10.21.0.0/16" }).legacy);
  });

  it("refuse plain HTTP beside what is for HTTPS", () => {
    const plain = { "payments:allowPlainHttp": "true" };
    assert.deepEqual(mistakesOf(plain), [
      "payments:allowPlainHttp: got true beside a certificate. Set it to false, or empty payments:certificateArn.",
      "payments:allowPlainHttp: got true beside a domain. Set it to false, or empty payments:domainName.",
    ]);
    const { edge, listener } = settingsOf({
      ...plain,
      "payments:certificateArn": "",
      "payments:domainName": "",
    });
    assert.deepEqual([edge.domainName, listener.port], [undefined, 80]);
  });

  it("let one step move the database writer, and count its second bake time", () => {
    const plan = (bakeMinutes: number) => ({
      "payments:cutoverSteps": JSON.stringify([
        { weightPercent: 50, bakeMinutes, switchover: true },
        { weightPercent: 100, bakeMinutes: 1 },
      ]),
      "payments:longestHoldMinutes": "30",
    });
    const { steps } = settingsOf(plan(20)).plan;
    assert.deepEqual(steps[0], { weightPercent: 50, bakeMinutes: 20, switchover: true });
    // 2 x (24 + 1), 5 for the switchover itself, and 1 + 1.
    assert.throws(() => settingsOf(plan(24)), /it takes 57 minutes/);
  });

  it("let a step ask for an approval", () => {
    const steps = [{ weightPercent: 100, bakeMinutes: 5, approval: "Everybody?" }];
    const asking = { "payments:cutoverSteps": JSON.stringify(steps) };
    const { plan } = settingsOf({ ...asking, "payments:releaseGate": "detached" });
    assert.deepEqual(plan.steps, steps);
  });

  it("refuse a plan that no deployment can wait for, unless it need not", () => {
    const cutoverSteps = (bakeMinutes: number, approval?: string) => ({
      "payments:cutoverSteps": JSON.stringify([
        { weightPercent: 50, bakeMinutes, ...(approval && { approval }) },
        { weightPercent: 100, bakeMinutes: 20 },
      ]),
    });
    const advice =
      "Change the steps, or set detached: the deployment then ends when the cutover begins.";
    const beside =
      "payments:releaseGate: got attached beside a plan in payments:cutoverSteps that a deployment cannot wait for:";
    assert.deepEqual(mistakesOf(cutoverSteps(34, "Everybody?")), [
      `${beside} it takes 56 minutes (bakeMinutes, and 1 more for each step), and CloudFormation waits 55. ${advice}`,
      `${beside} a step of it asks for approval, and CloudFormation may not wait for a person. ${advice}`,
    ]);
    assert.equal(settingsOf(cutoverSteps(33)).releaseGate, "attached");
    for (const mode of ["detached", "none"])
      settingsOf({ ...cutoverSteps(34, "Everybody?"), "payments:releaseGate": mode });
    settingsOf({
      ...cutoverSteps(34, "Everybody?"),
      "payments:layers": '["foundation","data"]',
    });
  });

  it("fix the times in which nothing moves in the plan", () => {
    const windows = [{ days: ["fri"], from: "18:00", to: "08:00" }];
    const freezing = {
      "payments:freezeTimeZone": "Europe/Berlin",
      "payments:freezeWindows": JSON.stringify(windows),
    };
    assert.deepEqual(settingsOf(freezing).plan.freeze, { timeZone: "Europe/Berlin", windows });
    assert.equal("freeze" in settingsOf({ "payments:freezeWindows": "[]" }).plan, false);
    assert.deepEqual(mistakesOf({ ...freezing, "payments:freezeTimeZone": "Berlin" }), [
      "payments:freezeTimeZone: the freeze's time zone must be a name such as Europe/Berlin, got Berlin.",
    ]);
  });

  it("refuse evidence that a step could never gather", () => {
    // 10 % of 1,000 an hour for 5 + 30 minutes.
    const scarce = { "payments:expectedPaymentsPerHour": "1000" };
    assert.deepEqual(mistakesOf(scarce), [
      "payments:maxErrorsPerThousand: got 10, which it takes 363 payments without a failure to prove (payments:stepsPerFalsePromotion). A step of payments:cutoverSteps sees 58 at most before payments:longestHoldMinutes is over, at payments:expectedPaymentsPerHour: allow more failures, or give the steps more payments or time.",
      "payments:minimumPayments: got 200, allowed: at most 58. A step of payments:cutoverSteps sees no more before payments:longestHoldMinutes is over, at payments:expectedPaymentsPerHour, and every release would be taken back.",
    ]);
    settingsOf({ "payments:expectedPaymentsPerHour": "0" });
    settingsOf({ ...scarce, "payments:longestHoldMinutes": "240" });
    // Being slow has a limit of its own, however many failures are allowed.
    const lax = { "payments:maxErrorsPerThousand": "100", "payments:minimumPayments": "50" };
    assert.match(
      mistakesOf({ ...scarce, ...lax })[0] ?? "",
      /got 100, which it takes 120 payments/,
    );
  });

  it("let steps end without evidence only where no payments are expected", () => {
    const without = { "payments:cutoverWithoutEvidence": "true" };
    assert.deepEqual(mistakesOf(without), [
      "payments:cutoverWithoutEvidence: got true beside payments:expectedPaymentsPerHour of 50000. Where payments are expected they are the evidence: set it to false.",
    ]);
    const nobody = { ...without, "payments:expectedPaymentsPerHour": "0" };
    assert.equal(settingsOf(nobody).plan.withoutEvidence, true);
    assert.equal("withoutEvidence" in settingsOf({}).plan, false);
  });

  it("give the plan the limits of its evidence", () => {
    const { limits } = settingsOf({
      "payments:maxP99Milliseconds": "800",
      "payments:releasesPerFalseRollback": "5000",
      "payments:stepsPerFalsePromotion": "30",
    }).plan;
    assert.deepEqual(limits, {
      maxErrorsPerThousand: 10,
      minimumPayments: 200,
      longestHoldMinutes: 30,
      maxP99Milliseconds: 800,
      releasesPerFalseRollback: 5000,
      stepsPerFalsePromotion: 30,
    });
  });

  it("have images built only where they need no digest", () => {
    const relaxed = { "payments:allowImageTags": "true", "payments:blueImage": "" };
    assert.equal(settingsOf(relaxed).service.images.blue, "");
  });

  it("have a certificate made where the zone is known", () => {
    const zone = { "payments:certificateArn": "", "payments:hostedZoneId": "Z0123456789ABC" };
    assert.equal(settingsOf(zone).edge.certificateArn, undefined);
    assert.deepEqual(mistakesOf({ ...zone, "payments:domainName": "" }).map(keyOf), [
      "payments:certificateArn",
      "payments:domainName",
    ]);
  });

  it("give the on-premises addresses without their masks", () => {
    const { edge } = settingsOf({
      "payments:hostedZoneId": "Z0123456789ABC",
      "payments:legacyAddresses": '["198.51.100.7/32","198.51.100.8/32"]',
    });
    assert.deepEqual(edge.legacyAddresses, ["198.51.100.7", "198.51.100.8"]);
  });

  const MIGRATING = {
    "payments:hostedZoneId": "Z0123456789ABC",
    "payments:legacyAddresses": '["198.51.100.7/32"]',
  };

  it("plan a migration only where clients come on-premises", () => {
    const steps = [{ awsPercent: 100, bakeMinutes: 60 }];
    const migrationSteps = { "payments:migrationSteps": JSON.stringify(steps) };
    assert.deepEqual(settingsOf({ ...MIGRATING, ...migrationSteps }).plan.migration, { steps });
    assert.equal("migration" in settingsOf(migrationSteps).plan, false);
  });

  it("refuse a step of a migration that sees too few payments to be judged by", () => {
    const few = {
      "payments:migrationSteps":
        '[{"awsPercent":1,"bakeMinutes":10},{"awsPercent":100,"bakeMinutes":10}]',
    };
    assert.deepEqual(mistakesOf({ ...MIGRATING, ...few }), [
      "payments:migrationSteps: got a step that sees 333 payments at most before payments:longestHoldMinutes is over, at payments:expectedPaymentsPerHour, and each needs 363 (payments:minimumPayments, payments:maxErrorsPerThousand). Give the step more clients or time.",
    ]);
    assert.equal("migration" in settingsOf(few).plan, false);
  });

  it("span two zones only where nothing is protected", () => {
    const relaxed = { "payments:deletionProtection": "false" };
    const settings = settingsOf({ ...relaxed, "payments:availabilityZones": "2" });
    assert.equal(settings.network.availabilityZones, 2);
  });

  it("refuse a key that is not known, and name the nearest", () => {
    assert.deepEqual(mistakesOf({ "payments:aplicationPort": "8443" }), [
      "payments:aplicationPort: is not a known key. Did you mean payments:applicationPort? Pulumi.yaml lists all keys.",
    ]);
  });

  it("leave the keys of other namespaces alone", () => {
    assert.equal(settingsOf({ "other:aplicationPort": "1" }).service.port, 8443);
  });
});

describe("Pulumi.yaml", () => {
  const declared = parse(readFileSync("Pulumi.yaml", "utf8")).config as {
    [key: string]: { type?: string; description?: string; default?: unknown };
  };
  const own = Object.entries(declared).filter(([key]) => !key.includes(":"));

  it("declares exactly the keys that the program reads, in the same order", () => {
    assert.deepEqual(
      own.map(([key]) => key),
      Object.keys(FIELDS),
    );
  });

  for (const [key, { type, description, default: fallback }] of own)
    it(`gives ${key} the type and default that the program gives it, and a description`, () => {
      const field = (FIELDS as { [key: string]: Field })[key];
      assert.equal(type, field?.type);
      assert.deepEqual(fallback, field?.default);
      assert.match(description ?? "", /^\S.*\.$/s);
    });

  for (const stack of ["dev", "prod-base", "prod"])
    it(`is followed by Pulumi.${stack}.yaml: every key, in the same order, each with a comment`, () => {
      const text = readFileSync(`Pulumi.${stack}.yaml`, "utf8");
      const keys = Object.keys(parse(text).config);
      assert.deepEqual(
        keys,
        Object.keys(FIELDS).map((key) => `payments:${key}`),
      );
      const lines = text.split("\n");
      for (const key of keys) {
        const index = lines.findIndex((line) => line.startsWith(`  ${key}:`));
        assert.match(lines[index - 1] ?? "", /^ {2}# \S/, `${key} has no comment above it`);
      }
      assert.equal(parseDocument(text).errors.length, 0);
    });
});
