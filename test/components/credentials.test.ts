import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  CredentialRotation,
  DatabaseCredentials,
  type SecretArns,
} from "../../components/database/credentials";
import { credentialsTemplate } from "../../stacks/templates/credentials";
import { rotationTemplate } from "../../stacks/templates/rotation";
import { COMMON, KEY, type Rendered, render } from "./support";

const STACK = "aws:cloudformation/stack:Stack";
const ALERTS = "arn:alerts";

describe("DatabaseCredentials", () => {
  let credentials: Rendered;
  before(async () => {
    credentials = await render(
      () =>
        new DatabaseCredentials("blue-database-credentials-test", {
          ...COMMON,
          color: "blue",
          template: credentialsTemplate("test", "blue"),
          host: "blue.cluster.example",
          port: 3306,
          secretsKeyArn: `${KEY}/secrets`,
          alertsTopicArn: ALERTS,
          deletionProtection: true,
        }),
    );
  });

  it("is a nested stack that is told where the cluster is, and nothing secret", () => {
    const { templateBody, parameters, notificationArns } = credentials.tagged(
      "blue-db-credentials-test",
      STACK,
    ) as { [name: string]: unknown };
    assert.deepEqual(
      JSON.parse(String(templateBody)),
      JSON.parse(JSON.stringify(credentialsTemplate("test", "blue"))),
    );
    assert.deepEqual(parameters, {
      Host: "blue.cluster.example",
      Port: "3306",
      KeyArn: `${KEY}/secrets`,
    });
    assert.deepEqual(notificationArns, [ALERTS]);
  });

  it("lets no update replace or delete a secret, and Pulumi not delete the stack", () => {
    const { inputs, options } = credentials.get("blue-db-credentials-test", STACK);
    const { Statement } = JSON.parse(inputs.policyBody as string);
    assert.deepEqual(Statement[1], {
      Effect: "Deny",
      Principal: "*",
      Action: ["Update:Replace", "Update:Delete"],
      Resource: [
        "LogicalResourceId/AdministratorSecret",
        "LogicalResourceId/ApplicationSecret",
        "LogicalResourceId/MigrationSecret",
        "LogicalResourceId/ReplicationSourceSecret",
        "LogicalResourceId/ReplicationTargetSecret",
      ],
    });
    assert.equal(options.protect, true);
  });

  it("gives the ARN of each user's secret", () => {
    const { secretArns } = credentials.outputs(
      "blue-database-credentials-test",
      "payments:database:DatabaseCredentials",
    ) as { secretArns: { [user: string]: string } };
    assert.deepEqual(Object.keys(secretArns), [
      "administrator",
      "application",
      "migration",
      "replicationSource",
      "replicationTarget",
    ]);
    for (const [user, arn] of Object.entries(secretArns))
      assert.match(arn.toLowerCase(), new RegExp(`${user.toLowerCase()}secret`));
  });
});

describe("CredentialRotation", () => {
  it("is a nested stack that waits for the users and may make what AWS's macro makes", async () => {
    const rotation = await render(() => {
      const users = new aws.sns.Topic("users-test");
      const arn = (user: string) => users.arn.apply(() => `arn:${user}`);
      const secretArns: SecretArns = {
        administrator: arn("administrator"),
        application: arn("application"),
        migration: arn("migration"),
        replicationSource: arn("source"),
        replicationTarget: arn("target"),
      };
      return new CredentialRotation("blue-credential-rotation-test", {
        ...COMMON,
        color: "blue",
        template: rotationTemplate("test", "blue", 400),
        secretArns,
        subnetIds: ["subnet-1", "subnet-2"],
        securityGroupId: "sg-rotation",
        secretsKeyArn: `${KEY}/secrets`,
        logsKeyArn: `${KEY}/logs`,
        alertsTopicArn: ALERTS,
        users,
      });
    });
    const { capabilities, parameters, notificationArns } = rotation.tagged(
      "blue-db-rotation-test",
      STACK,
    ) as { [name: string]: unknown };
    assert.deepEqual(capabilities, ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]);
    assert.deepEqual(parameters, {
      AdministratorSecretArn: "arn:administrator",
      ApplicationSecretArn: "arn:application",
      MigrationSecretArn: "arn:migration",
      ReplicationSourceSecretArn: "arn:source",
      ReplicationTargetSecretArn: "arn:target",
      KeyArn: `${KEY}/secrets`,
      LogsKeyArn: `${KEY}/logs`,
      SubnetIds: "subnet-1,subnet-2",
      SecurityGroupId: "sg-rotation",
    });
    assert.deepEqual(notificationArns, [ALERTS]);
    assert.ok(rotation.needs("blue-db-rotation-test", STACK).includes("users-test"));
  });
});
