import assert from "node:assert/strict";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as ecs from "@aws-sdk/client-ecs";
import * as secrets from "@aws-sdk/client-secrets-manager";
import { dynamoStateStore } from "../../../lambdas/cutover/aws/stateStore";
import { TABLE_KEYS } from "../../../lambdas/cutover/contract";
import { initialState } from "../../../lambdas/cutover/state";
import { awsPorts } from "../../../lambdas/refresh/aws/ports";
import { known, type Ports } from "../../../lambdas/refresh/ports";
import { awsEnvironment, setVariables, useMoto } from "../../support/moto";
import { serviceNamed } from "./facts";

/**
 * Goal: what our own fake of AWS says is not all that the adapters understand. Method: an emulator
 * that others made, for the services that it has; its AWS DMS speaks in dates that the SDK refuses.
 */
describe("the refresh's adapters on an emulated AWS", function () {
  this.timeout(60_000);
  let ports: Ports;
  let restore: () => void;

  before(async function () {
    const moto = await useMoto(this, "the refresh's adapters on an emulated AWS");
    await moto.reset();
    restore = setVariables(awsEnvironment(moto.url));
    ports = awsPorts({ environment: "test", stateTable: "state", topicArn: "", consumers: [] });
  });
  after(() => restore?.());

  it("reads the phase that the controller stored", async () => {
    const keys = [TABLE_KEYS.partition, TABLE_KEYS.sort];
    await new dynamodb.DynamoDBClient({}).send(
      new dynamodb.CreateTableCommand({
        TableName: "state",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: keys.map((name) => ({ AttributeName: name, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: keys[0], KeyType: "HASH" },
          { AttributeName: keys[1], KeyType: "RANGE" },
        ],
      }),
    );
    assert.deepEqual(await ports.cutover.readPhase(), known("idle"));
    const state = { ...initialState("blue"), version: 1, phase: { name: "rolled-back" } };
    const record = { at: 0, code: "", reason: "", who: "", weights: { blue: 100, green: 0 } };
    const store = dynamoStateStore("state", "test");
    assert.equal(await store.save(state as Parameters<typeof store.save>[0], 0, record), "saved");
    assert.deepEqual(await ports.cutover.readPhase(), known("rolled-back"));
  });

  it("reads when a secret was rotated", async () => {
    const client = new secrets.SecretsManagerClient({});
    const { ARN = "" } = await client.send(
      new secrets.CreateSecretCommand({ Name: "app", SecretString: "{}" }),
    );
    assert.deepEqual(await ports.secrets.readRotatedAt(ARN), known(undefined));
    const before = Date.now();
    await client.send(
      new secrets.RotateSecretCommand({
        SecretId: ARN,
        RotationRules: { AutomaticallyAfterDays: 30 },
      }),
    );
    const rotatedAt = await ports.secrets.readRotatedAt(ARN);
    assert.ok(rotatedAt.known && Math.abs((rotatedAt.value ?? 0) - before) < 30_000);
  });

  it("reads and restarts a service", async () => {
    const client = new ecs.ECSClient({});
    await client.send(new ecs.CreateClusterCommand({ clusterName: "payments" }));
    const containerDefinitions = [{ name: "app", image: "app", memory: 128 }];
    await client.send(
      new ecs.RegisterTaskDefinitionCommand({ family: "app", containerDefinitions }),
    );
    const { service } = await client.send(
      new ecs.CreateServiceCommand({
        cluster: "payments",
        serviceName: "blue",
        taskDefinition: "app",
        desiredCount: 2,
      }),
    );
    const consumer = {
      ...serviceNamed("blue"),
      clusterArn: service?.clusterArn ?? "",
      serviceArn: service?.serviceArn ?? "",
    };
    const facts = await ports.services.read(consumer);
    assert.ok(facts.known, JSON.stringify(facts));
    const { startedAt, ...others } = facts.value;
    assert.ok(Math.abs(startedAt - Date.now()) < 30_000);
    // The emulator starts no tasks.
    assert.deepEqual(others, { rollout: "IN_PROGRESS", deployments: 1, running: 0, desired: 2 });
    const { clusterArn, serviceArn } = consumer;
    assert.equal(await ports.services.restart(clusterArn, serviceArn), "done");
  });
});
