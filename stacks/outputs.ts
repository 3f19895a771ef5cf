import * as pulumi from "@pulumi/pulumi";
import { colorName } from "../components/dns/names";
import { COLORS } from "../lambdas/cutover/contract";
import type { PaymentsEnvironment } from "./environment";
import { type Layer, SHAPE_VERSION } from "./layers";
import type { ExportedLayer } from "./references";
import type { Settings } from "./settings";

/**
 * The stack's outputs: by plain names for people and tools, and each layer that the stack owns as
 * a whole, for the stacks that build on it. A stack of the data layer passes the foundation on, so
 * that a stack above it needs one upstream only.
 */
export function stackOutputs(settings: Settings, environment: PaymentsEnvironment) {
  const { foundation, data, service } = environment;
  const owned = { foundation, data, service };
  const passedOn: Layer[] = settings.layers[0] === "data" ? ["foundation"] : [];
  const exported = [...passedOn, ...settings.layers].map((layer) => [
    layer,
    exportLayer(layer, settings, owned),
  ]);
  return {
    ...Object.fromEntries(exported),
    ...(data && {
      blueWriterEndpoint: data.clusters.blue.writerEndpoint,
      blueReaderEndpoint: data.clusters.blue.readerEndpoint,
      greenWriterEndpoint: data.clusters.green.writerEndpoint,
      greenReaderEndpoint: data.clusters.green.readerEndpoint,
      // Where the application's credentials are; what they are is nobody's output.
      blueApplicationSecretArn: data.clusters.blue.secretArns.application,
      greenApplicationSecretArn: data.clusters.green.secretArns.application,
      cutoverTableName: data.stateTable.name,
      switchoverFunctionName: data.switchoverFunction.name,
    }),
    ...service,
    ...(service && urls(settings)),
    ...(service && { dashboardUrl: dashboardUrl(settings, service.dashboardName) }),
  };
}

/** Where clients come, and where a color is tested. Without a domain the load balancer's name has to do. */
function urls({ edge: { domainName } }: Settings) {
  return (
    domainName !== undefined && {
      url: `https://${domainName}`,
      ...Object.fromEntries(
        COLORS.map((color) => [`${color}Url`, `https://${colorName(color, domainName)}`]),
      ),
    }
  );
}

function exportLayer<T extends { [layer in Layer]: unknown }>(
  layer: Layer,
  settings: Settings,
  owned: T,
): ExportedLayer<unknown> {
  const { environment } = settings;
  return { shapeVersion: SHAPE_VERSION, environment, outputs: owned[layer] };
}

function dashboardUrl({ region }: Settings, name: pulumi.Output<string>): pulumi.Output<string> {
  const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  return pulumi.interpolate`${console}#dashboards/dashboard/${name}`;
}
