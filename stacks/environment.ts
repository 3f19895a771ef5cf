import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { REFRESH_TAG } from "../lambdas/refresh/contract";
import { createData } from "./data";
import { createFoundation } from "./foundation";
import type { Caller, Data, Foundation, Layer, Service } from "./layers";
import { readUpstream, type UpstreamLayers } from "./references";
import { createService } from "./service";
import type { Settings } from "./settings";

/**
 * One environment, or the part of it that this stack owns: the parent of everything, and the one
 * place where the layers meet. Layers that belong to another stack are read from there.
 */
export class PaymentsEnvironment extends pulumi.ComponentResource {
  public readonly foundation: Foundation;
  public readonly data: Data | undefined;
  public readonly service: Service | undefined;

  constructor(
    name: string,
    settings: Settings,
    upstream: UpstreamLayers | undefined,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("payments:stacks:PaymentsEnvironment", name, {}, opts);
    const owns = (layer: Layer) => settings.layers.includes(layer);
    const caller = callerOf(settings, this);
    const { accountId } = caller;
    this.foundation = upstream?.foundation ?? createFoundation(settings, caller, this);
    if (owns("data")) this.data = createData(settings, this.foundation, caller, this);
    if (owns("service")) {
      const data = this.data ?? upstream?.data;
      if (data === undefined) throw new Error("the service layer needs a data layer");
      this.service = createService(settings, this.foundation, data, accountId, this);
    }
    this.registerOutputs({});
  }
}

/** Makes the environment, with the provider that tags everything and guards the account. */
export async function createEnvironment(settings: Settings): Promise<PaymentsEnvironment> {
  const { environment, region, profile, accountId, tags } = settings;
  const upstream =
    settings.upstream === undefined ? undefined : await readUpstream(settings.upstream, settings);
  const provider = new aws.Provider(resourceName("aws", environment), {
    region: region as aws.Region,
    ...(profile !== undefined && { profile }),
    ...(accountId !== undefined && { allowedAccountIds: [accountId] }),
    // Every resource is given its tags; this catches what a provider makes on the side.
    defaultTags: { tags },
    // Says that a replication task was stopped to be started again: no deployment may take it away.
    ignoreTags: { keys: [REFRESH_TAG] },
  });
  return new PaymentsEnvironment(resourceName("environment", environment), settings, upstream, {
    providers: { aws: provider },
  });
}

/** Asks AWS where the program runs. */
function callerOf(settings: Settings, parent: pulumi.Resource): pulumi.Output<Caller> {
  const identity = aws.getCallerIdentityOutput({}, { parent });
  const partition = aws.getPartitionOutput({}, { parent });
  return pulumi.output({
    accountId: identity.accountId,
    partition: partition.partition,
    region: settings.region,
  });
}
