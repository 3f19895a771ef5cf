import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as lambda from "@aws-sdk/client-lambda";
import * as ssm from "@aws-sdk/client-ssm";
import {
  COLORS,
  type Color,
  type Plan,
  type Variables,
} from "../../../../lambdas/cutover/contract";
import type { StackOutputs } from "../../../../tools/cutover/stack";
import { Environment } from "../../../emulator/environment";
import { PLAN, TICK_SECONDS } from "../../../emulator/rehearsal";
import { TABLE } from "../../../emulator/resources";
import { controllerPackage, type Deployment, deploy } from "../../../support/lambda";
import { awsEnvironment, CREDENTIALS, type Moto, REGION } from "../../../support/moto";
import { type AwsProxy, startProxy } from "../../../support/proxy";
import { AwsFront } from "./awsFront";
import { EcsFake } from "./ecs";
import { WarmFunction } from "./warmFunction";

export const ACCOUNT = "123456789012";
export const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/payments`;

export function digestOf(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

function serviceArn(color: Color): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:service/payments/${color}`;
}

export const FUNCTION = "cutover-function-test-1a2b3c4";

/** Time for about half a second of passes, beside what the function keeps back at the end. */
const INVOCATION_MILLISECONDS = 8_000 + TICK_SECONDS * 1000 + 500;

/**
 * An environment as an operator finds it: the deployed controller behind Lambda's API, and around it what
 * it moves and reads, in an emulator of AWS with a proxy in front that spoils what it is told to.
 */
export class OperatorWorld {
  private warm: WarmFunction | undefined;

  private constructor(
    private readonly moto: Moto,
    private readonly deployment: Deployment,
    readonly front: AwsFront,
    readonly proxy: AwsProxy,
    /** ECS, which the emulator has in no usable form. */
    readonly ecs: EcsFake,
    public environment: Environment,
  ) {}

  static async create(moto: Moto): Promise<OperatorWorld> {
    const front = new AwsFront(moto.url);
    await front.start();
    const proxy = await startProxy(front.url);
    const deployment = deploy(await controllerPackage());
    const environment = await Environment.create(moto);
    const ecs = new EcsFake();
    await ecs.start();
    return new OperatorWorld(moto, deployment, front, proxy, ecs, environment);
  }

  /** A new environment in which nothing has happened yet. */
  async reset(plan: Plan = PLAN, live: Color = "blue"): Promise<void> {
    this.stop();
    this.front.forgive();
    this.proxy.forget();
    this.environment = await Environment.create(this.moto);
    const variables = this.environment.variables(plan, TICK_SECONDS, live);
    await this.register(variables);
    await this.tellParameters(plan);
    this.warm = new WarmFunction(this.deployment, {
      ...awsEnvironment(this.proxy.url),
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: FUNCTION,
    });
  }

  /** What a process needs in its environment to reach all this in place of AWS. */
  get variables(): { [name: string]: string } {
    return { ...awsEnvironment(this.proxy.url), AWS_ENDPOINT_URL_ECS: this.ecs.url };
  }

  /** The stack's outputs, as `pulumi stack output --json` would print them. */
  get outputs(): StackOutputs {
    return {
      cutoverFunctionName: FUNCTION,
      cutoverTopicArn: this.environment.topicArn,
      cutoverTableName: TABLE,
      service: { shapeVersion: 1, environment: "test", outputs: {} },
    };
  }

  /** One event of the schedule, a minute after the last one as far as leases are concerned. */
  async schedule(): Promise<void> {
    await this.settled();
    await this.environment.endLease();
    await this.run({ "detail-type": "Scheduled Event", source: "aws.events" });
  }

  /** As in an environment that has been deployed for a while: the schedule ran, clients pay, ECS is done. */
  async breathe(): Promise<void> {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const group = this.environment.targetGroupArns.blue;
    const balancer = [
      { Name: "TargetGroup", Value: group.slice(group.indexOf("targetgroup/")) },
      { Name: "LoadBalancer", Value: this.environment.loadBalancer },
    ];
    const functions = [{ Name: "FunctionName", Value: FUNCTION }];
    for (let ago = 1; ago <= 14; ago++) {
      const at = new Date(minute - ago * 60_000);
      await this.put("AWS/Lambda", "Invocations", functions, at, 1);
      await this.put("AWS/ApplicationELB", "RequestCount", balancer, at, 2_000_000);
    }
  }

  private async put(
    Namespace: string,
    MetricName: string,
    Dimensions: { Name: string; Value: string }[],
    Timestamp: Date,
    Value: number,
  ): Promise<void> {
    const MetricData = [{ MetricName, Dimensions, Timestamp, Value }];
    const command = new cloudwatch.PutMetricDataCommand({ Namespace, MetricData });
    await this.environment.aws.cloudwatch.send(command);
  }

  /** Resolves when no invocation runs, such as one that was woken by another. */
  async settled(): Promise<void> {
    while ((this.warm?.running ?? 0) > 0) await new Promise((wake) => setTimeout(wake, 20));
  }

  close(): void {
    this.stop();
    this.deployment.remove();
    this.proxy.close();
    this.front.close();
    this.ecs.close();
  }

  private stop(): void {
    this.warm?.close();
    this.warm = undefined;
    this.front.functions.clear();
  }

  private async run(event: unknown) {
    if (this.warm === undefined) throw new Error("reset the world first");
    return this.warm.invoke(event, INVOCATION_MILLISECONDS);
  }

  /** The function in Lambda's registry; the emulator keeps its settings and could not run it. */
  private async register(variables: Variables): Promise<void> {
    const settings = { endpoint: this.moto.url, region: REGION, credentials: CREDENTIALS };
    const client = new lambda.LambdaClient(settings);
    await this.createRole();
    await client.send(
      new lambda.CreateFunctionCommand({
        FunctionName: FUNCTION,
        Role: `arn:aws:iam::${ACCOUNT}:role/cutover`,
        Runtime: "nodejs22.x",
        Handler: "__index.handler",
        Code: { ZipFile: Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64") },
        Environment: { Variables: { ...variables } },
      }),
    );
    this.front.functions.set(FUNCTION, (event) => this.run(event));
  }

  private async createRole(): Promise<void> {
    const scope = `test/20260101/${REGION}/iam/aws4_request`;
    const AssumeRolePolicyDocument = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ],
    });
    const parameters = { Action: "CreateRole", Version: "2010-05-08", RoleName: "cutover" };
    const answer = await fetch(this.moto.url, {
      method: "POST",
      body: new URLSearchParams({ ...parameters, AssumeRolePolicyDocument }),
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  private async tellParameters(plan: Plan): Promise<void> {
    await this.tell("cutover/plan", JSON.stringify(plan));
    await this.tell("cutover/table-name", TABLE);
    for (const color of COLORS) await this.tell(`${color}/service/arn`, serviceArn(color));
    await this.deploy("blue", `${REPOSITORY}@${digestOf("1")}`);
    await this.deploy("green", `${REPOSITORY}@${digestOf("2")}`);
    this.ecs.rolloutState = "COMPLETED";
  }

  /** What a deployment does when it gives a color an image. */
  async deploy(color: Color, image: string): Promise<void> {
    await this.tell(`${color}/service/image`, image);
    this.ecs.images.set(color, image);
  }

  private async tell(name: string, Value: string): Promise<void> {
    const settings = { endpoint: this.moto.url, region: REGION, credentials: CREDENTIALS };
    const client = new ssm.SSMClient(settings);
    const Name = `/payments/test/${name}`;
    await client.send(
      new ssm.PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }),
    );
  }
}
