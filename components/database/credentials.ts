import * as pulumi from "@pulumi/pulumi";
import { DATABASE_USERS, type DatabaseUser } from "../../lambdas/bootstrap/contract";
import type { Color } from "../../lambdas/cutover/contract";
import { NestedStack } from "../cloudformation/nestedStack";
import type { Template } from "../cloudformation/template";
import { type CommonArgs, resourceName } from "../common";

/** ARNs of the secrets of one cluster's users. */
export type SecretArns = { readonly [user in DatabaseUser]: pulumi.Output<string> };

export interface DatabaseCredentialsArgs extends CommonArgs {
  color: Color;
  /** Takes `Host`, `Port` and `KeyArn`; has an output for each user's secret. */
  template: Template<`${Capitalize<DatabaseUser>}SecretArn`>;
  /** Writer endpoint of the cluster, and its port. */
  host: pulumi.Input<string>;
  port: pulumi.Input<number>;
  secretsKeyArn: pulumi.Input<string>;
  /** Told of everything that happens to the secrets. */
  alertsTopicArn: pulumi.Input<string>;
  deletionProtection: boolean;
}

/**
 * The secrets of one cluster's database users, each with a password that only Secrets Manager has
 * seen. No update may replace or delete one: the password in the database would be known to nobody.
 */
export class DatabaseCredentials extends pulumi.ComponentResource {
  public readonly secretArns: SecretArns;

  constructor(name: string, args: DatabaseCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:database:DatabaseCredentials", name, {}, opts);
    const { environment, tags, color, template, deletionProtection } = args;
    const { outputs } = new NestedStack(
      resourceName("db-credentials", environment, color),
      {
        environment,
        tags,
        template,
        parameters: {
          Host: args.host,
          Port: pulumi.output(args.port).apply(String),
          KeyArn: args.secretsKeyArn,
        },
        protectedResources: Object.keys(template.Resources),
        notificationTopicArn: args.alertsTopicArn,
      },
      { parent: this, protect: deletionProtection },
    );
    this.secretArns = {
      administrator: outputs.AdministratorSecretArn,
      application: outputs.ApplicationSecretArn,
      migration: outputs.MigrationSecretArn,
      replicationSource: outputs.ReplicationSourceSecretArn,
      replicationTarget: outputs.ReplicationTargetSecretArn,
    };
    this.registerOutputs({ secretArns: this.secretArns });
  }
}

export interface CredentialRotationArgs extends CommonArgs {
  color: Color;
  /** Takes the ARN of each user's secret, `KeyArn`, `LogsKeyArn`, `SubnetIds` and `SecurityGroupId`. */
  template: Template;
  secretArns: SecretArns;
  /** Where the functions run: subnets and a group from which they reach Aurora and Secrets Manager. */
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  secretsKeyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  alertsTopicArn: pulumi.Input<string>;
  /** What makes the users: a schedule is tried out when it is made. */
  users: pulumi.Resource;
}

/** New passwords for one cluster's database users every 30 days. */
export class CredentialRotation extends pulumi.ComponentResource {
  constructor(name: string, args: CredentialRotationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:database:CredentialRotation", name, {}, opts);
    const { environment, tags, color, template, secretArns } = args;
    const secrets = DATABASE_USERS.map((user) => [
      `${user[0]?.toUpperCase()}${user.slice(1)}SecretArn`,
      secretArns[user],
    ]);
    new NestedStack(
      resourceName("db-rotation", environment, color),
      {
        environment,
        tags,
        template,
        parameters: {
          ...Object.fromEntries(secrets),
          KeyArn: args.secretsKeyArn,
          LogsKeyArn: args.logsKeyArn,
          SubnetIds: pulumi.output(args.subnetIds).apply((ids) => ids.join(",")),
          SecurityGroupId: args.securityGroupId,
        },
        notificationTopicArn: args.alertsTopicArn,
      },
      { parent: this, dependsOn: [args.users] },
    );
    this.registerOutputs({});
  }
}
