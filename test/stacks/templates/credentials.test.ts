import assert from "node:assert/strict";
import { CLONE_SUFFIX, DATABASE_USERS, USER_NAMES } from "../../../lambdas/bootstrap/contract";
import { COLORS } from "../../../lambdas/cutover/contract";
import { credentialsTemplate, EXCLUDED_CHARACTERS } from "../../../stacks/templates/credentials";
import { rotationFunctionName, rotationTemplate } from "../../../stacks/templates/rotation";
import { templateOutputs } from "../../../tools/evaluate/templateOutputs";

type Secret = {
  KmsKeyId: object;
  GenerateSecretString: {
    SecretStringTemplate: { "Fn::Sub": string };
    GenerateStringKey: string;
    PasswordLength: number;
    ExcludeCharacters: string;
  };
};

/** The secrets' JSON as CloudFormation would fill it in. */
function secretStrings(): { [id: string]: { [key: string]: unknown } } {
  const { Resources, Parameters } = credentialsTemplate("test", "blue");
  const Outputs = Object.fromEntries(
    Object.entries(Resources).map(([id, { Properties }]) => [
      id,
      { Value: (Properties as unknown as Secret).GenerateSecretString.SecretStringTemplate },
    ]),
  );
  const parameters = { Host: "blue.cluster.example", Port: "3306", KeyArn: "arn:key" };
  const body = JSON.stringify({ Parameters, Resources, Outputs });
  const texts = templateOutputs(body, parameters, "us-east-1", "secrets");
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, JSON.parse(text)]));
}

describe("the credentials' template", () => {
  it("has a secret for each user, with what rotation, replication and Data API read", () => {
    const common = { engine: "mysql", host: "blue.cluster.example", port: 3306, ssl: true };
    const { AdministratorSecret, ...others } = secretStrings();
    assert.deepEqual(AdministratorSecret, { ...common, username: "payments_admin" });
    const masterarn = others.ApplicationSecret?.masterarn;
    assert.match(String(masterarn), /AdministratorSecret/);
    assert.deepEqual(others, {
      ApplicationSecret: { ...common, username: "app", dbname: "payments", masterarn },
      MigrationSecret: { ...common, username: "app_schema", masterarn },
      ReplicationSourceSecret: { ...common, username: "dms_source", masterarn },
      ReplicationTargetSecret: { ...common, username: "dms_target", masterarn },
    });
  });

  it("keeps its texts: another text makes new passwords, which the databases would not know", () => {
    const { ApplicationSecret } = credentialsTemplate("test", "blue").Resources;
    const secret = ApplicationSecret?.Properties as Secret | undefined;
    assert.equal(
      secret?.GenerateSecretString.SecretStringTemplate["Fn::Sub"],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
      '{"engine":"mysql","host":"${Host}","username":"app","ssl":true,"dbname":"payments","masterarn":"${AdministratorSecret}","port":${Port}}',
    );
  });

  it("encrypts each secret with our key and makes passwords that everything takes", () => {
    for (const [id, { Properties }] of Object.entries(
      credentialsTemplate("test", "green").Resources,
    )) {
      const { KmsKeyId, GenerateSecretString } = Properties as unknown as Secret;
      assert.deepEqual(KmsKeyId, { Ref: "KeyArn" }, id);
      const { PasswordLength, GenerateStringKey, ExcludeCharacters } = GenerateSecretString;
      assert.deepEqual([PasswordLength, GenerateStringKey], [32, "password"]);
      assert.equal(ExcludeCharacters, EXCLUDED_CHARACTERS);
    }
    // Refused by AWS DMS, by MySQL's rotation function, and by SQL and URLs.
    for (const character of ";.:+/@\"'\\`%&?#= ".replace(" ", ""))
      assert.ok(EXCLUDED_CHARACTERS.includes(character), character);
    const punctuation = Array.from({ length: 94 }, (_, code) => String.fromCharCode(33 + code))
      .filter((character) => /[^A-Za-z0-9]/.test(character))
      .filter((character) => !EXCLUDED_CHARACTERS.includes(character));
    assert.deepEqual(punctuation, ["-", "_"], "one of each kind is required");
  });

  it("names users whose twins AWS's rotation function can make", () => {
    for (const user of DATABASE_USERS)
      if (user !== "administrator")
        assert.ok(`${USER_NAMES[user]}${CLONE_SUFFIX}`.length <= 16, user);
  });
});

describe("the rotation's template", () => {
  const { Transform, Resources } = rotationTemplate("test", "blue", 400);

  it("rotates each user every 30 days, and none on deployment", () => {
    assert.equal(Transform, "AWS::SecretsManager-2024-09-16");
    for (const id of [
      "Administrator",
      "Application",
      "Migration",
      "ReplicationSource",
      "ReplicationTarget",
    ]) {
      const { HostedRotationLambda: _, ...schedule } = Resources[`${id}Rotation`]?.Properties ?? {};
      assert.deepEqual(schedule, {
        SecretId: { Ref: `${id}SecretArn` },
        RotateImmediatelyOnUpdate: false,
        RotationRules: { ScheduleExpression: "rate(30 days)", Duration: "2h" },
      });
    }
  });

  it("alternates between two users with the administrator's help; the administrator goes alone", () => {
    const hosted = (id: string) => Resources[`${id}Rotation`]?.Properties.HostedRotationLambda;
    const common = {
      KmsKeyArn: { Ref: "KeyArn" },
      VpcSubnetIds: { Ref: "SubnetIds" },
      VpcSecurityGroupIds: { Ref: "SecurityGroupId" },
      ExcludeCharacters: EXCLUDED_CHARACTERS,
    };
    assert.deepEqual(hosted("Application"), {
      RotationType: "MySQLMultiUser",
      SuperuserSecretArn: { Ref: "AdministratorSecretArn" },
      SuperuserSecretKmsKeyArn: { Ref: "KeyArn" },
      RotationLambdaName: "payments-test-blue-rotation-app",
      ...common,
    });
    assert.deepEqual(hosted("Administrator"), {
      RotationType: "MySQLSingleUser",
      RotationLambdaName: "payments-test-blue-rotation-payments-admin",
      ...common,
    });
  });

  it("has each function write into a log group of ours, made before", () => {
    for (const [id, { Type, DependsOn, Properties }] of Object.entries(Resources)) {
      if (Type !== "AWS::SecretsManager::RotationSchedule") continue;
      const { RotationLambdaName } = Properties.HostedRotationLambda as {
        RotationLambdaName: string;
      };
      assert.equal(DependsOn, `${id}Logs`);
      assert.deepEqual(Resources[`${id}Logs`], {
        Type: "AWS::Logs::LogGroup",
        Properties: {
          LogGroupName: `/aws/lambda/${RotationLambdaName}`,
          KmsKeyId: { Ref: "LogsKeyArn" },
          RetentionInDays: 400,
        },
      });
    }
  });

  it("names functions within Lambda's 64 characters", () => {
    for (const color of COLORS)
      for (const user of DATABASE_USERS)
        assert.ok(rotationFunctionName(user, "x".repeat(10), color).length <= 64);
  });
});
