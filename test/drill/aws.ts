import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as secretsManager from "@aws-sdk/client-secrets-manager";
import * as ssm from "@aws-sdk/client-ssm";
import { COLORS, type Color, TABLE_KEYS, type Weights } from "../../lambdas/cutover/contract";
import { SWITCHOVER_STATE } from "../../lambdas/switchover/contract";
import type { StoredSwitchover } from "../../lambdas/switchover/state";
import * as resources from "../emulator/resources";
import { CREDENTIALS, type Moto, REGION } from "../support/moto";
import type { DrillCluster } from "./cluster";
import type { PerColor } from "./links";

export const ENVIRONMENT = "drill";
export const PARAMETER = `/payments/${ENVIRONMENT}/database/writer`;

/** The AWS around the controller and the applications, in an emulator. */
export class DrillAws {
  private constructor(
    readonly url: string,
    readonly clients: resources.Clients,
    readonly service: resources.Service,
    readonly topicArn: string,
    readonly secretArns: PerColor<{ application: string; administrator: string }>,
  ) {}

  static async create(moto: Moto, clusters: PerColor<DrillCluster>): Promise<DrillAws> {
    const clients = resources.clients(moto.url);
    const settings = { endpoint: moto.url, region: REGION, credentials: CREDENTIALS };
    const secrets = new secretsManager.SecretsManagerClient(settings);
    const [service, messages] = await Promise.all([
      resources.createService(moto, clients.elb),
      resources.createMessages(moto, clients.sns),
      resources.createTable(clients.dynamodb),
      resources.createAlarms(clients),
    ]);
    const make = async (color: Color, user: "application" | "administrator") => {
      const Name = `${color}-${user}`;
      const SecretString = clusters[color].secretText(user);
      const command = new secretsManager.CreateSecretCommand({ Name, SecretString });
      return (await secrets.send(command)).ARN ?? "";
    };
    const ofColor = async (color: Color) => ({
      application: await make(color, "application"),
      administrator: await make(color, "administrator"),
    });
    const secretArns = { blue: await ofColor("blue"), green: await ofColor("green") };
    secrets.destroy();
    return new DrillAws(moto.url, clients, service, messages.topicArn, secretArns);
  }

  get table(): string {
    return resources.TABLE;
  }

  /** What applications read: where to write. @param name of the parameter */
  async point(name: string, cluster: DrillCluster): Promise<void> {
    const { color, endpoint } = cluster;
    const client = new ssm.SSMClient({
      endpoint: this.url,
      region: REGION,
      credentials: CREDENTIALS,
    });
    const secretArn = this.secretArns[color].application;
    const Value = JSON.stringify({ color, endpoint, secretArn });
    await client.send(
      new ssm.PutParameterCommand({ Name: name, Value, Type: "String", Overwrite: true }),
    );
    client.destroy();
  }

  async setWeights(weights: Weights): Promise<void> {
    const { ruleArn, targetGroupArns } = this.service;
    const Actions = [resources.forwardAction(targetGroupArns, weights, false)];
    await this.clients.elb.send(new elb.ModifyRuleCommand({ RuleArn: ruleArn, Actions }));
  }

  /** What the controller remembers; undefined before it has stored anything. */
  async state(): Promise<StoredSwitchover | undefined> {
    const command = new dynamodb.GetItemCommand({ ...this.stateKey(), ConsistentRead: true });
    const text = (await this.clients.dynamodb.send(command)).Item?.body?.S;
    return text === undefined ? undefined : (JSON.parse(text) as StoredSwitchover);
  }

  /**
   * As if the time were over in which statements of an earlier pass may still open something. Only for
   * whoever knows that none is under way.
   */
  async endLease(): Promise<void> {
    const { TableName, Key } = this.stateKey();
    const found = await this.clients.dynamodb.send(
      new dynamodb.GetItemCommand({ TableName, Key, ConsistentRead: true }),
    );
    const state = JSON.parse(found.Item?.body?.S ?? "null") as StoredSwitchover | null;
    if (state === null) return;
    const Item = { ...found.Item, body: { S: JSON.stringify({ ...state, opensUntil: 0 }) } };
    await this.clients.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item }));
  }

  private stateKey() {
    const { partition, sort } = TABLE_KEYS;
    const Key = {
      [partition]: { S: `cutover#${ENVIRONMENT}` },
      [sort]: { S: SWITCHOVER_STATE },
    };
    return { TableName: this.table, Key };
  }
}

/** What the listener rule says, by color. */
export async function readWeights(
  client: elb.ElasticLoadBalancingV2Client,
  { ruleArn, targetGroupArns }: resources.Service,
): Promise<Weights> {
  const { Rules } = await client.send(new elb.DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
  const of = (color: Color) =>
    groups.find((group) => group.TargetGroupArn === targetGroupArns[color])?.Weight ?? 0;
  return { blue: of("blue"), green: of("green") };
}

export function allOn(color: Color, percent = 100): Weights {
  const [one = 0, other = 0] = COLORS.map((each) => (each === color ? percent : 100 - percent));
  return { blue: one, green: other };
}
