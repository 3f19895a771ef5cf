import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Color, TABLE_KEYS } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";

export interface CutoverMemoryArgs extends CommonArgs {
  dataKeyArn: pulumi.Input<string>;
  /** The database that takes writes when the environment is made. */
  firstWriter: {
    color: Color;
    endpoint: pulumi.Input<string>;
    /** Secret with the credentials of the application's user there. */
    secretArn: pulumi.Input<string>;
  };
  deletionProtection: boolean;
}

/** What the controller must not lose, and what must outlive every release. */
export class CutoverMemory extends pulumi.ComponentResource {
  public readonly stateTable: { name: pulumi.Output<string>; arn: pulumi.Output<string> };
  /** Names the one database that takes writes; applications read it, a switchover changes it. */
  public readonly writerPointer: { name: pulumi.Output<string>; arn: pulumi.Output<string> };

  constructor(name: string, args: CutoverMemoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:cutover:CutoverMemory", name, {}, opts);
    const { environment, tags, deletionProtection } = args;
    const table = new aws.dynamodb.Table(
      resourceName("cutover-state", environment),
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: TABLE_KEYS.partition,
        rangeKey: TABLE_KEYS.sort,
        attributes: [
          { name: TABLE_KEYS.partition, type: "S" },
          { name: TABLE_KEYS.sort, type: "S" },
        ],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true, kmsKeyArn: args.dataKeyArn },
        deletionProtectionEnabled: deletionProtection,
        tags,
      },
      { parent: this, protect: deletionProtection },
    );
    const pointer = new aws.ssm.Parameter(
      resourceName("writer-pointer", environment),
      {
        // A name that applications know, so it is fixed.
        name: `/payments/${environment}/database/writer`,
        description: "The one database that takes writes. Changed by a switchover only.",
        type: "String",
        // An address, not a secret: readable in plans and in the console.
        insecureValue: pulumi.jsonStringify(args.firstWriter),
        tags,
      },
      { parent: this, protect: deletionProtection, ignoreChanges: ["insecureValue", "value"] },
    );
    this.stateTable = { name: table.name, arn: table.arn };
    this.writerPointer = { name: pointer.name, arn: pointer.arn };
    this.registerOutputs({ stateTable: this.stateTable, writerPointer: this.writerPointer });
  }
}
