import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as route53 from "@aws-sdk/client-route-53";
import { dnsRouter } from "../../lambdas/cutover/aws/dns";
import { known, unknown } from "../../lambdas/cutover/ports";
import { LocalServer } from "../support/localServer";
import {
  awsEnvironment,
  CREDENTIALS,
  type Moto,
  REGION,
  setVariables,
  useMoto,
} from "../support/moto";
import { type AwsProxy, startProxy } from "../support/proxy";
import { beginSilence } from "./silence";

const DOMAIN = "pay.example.com";
type Router = ReturnType<typeof dnsRouter>;

/** Both records as the program makes them, and names beside them that are none of the controller's. */
const AWS: route53.ResourceRecordSet = {
  Name: DOMAIN,
  Type: "A",
  SetIdentifier: "aws",
  Weight: 0,
  AliasTarget: {
    HostedZoneId: "Z35SXDOTRQ7X7K",
    DNSName: "alb.us-east-1.elb.amazonaws.com",
    EvaluateTargetHealth: true,
  },
};
const LEGACY: route53.ResourceRecordSet = {
  Name: DOMAIN,
  Type: "A",
  SetIdentifier: "legacy",
  Weight: 255,
  TTL: 60,
  ResourceRecords: [{ Value: "198.51.100.10" }, { Value: "198.51.100.11" }],
  HealthCheckId: "0a1b2c3d-0000-4000-8000-000000000000",
};
const plainRecord = (Name: string, Type: "A" | "TXT", Value: string) => ({
  ...{ Name, Type, TTL: 60, ResourceRecords: [{ Value }] },
});
const OTHERS = [
  plainRecord(`blue.${DOMAIN}`, "A", "203.0.113.1"),
  plainRecord(`zzz.${DOMAIN}`, "A", "203.0.113.2"),
  plainRecord(DOMAIN, "TXT", '"proof"'),
];

/**
 * Goal: the adapter of Route 53 keeps the promise of its port. Method: the real SDK against an emulator,
 * with a proxy that loses and garbles answers; and against a stand-in where the emulator is wrong.
 */
describe("the weights of DNS on an emulated Route 53", function () {
  this.timeout(60_000);
  let moto: Moto;
  let proxy: AwsProxy;
  let client: route53.Route53Client;
  let zoneId: string;
  let router: Router;
  let restore: () => void;

  before(async function () {
    await beginSilence();
    moto = await useMoto(this, "the weights of DNS on an emulated Route 53");
    proxy = await startProxy(moto.url);
    restore = setVariables(awsEnvironment(proxy.url));
    const settings = { endpoint: moto.url, region: REGION, credentials: CREDENTIALS };
    client = new route53.Route53Client(settings);
  });
  after(() => {
    restore?.();
    proxy?.close();
  });

  beforeEach(async () => {
    await moto.reset();
    const zone = { Name: "example.com", CallerReference: "test" };
    const { HostedZone } = await client.send(new route53.CreateHostedZoneCommand(zone));
    zoneId = HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
    await make(AWS, LEGACY, ...OTHERS);
    proxy.forget();
    router = dnsRouter(zoneId, DOMAIN);
  });

  async function make(...records: route53.ResourceRecordSet[]): Promise<void> {
    const Changes = records.map((ResourceRecordSet) => ({
      Action: "UPSERT" as const,
      ResourceRecordSet,
    }));
    const command = { HostedZoneId: zoneId, ChangeBatch: { Changes } };
    await client.send(new route53.ChangeResourceRecordSetsCommand(command));
  }

  /** All A records of the domain, without the dot and the TTL of 0 that the emulator adds. */
  async function records(): Promise<route53.ResourceRecordSet[]> {
    const command = new route53.ListResourceRecordSetsCommand({ HostedZoneId: zoneId });
    const { ResourceRecordSets = [] } = await client.send(command);
    return ResourceRecordSets.filter(({ Name, Type }) => Name === `${DOMAIN}.` && Type === "A").map(
      ({ TTL, ...record }) => ({ ...record, Name: DOMAIN, ...(TTL && { TTL }) }),
    );
  }

  const weights = async () => (await records()).map(({ Weight }) => Weight).join("/");

  it("reads the share of AWS", async () => {
    assert.deepEqual(await router.readAwsPercent(), known(0));
  });

  const shares: [aws: number, legacy: number, percent: number][] = [
    [10, 90, 10],
    [255, 0, 100],
    [1, 3, 25],
    [37, 255, 12.671],
  ];
  for (const [aws, legacy, percent] of shares)
    it(`reads ${aws} beside ${legacy} as ${percent} %`, async () => {
      await make({ ...AWS, Weight: aws }, { ...LEGACY, Weight: legacy });
      assert.deepEqual(await router.readAwsPercent(), known(percent));
    });

  it("sets both weights in one call, keeps all else as it is, and reads them back", async () => {
    assert.equal(await router.writeAwsPercent(10), "written");
    assert.equal(proxy.bodies("ChangeResourceRecordSets").length, 1);
    assert.deepEqual(await router.readAwsPercent(), known(10));
    assert.deepEqual(await records(), [
      { ...AWS, Weight: 10 },
      { ...LEGACY, Weight: 90 },
    ]);
  });

  for (const percent of [0, 100])
    it(`never sets both weights to 0, and not at ${percent} % either`, async () => {
      assert.equal(await router.writeAwsPercent(percent), "written");
      assert.equal(await weights(), `${percent}/${100 - percent}`);
    });

  for (const percent of [-1, 101, 12.5, Number.NaN])
    it(`does not send ${percent} %`, async () => {
      await assert.rejects(router.writeAwsPercent(percent), /a whole number from 0 to 100/);
      assert.equal(proxy.bodies("ChangeResourceRecordSets").length, 0);
    });

  const third = { ...LEGACY, SetIdentifier: "third" };
  const damages: [what: string, damage: () => Promise<void>, reason: string][] = [
    [
      "a third record",
      () => make(third),
      `${DOMAIN} should have the A records aws and legacy, and has aws, legacy, third`,
    ],
    [
      "weights that are both 0",
      () => make({ ...LEGACY, Weight: 0 }),
      `both records of ${DOMAIN} have weight 0`,
    ],
  ];
  for (const [what, damage, reason] of damages)
    it(`does not know the share beside ${what}`, async () => {
      await damage();
      assert.deepEqual(await router.readAwsPercent(), unknown(reason));
    });

  it("sets nothing beside a third record", async () => {
    await make(third);
    await assert.rejects(router.writeAwsPercent(10), /and has aws, legacy, third/);
    assert.equal(proxy.bodies("ChangeResourceRecordSets").length, 0);
  });

  it("gives weights to records that have lost all of theirs", async () => {
    await make({ ...LEGACY, Weight: 0 });
    assert.equal(await router.writeAwsPercent(0), "written");
    assert.equal(await weights(), "0/100");
  });

  it("does not know the share of a name that has no such records", async () => {
    const other = dnsRouter(zoneId, "other.example.com");
    const reason = "other.example.com should have the A records aws and legacy, and has none";
    assert.deepEqual(await other.readAwsPercent(), unknown(reason));
  });

  it("says that the outcome is unknown when the answer is lost, though it was done", async () => {
    void proxy.spoil("ChangeResourceRecordSets", "lose-answer", 1);
    assert.equal(await router.writeAwsPercent(50), "unknown");
    assert.equal(await weights(), "50/50");
  });

  it("says that the outcome is unknown when the answer cannot be read, and tries no second time", async () => {
    void proxy.spoil("ChangeResourceRecordSets", "garble", 1);
    assert.equal(await router.writeAwsPercent(50), "unknown");
    assert.equal(proxy.bodies("ChangeResourceRecordSets").length, 1);
  });

  it("fails, and has certainly set nothing, when the records cannot be read", async () => {
    void proxy.spoil("ListResourceRecordSets", "garble", 1);
    await assert.rejects(router.writeAwsPercent(50));
    assert.equal(await weights(), "0/255");
  });

  it("throws when the service refuses, which is certain", async () => {
    const nowhere = dnsRouter("Z0000000000000", DOMAIN);
    await assert.rejects(nowhere.writeAwsPercent(10), { name: "NoSuchHostedZone" });
  });
});

interface Page {
  records: [name: string, type: string, id: string, weight: number][];
  next?: [name: string, type: string, id: string];
}

/** Answers with one page after another, as Route 53 documents its paging, which the emulator has not. */
class Pages extends LocalServer {
  readonly asked: string[] = [];

  constructor(private readonly pages: Page[]) {
    super();
  }

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const query = new URL(incoming.url ?? "", "http://local").searchParams;
    this.asked.push(["name", "type", "identifier"].map((key) => query.get(key) ?? "").join(" "));
    const { records, next } = this.pages[
      Math.min(this.asked.length, this.pages.length) - 1
    ] as Page;
    const sets = records.map(
      ([name, type, id, weight]) =>
        `<ResourceRecordSet><Name>${name}</Name><Type>${type}</Type><SetIdentifier>${id}</SetIdentifier><Weight>${weight}</Weight></ResourceRecordSet>`,
    );
    const [name, type, id] = next ?? [];
    const marker = next
      ? `<NextRecordName>${name}</NextRecordName><NextRecordType>${type}</NextRecordType><NextRecordIdentifier>${id}</NextRecordIdentifier>`
      : "";
    outgoing.writeHead(200, { "content-type": "text/xml" });
    outgoing.end(
      `<ListResourceRecordSetsResponse><ResourceRecordSets>${sets.join("")}</ResourceRecordSets><IsTruncated>${next !== undefined}</IsTruncated>${marker}<MaxItems>1</MaxItems></ListResourceRecordSetsResponse>`,
    );
  }
}

describe("the weights of DNS, page by page", () => {
  const name = `${DOMAIN}.`;
  const aws: Page["records"] = [[name, "A", "aws", 10]];
  const legacy: Page["records"] = [[name, "A", "legacy", 90]];
  const rows: [it: string, pages: Page[], expected: unknown, calls: string[]][] = [
    [
      "goes on to the next page inside the pair",
      [{ records: aws, next: [name, "A", "legacy"] }, { records: legacy }],
      known(10),
      [`${DOMAIN} A `, `${name} A legacy`],
    ],
    [
      "does not go on to other names",
      [{ records: [...aws, ...legacy], next: [`zzz.${name}`, "A", "x"] }],
      known(10),
      [`${DOMAIN} A `],
    ],
    [
      "sees a third record on a later page",
      [
        { records: [...aws, ...legacy], next: [name, "A", "third"] },
        { records: [[name, "A", "third", 1]] },
      ],
      unknown(`${DOMAIN} should have the A records aws and legacy, and has aws, legacy, third`),
      [`${DOMAIN} A `, `${name} A third`],
    ],
    [
      "misses a record that is not there",
      [{ records: aws }],
      unknown(`${DOMAIN} should have the A records aws and legacy, and has aws`),
      [`${DOMAIN} A `],
    ],
    [
      "gives up where pages do not end",
      [{ records: aws, next: [name, "A", "aws"] }],
      unknown(`${DOMAIN} has more records than there should be`),
      [`${DOMAIN} A `, ...Array.from({ length: 4 }, () => `${name} A aws`)],
    ],
  ];
  for (const [sentence, pages, expected, calls] of rows)
    it(sentence, async () => {
      const server = new Pages(pages);
      await server.start();
      const restore = setVariables(awsEnvironment(server.url));
      try {
        assert.deepEqual(await dnsRouter("Z1", DOMAIN).readAwsPercent(), expected);
        assert.deepEqual(server.asked, calls);
      } finally {
        restore();
        server.close();
      }
    });
});
