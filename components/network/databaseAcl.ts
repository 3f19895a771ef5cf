import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";

export interface DatabaseAclArgs extends CommonArgs {
  vpcId: pulumi.Input<string>;
  /** The VPC's own address range. */
  cidr: string;
  /** Subnets of the databases. */
  subnetIds: pulumi.Input<string[]>;
  databasePort: number;
}

/**
 * A second lock on the database subnets, which holds if a security group is ever opened by mistake:
 * connections come from inside the VPC, to the database's port, and answers go back.
 */
export class DatabaseAcl extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:network:DatabaseAcl", name, {}, opts);
    const { environment, tags, databasePort } = args;
    const aclName = resourceName("db-acl", environment);
    const acl = new aws.ec2.NetworkAcl(
      aclName,
      { vpcId: args.vpcId, subnetIds: args.subnetIds, tags: { ...tags, Name: aclName } },
      { parent: this },
    );
    const allow = (kind: string, egress: boolean, fromPort: number, toPort: number) =>
      new aws.ec2.NetworkAclRule(
        resourceName(kind, environment),
        {
          networkAclId: acl.id,
          ruleNumber: 100,
          egress,
          protocol: "tcp",
          ruleAction: "allow",
          cidrBlock: args.cidr,
          fromPort,
          toPort,
        },
        { parent: this },
      );
    allow("db-acl-queries", false, databasePort, databasePort);
    // Access control lists keep no state: answers go to whatever port the client chose.
    allow("db-acl-answers", true, 1024, 65535);
    this.registerOutputs({});
  }
}
