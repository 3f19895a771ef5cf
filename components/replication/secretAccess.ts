import * as pulumi from "@pulumi/pulumi";
import { createServiceRole, type PolicyStatement } from "../common";
import type { ReplicationArgs } from "./replication";

interface SecretAccess {
  /** Secrets of our own, all under one key. */
  secretArns: string[];
  keyArn: string;
  /** Secret of the on-premises database, under a key that somebody else chose. */
  legacySecretArn: string | undefined;
  accountId: string;
  region: string;
}

/** What the endpoints may read, and nothing else. */
export function secretStatements(access: SecretAccess): PolicyStatement[] {
  const { secretArns, keyArn, legacySecretArn, accountId, region } = access;
  const throughSecretsManager = { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` };
  const statements: PolicyStatement[] = [
    {
      Sid: "ReadCredentials",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: legacySecretArn === undefined ? secretArns : [...secretArns, legacySecretArn],
    },
    {
      Sid: "DecryptCredentials",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: throughSecretsManager },
    },
  ];
  if (legacySecretArn === undefined) return statements;
  return [
    ...statements,
    {
      Sid: "DecryptLegacyCredentials",
      Effect: "Allow",
      Action: "kms:Decrypt",
      // Whichever key of the account the secret has, for that secret alone.
      Resource: `arn:aws:kms:${region}:${accountId}:key/*`,
      Condition: {
        StringEquals: {
          ...throughSecretsManager,
          "kms:EncryptionContext:SecretARN": legacySecretArn,
        },
      },
    },
  ];
}

/** The role as which AWS DMS reads its credentials. */
export function createSecretAccess(args: ReplicationArgs, parent: pulumi.Resource) {
  const { environment, tags, region, clusters, legacy } = args;
  const { blue, green } = clusters;
  const access = pulumi.output({
    secretArns: [
      blue.sourceSecretArn,
      blue.targetSecretArn,
      green.sourceSecretArn,
      green.targetSecretArn,
    ],
    keyArn: args.keyArns.secrets,
    legacySecretArn: legacy?.secretArn,
    accountId: args.accountId,
    region,
  });
  return createServiceRole(
    "replication-secrets",
    {
      environment,
      tags,
      // The regional name of the service: the global one is refused for endpoints' secrets.
      service: `dms.${region}.amazonaws.com`,
      forAccount: args.accountId,
      statements: access.apply(secretStatements),
    },
    parent,
  );
}
