import assert from "node:assert/strict";
import type { Evaluation } from "../../tools/evaluate/evaluate";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { reveal } from "../../tools/evaluate/values";
import { byType, evaluations } from "../support/program";

/**
 * Who uses a key, by the input that names it. A service's principal needs a statement of its own in
 * the key's policy; CALLER means that the service uses the credentials of whoever calls it, so that
 * IAM policies decide, which the account's own statement makes possible.
 */
const CALLER = "the caller";
const USERS: { [input: string]: string[] } = {
  "aws:cloudwatch/logGroup:LogGroup kmsKeyId": ["logs.us-east-1.amazonaws.com"],
  "aws:sns/topic:Topic kmsMasterKeyId": [
    "backup.amazonaws.com",
    "cloudformation.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "dms.amazonaws.com",
    "events.amazonaws.com",
    "events.rds.amazonaws.com",
  ],
  "aws:backup/vault:Vault kmsKeyArn": [CALLER],
  "aws:ecr/repository:Repository encryptionConfigurations.kmsKey": [CALLER],
  "aws:ecs/cluster:Cluster configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId":
    ["fargate.amazonaws.com"],
  "aws:rds/cluster:Cluster kmsKeyId": [CALLER],
  "aws:rds/cluster:Cluster masterUserSecretKmsKeyId": [CALLER],
  "aws:rds/clusterInstance:ClusterInstance performanceInsightsKmsKeyId": [CALLER],
  "aws:dms/endpoint:Endpoint kmsKeyArn": [CALLER],
  "aws:dms/replicationInstance:ReplicationInstance kmsKeyArn": [CALLER],
  // Inside templates: secrets, and the log groups of the functions that rotate them.
  "aws:cloudformation/stack:Stack parameters.KeyArn": [CALLER],
  "aws:cloudformation/stack:Stack parameters.LogsKeyArn": ["logs.us-east-1.amazonaws.com"],
  "aws:cloudtrail/trail:Trail kmsKeyId": ["cloudtrail.amazonaws.com"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration rules.applyServerSideEncryptionByDefault.kmsMasterKeyId":
    [CALLER],
  "aws:dynamodb/table:Table serverSideEncryption.kmsKeyArn": [CALLER],
  "aws:lambda/function:Function kmsKeyArn": [CALLER],
  "aws:ssm/parameter:Parameter keyId": [CALLER],
};

interface Use {
  resource: string;
  input: string;
  keyArn: string;
}

/** Every place in a stack's inputs that is a key's ARN; policies, which are texts, are not. */
function usesOf({ resources }: Evaluation): Use[] {
  return resources.flatMap(({ type, name, inputs }) => {
    const found: Use[] = [];
    const walk = (value: unknown, path: string[]): void => {
      if (typeof value === "string" && /^arn:aws:kms:[\w-]+:\d+:key\/[\w-]+$/.test(value))
        found.push({ resource: name, input: `${type} ${path.join(".")}`, keyArn: value });
      else if (typeof value === "object" && value !== null && path.length < 6)
        for (const [key, part] of Object.entries(value))
          walk(part, Array.isArray(value) ? path : [...path, key]);
    };
    walk(reveal(inputs), []);
    return found;
  });
}

/** The principals that a key's policy admits, by the key's ARN. */
function admittedBy(all: Evaluation[]): { [keyArn: string]: string[] } {
  const keys = all.flatMap(({ resources }) => byType(resources, "aws:kms/key:Key"));
  const entries = keys.map(({ inputs, state }) => {
    const { Statement } = JSON.parse(inputs.policy as string) as {
      Statement: { Principal: { Service?: string | string[]; AWS?: string } }[];
    };
    const principals = Statement.flatMap(({ Principal: { Service, AWS } }) =>
      AWS?.endsWith(":root") ? [CALLER] : [Service ?? AWS ?? ""].flat(),
    );
    return [String(state.arn), principals];
  });
  return Object.fromEntries(entries);
}

/** Parameters of type String take none: the writer pointer, which stacks/parameters.ts gives reasons for. */
function takesKey({ type, name, inputs }: RegisteredResource): boolean {
  const plain = type === "aws:ssm/parameter:Parameter" && inputs.type === "String";
  if (plain) assert.match(name, /^writer-pointer-/);
  return !plain;
}

for (const stack of ["dev", "prod"])
  describe(`the keys of ${stack}`, () => {
    let all: Evaluation[];
    before(async () => {
      all = await evaluations(stack);
    });

    it("admit every service that a resource has them used by", () => {
      const admitted = admittedBy(all);
      const uses = all.flatMap(usesOf);
      assert.ok(uses.length > 15, `${uses.length} uses found`);
      for (const { resource, input, keyArn } of uses) {
        const users = USERS[input];
        assert.ok(users, `${resource}: say in USERS who uses the key in ${input}`);
        for (const user of users)
          assert.ok(
            admitted[keyArn]?.includes(user),
            `${resource}: its key does not admit ${user}`,
          );
      }
    });

    it("admit no service that nothing has them used by", () => {
      const uses = all.flatMap(usesOf);
      for (const [keyArn, principals] of Object.entries(admittedBy(all))) {
        const users = uses
          .filter((use) => use.keyArn === keyArn)
          .flatMap(({ input }) => USERS[input]);
        for (const principal of principals)
          if (principal !== CALLER)
            assert.ok(users.includes(principal), `${principal} on ${keyArn}`);
      }
    });

    it("are ours: nothing that can have a key goes without", () => {
      // Not every template has something to encrypt; the tests of those that do look into them.
      const keyed = Object.keys(USERS)
        .map((input) => input.split(" ") as [string, string])
        .filter(([type]) => type !== "aws:cloudformation/stack:Stack");
      const uses = new Set(
        all.flatMap(usesOf).map(({ resource, input }) => `${resource} ${input}`),
      );
      for (const { resources } of all)
        for (const [type, path] of keyed)
          for (const { name } of byType(resources, type).filter(takesKey))
            assert.ok(uses.has(`${name} ${type} ${path}`), `${name} has no key in ${path}`);
    });
  });
