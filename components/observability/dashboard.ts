import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../common";
import type { DashboardBodyArgs } from "./dashboardArgs";
import { dashboardBody } from "./dashboardBody";

/** The same shape, each value as an input. */
type Inputs<T> = T extends string | number | undefined
  ? pulumi.Input<T>
  : T extends string[]
    ? pulumi.Input<pulumi.Input<string>[]>
    : { readonly [K in keyof T]: Inputs<T[K]> };

/** `DashboardBodyArgs`, which may not be known yet, and whose dashboard it is. */
export type DashboardArgs = Inputs<DashboardBodyArgs> & { environment: string };

/** What an operator keeps on a wall. AWS lets dashboards carry no tags. */
export class Dashboard extends pulumi.ComponentResource {
  public readonly name: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:Dashboard", name, {}, opts);
    const known = pulumi.output(args) as unknown as pulumi.Output<DashboardBodyArgs>;
    const dashboard = new aws.cloudwatch.Dashboard(
      resourceName("dashboard", args.environment),
      {
        dashboardName: resourceName("payments", args.environment),
        dashboardBody: known.apply((body) => JSON.stringify(dashboardBody(body))),
      },
      { parent: this },
    );
    this.name = dashboard.dashboardName;
    this.registerOutputs({ name: this.name });
  }
}
