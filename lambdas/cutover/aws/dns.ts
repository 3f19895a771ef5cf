import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { attemptWrite, clientSettings } from "../../common/aws/client";
import { SET_IDENTIFIERS } from "../contract";
import { type Known, known, type TrafficRouter, unknown } from "../ports";

/** Both weighted records of the domain, as Route 53 holds them. */
interface Records {
  aws: ResourceRecordSet;
  legacy: ResourceRecordSet;
}

/** More pages than the two records, and whatever stands between them, could ever fill. */
const MOST_PAGES = 5;

/** The weights of the two records by which clients come to AWS, or to the on-premises endpoint. */
export function dnsRouter(
  zoneId: string,
  recordName: string,
): Required<Pick<TrafficRouter, "readAwsPercent" | "writeAwsPercent">> {
  const route53: typeof import("@aws-sdk/client-route-53") = require("@aws-sdk/client-route-53");
  // Writing is two calls in the time that a lease allows for one, so none is tried twice: the next
  // pass is the retry.
  const client = new route53.Route53Client({ ...clientSettings(), maxAttempts: 1 });
  const name = plain(recordName);

  async function readRecords(): Promise<Known<Records>> {
    const found: ResourceRecordSet[] = [];
    let start: { [field: string]: string | undefined } = {
      StartRecordName: recordName,
      StartRecordType: "A",
    };
    for (let page = 1; page <= MOST_PAGES; page++) {
      const input = { HostedZoneId: zoneId, ...start } as { HostedZoneId: string };
      const answer = await client.send(new route53.ListResourceRecordSetsCommand(input));
      const records = answer.ResourceRecordSets ?? [];
      found.push(...records.filter((one) => isOfDomain(one, name)));
      const { NextRecordName, NextRecordType, NextRecordIdentifier } = answer;
      const goesOn = answer.IsTruncated && plain(NextRecordName) === name && NextRecordType === "A";
      if (!goesOn) return pairOf(found, recordName);
      start = {
        StartRecordName: NextRecordName,
        StartRecordType: NextRecordType,
        StartRecordIdentifier: NextRecordIdentifier,
      };
    }
    return unknown(`${recordName} has more records than there should be`);
  }

  async function readAwsPercent(): Promise<Known<number>> {
    const records = await readRecords();
    return records.known ? shareOf(records.value, recordName) : records;
  }

  /** Everything else of the records is sent as it was read. */
  async function writeAwsPercent(percent: number): Promise<"written" | "unknown"> {
    if (!Number.isInteger(percent) || percent < 0 || percent > 100)
      throw new Error(`a share of the clients is a whole number from 0 to 100, got ${percent}`);
    const records = await readRecords();
    if (!records.known) throw new Error(records.reason);
    const { aws, legacy } = records.value;
    const Changes = [
      { Action: "UPSERT" as const, ResourceRecordSet: { ...aws, Weight: percent } },
      { Action: "UPSERT" as const, ResourceRecordSet: { ...legacy, Weight: 100 - percent } },
    ];
    const command = { HostedZoneId: zoneId, ChangeBatch: { Changes } };
    return attemptWrite(
      () => client.send(new route53.ChangeResourceRecordSetsCommand(command)),
      "written",
    );
  }

  return { readAwsPercent, writeAwsPercent };
}

/** Two records and no third, each with a weight. */
function pairOf(found: ResourceRecordSet[], recordName: string): Known<Records> {
  const of = (id: string) => found.find((one) => one.SetIdentifier === id);
  const [aws, legacy] = [of(SET_IDENTIFIERS.aws), of(SET_IDENTIFIERS.legacy)];
  if (aws !== undefined && legacy !== undefined && found.length === 2)
    return known({ aws, legacy });
  const names = found.map((one) => one.SetIdentifier ?? "one without a set identifier");
  const { aws: ofAws, legacy: ofLegacy } = SET_IDENTIFIERS;
  return unknown(
    `${recordName} should have the A records ${ofAws} and ${ofLegacy}, and has ${names.join(", ") || "none"}`,
  );
}

function shareOf({ aws, legacy }: Records, recordName: string): Known<number> {
  const [ofAws, ofLegacy] = [aws.Weight, legacy.Weight];
  if (ofAws === undefined || ofLegacy === undefined)
    return unknown(`a record of ${recordName} has no weight`);
  // Route 53 then answers with either as often.
  if (ofAws + ofLegacy === 0) return unknown(`both records of ${recordName} have weight 0`);
  // Fine enough to tell any two shares that weights can make.
  return known(Math.round((100_000 * ofAws) / (ofAws + ofLegacy)) / 1000);
}

function isOfDomain({ Name, Type }: ResourceRecordSet, name: string): boolean {
  return plain(Name) === name && Type === "A";
}

function plain(name: string | undefined): string {
  return (name ?? "").replace(/\.$/, "").toLowerCase();
}
