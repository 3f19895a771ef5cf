import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Color } from "../../lambdas/cutover/contract";
import { resourceName } from "../common";
import { rdsCertificates } from "./certificate";
import type { ReplicationArgs } from "./replication";
import { createSecretAccess } from "./secretAccess";

/** A cluster, or the on-premises database, as something to read from or to write into. */
export interface Endpoints {
  source: aws.dms.Endpoint;
  target: aws.dms.Endpoint;
}

/**
 * Reads the log of changes every second, also while nothing happens: a switchover waits for the
 * marker that it has written into a quiet database, and the default of 5 s would be most of its pause.
 */
const SOURCE_SETTINGS = { eventsPollInterval: 1 };

/**
 * Tables are loaded side by side, so that a row may come before the one that it refers to. The
 * cluster that the rows come from has checked them. Numbers are AWS's defaults, given because the
 * provider sends a zero for a number that is left out of an update.
 */
const TARGET_SETTINGS = {
  afterConnectScript: "SET FOREIGN_KEY_CHECKS=0",
  targetDbType: "multiple-databases",
  parallelLoadThreads: 1,
  maxFileSize: 32_768,
};

/** Makes endpoints that read their credentials from secrets and verify whom they talk to. */
export function endpointMaker(args: ReplicationArgs, parent: pulumi.Resource) {
  const { environment, tags, keyArns } = args;
  const { role, policy } = createSecretAccess(args, parent);
  return (
    name: string,
    color: Color | undefined,
    endpoint: Pick<aws.dms.EndpointArgs, "endpointType" | "engineName" | "mysqlSettings"> & {
      secretArn: pulumi.Input<string>;
      certificate: aws.dms.Certificate;
    },
  ): aws.dms.Endpoint => {
    const { secretArn, certificate, ...others } = endpoint;
    return new aws.dms.Endpoint(
      resourceName(name, environment, color),
      {
        ...others,
        endpointId: `payments-${environment}-${color === undefined ? "" : `${color}-`}${name}`,
        secretsManagerArn: secretArn,
        secretsManagerAccessRoleArn: role.arn,
        // Of the modes that AWS DMS has for MySQL, the one that checks the server's name, too.
        sslMode: "verify-full",
        certificateArn: certificate.certificateArn,
        kmsKeyArn: keyArns.data,
        tags,
      },
      // The secret is read when the endpoint is made.
      { parent, dependsOn: [policy] },
    );
  };
}

export type EndpointMaker = ReturnType<typeof endpointMaker>;

/** Each cluster as a source and as a target. */
export function createEndpoints(
  args: ReplicationArgs,
  make: EndpointMaker,
  parent: pulumi.Resource,
): { [color in Color]: Endpoints } {
  const certificate = createCertificate("rds", rdsCertificates(args.region), args, parent);
  const of = (color: Color): Endpoints => {
    const { sourceSecretArn, targetSecretArn } = args.clusters[color];
    const source = make("source", color, {
      endpointType: "source",
      engineName: "aurora",
      secretArn: sourceSecretArn,
      certificate,
      mysqlSettings: SOURCE_SETTINGS,
    });
    const target = make("target", color, {
      endpointType: "target",
      engineName: "aurora",
      secretArn: targetSecretArn,
      certificate,
      mysqlSettings: TARGET_SETTINGS,
    });
    return { source, target };
  };
  return { blue: of("blue"), green: of("green") };
}

/** The on-premises database as a source. */
export function createLegacySource(
  legacy: NonNullable<ReplicationArgs["legacy"]>,
  args: ReplicationArgs,
  make: EndpointMaker,
  parent: pulumi.Resource,
): aws.dms.Endpoint {
  return make("legacy-source", undefined, {
    endpointType: "source",
    engineName: "mysql",
    secretArn: legacy.secretArn,
    certificate: createCertificate("legacy", legacy.caCertificatePem, args, parent),
    mysqlSettings: SOURCE_SETTINGS,
  });
}

function createCertificate(
  kind: string,
  certificatePem: string,
  { environment, tags }: ReplicationArgs,
  parent: pulumi.Resource,
): aws.dms.Certificate {
  return new aws.dms.Certificate(
    resourceName(`${kind}-certificate`, environment),
    { certificateId: `payments-${environment}-${kind}`, certificatePem, tags },
    { parent },
  );
}
