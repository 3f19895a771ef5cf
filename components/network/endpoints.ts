import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { NestedStack } from "../cloudformation/nestedStack";
import type { Template } from "../cloudformation/template";
import { type CommonArgs, resourceName } from "../common";

export interface EndpointsArgs extends CommonArgs {
  /**
   * Takes `VpcId` and `RouteTableIds`; where it has interface endpoints also `SubnetIds` and
   * `SecurityGroupIds`.
   */
  template: Template;
  vpcId: pulumi.Input<string>;
  privateSubnetIds: pulumi.Output<string[]>;
  securityGroupId: pulumi.Input<string>;
  /** The VPC with all that belongs to it: subnets have their route tables only when it is complete. */
  vpc: pulumi.Resource;
  alertsTopicArn: pulumi.Input<string>;
}

/**
 * Private ways to AWS services, as one CloudFormation stack: a set that appears, changes and rolls
 * back as one. The routes of the database subnets stay as they are: nothing leads out of there.
 */
export function createEndpoints(
  name: string,
  args: EndpointsArgs,
  parent: pulumi.Resource,
): NestedStack {
  const { environment, tags, template } = args;
  const inputs: { [parameter: string]: pulumi.Input<string> } = {
    VpcId: args.vpcId,
    RouteTableIds: routeTablesOf(args, parent).apply((ids) => ids.join(",")),
    SubnetIds: args.privateSubnetIds.apply((ids) => ids.join(",")),
    SecurityGroupIds: args.securityGroupId,
  };
  const declared = Object.entries(inputs).filter(([key]) => key in (template.Parameters ?? {}));
  return new NestedStack(
    resourceName(name, environment),
    {
      environment,
      tags,
      template,
      parameters: Object.fromEntries(declared),
      notificationTopicArn: args.alertsTopicArn,
    },
    { parent },
  );
}

/** Asked of AWS, because awsx does not tell which of its route tables belongs to which subnet. */
function routeTablesOf(args: EndpointsArgs, parent: pulumi.Resource): pulumi.Output<string[]> {
  const options = { parent, dependsOn: [args.vpc] };
  return args.privateSubnetIds.apply((ids) =>
    pulumi.all(
      ids.map((subnetId) => aws.ec2.getRouteTableOutput({ subnetId }, options).routeTableId),
    ),
  );
}
