import * as aws from "@pulumi/aws";
import {
  type BootstrapCluster,
  DatabaseBootstrap,
  ReplicationStart,
} from "../../../components/database/bootstrap";
import type { Color } from "../../../lambdas/cutover/contract";
import { COMMON, KEY, type Rendered, render } from "../../components/support";
import { type LambdaPackage, packageOf } from "../../support/lambda";
import { access, FORWARD, REVERSE } from "./world";

export interface RenderOptions {
  legacyTaskArn?: string;
  firstWriter?: Color;
}

/** Both components, for clusters that the fake world has. */
export function renderBootstrap(options: RenderOptions = {}): Promise<Rendered> {
  const { firstWriter = "blue", legacyTaskArn } = options;
  return render(() => {
    const bootstrap = new DatabaseBootstrap("database-bootstrap-test", {
      ...COMMON,
      clusters: { blue: cluster("blue"), green: cluster("green") },
      keyArns: { secrets: `${KEY}/secrets`, logs: `${KEY}/logs`, compute: `${KEY}/compute` },
      region: "us-east-1",
      logRetentionDays: 400,
    });
    return new ReplicationStart("replication-start-test", {
      ...COMMON,
      bootstrap,
      firstWriter,
      taskArns: { blue: FORWARD, green: REVERSE },
      ...(legacyTaskArn !== undefined && { legacyTaskArn }),
      after: [new aws.sns.Topic("rotation")],
    });
  });
}

function cluster(color: Color): BootstrapCluster {
  const { clusterArn, masterSecretArn, userSecretArns } = access(color);
  return {
    arn: clusterArn,
    masterSecretArn,
    userSecretArns,
    credentialsVersion: `${color} version`,
    instances: [new aws.sns.Topic(`${color}-instance`)],
  };
}

export async function renderPackage(): Promise<LambdaPackage> {
  const rendered = await renderBootstrap();
  return packageOf(rendered.get("db-bootstrap-function-test").inputs);
}
