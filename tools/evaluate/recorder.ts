import { invoke } from "./invokes";
import { fromRead, fromRegistration, type RegisteredResource } from "./registration";
import { fromStruct, protocol, toStruct } from "./sdk";
import { synthesize } from "./synthesize";
import { decode, holdsSecret, type Properties, reveal, secret } from "./values";

/** A question that the program asked a provider. */
export interface Call {
  token: string;
  inputs: Properties;
}

/** What another stack has to offer. */
export interface StackOutputs {
  /** Secrets unwrapped. */
  outputs: Properties;
  /** Names of the outputs that are secret. */
  secretOutputs: string[];
}

export interface RecorderOptions {
  project: string;
  stack: string;
  region: string;
  /** Answers as `pulumi preview` would: ids and computed outputs are unknown. */
  preview: boolean;
  /** By full name: organization/project/stack. */
  upstream: { [fullName: string]: StackOutputs };
}

const STACK = "pulumi:pulumi:Stack";

/** Stands in for the engine and all providers: records what the program registers, and answers. */
export class Recorder {
  readonly resources: RegisteredResource[] = [];
  readonly calls: Call[] = [];
  readonly outputs: Properties = {};
  readonly secretOutputs: string[] = [];
  private readonly byUrn = new Map<string, RegisteredResource>();
  private readonly urns = new Set<string>();
  private stackUrn = "";

  constructor(private readonly options: RecorderOptions) {}

  register(request: protocol.RegisterResourceRequest): protocol.RegisterResourceResponse {
    const urn = this.newUrn(request);
    const response = new protocol.RegisterResourceResponse();
    response.setUrn(urn);
    if (request.getType() === STACK) {
      this.stackUrn = urn;
      return response;
    }
    const wire = fromStruct(request.getObject());
    const resource = fromRegistration(request, urn, this.stackUrn, decode(wire));
    rejectTransforms(resource);
    const { id, outputs } = this.answer(resource);
    resource.id = id;
    const state = markSecrets({ ...wire, ...outputs }, resource.options.additionalSecretOutputs);
    this.keep(resource, state);
    response.setId(id ?? "");
    response.setObject(toStruct(state));
    return response;
  }

  /** Looks up what exists: another stack's outputs, or a resource by its id. */
  read(request: protocol.ReadResourceRequest): protocol.ReadResourceResponse {
    const urn = this.newUrn(request);
    const wire = fromStruct(request.getProperties());
    const resource = fromRead(request, urn, this.stackUrn, decode(wire));
    const outputs =
      resource.type === "pulumi:pulumi:StackReference"
        ? this.outputsOf(request.getId())
        : synthesize(resource, this.options.region).outputs;
    const state = { ...wire, ...outputs };
    this.keep(resource, state);
    const response = new protocol.ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(toStruct(state));
    return response;
  }

  invoke(request: protocol.ResourceInvokeRequest): protocol.ResourceInvokeResponse {
    const token = request.getTok();
    const inputs = decode(fromStruct(request.getArgs()));
    this.calls.push({ token, inputs });
    const answer =
      token === "pulumi:pulumi:getResource"
        ? this.lookUp(String(inputs.urn))
        : invoke(token, reveal<Properties>(inputs), this.options.region);
    const response = new protocol.ResourceInvokeResponse();
    response.setReturn(toStruct(answer));
    return response;
  }

  /** Takes the outputs of a component, or of the stack itself. */
  complete(request: protocol.RegisterResourceOutputsRequest): void {
    const outputs = decode(fromStruct(request.getOutputs()));
    const component = this.byUrn.get(request.getUrn());
    if (component !== undefined) component.state = outputs;
    if (request.getUrn() !== this.stackUrn) return;
    Object.assign(this.outputs, reveal<Properties>(outputs));
    for (const [name, value] of Object.entries(outputs))
      if (holdsSecret(value)) this.secretOutputs.push(name);
  }

  private keep(resource: RegisteredResource, state: Properties) {
    resource.state = decode(state);
    this.resources.push(resource);
    this.byUrn.set(resource.urn, resource);
  }

  private answer(resource: RegisteredResource): { id: string | undefined; outputs: Properties } {
    const made = resource.custom || resource.remote;
    if (!made || this.options.preview) return { id: undefined, outputs: {} };
    const { id, outputs } = synthesize(resource, this.options.region);
    return { id: resource.custom ? id : undefined, outputs };
  }

  private outputsOf(stack: string): Properties {
    const found = this.options.upstream[stack];
    if (found === undefined) {
      const known = Object.keys(this.options.upstream).join(", ") || "none";
      throw new Error(`unknown stack ${stack}; stacks evaluated before this one: ${known}`);
    }
    const { outputs, secretOutputs } = found;
    const marked = markSecrets(outputs, secretOutputs);
    return { name: stack, outputs: marked, secretOutputNames: secretOutputs };
  }

  private lookUp(urn: string): Properties {
    const resource = this.byUrn.get(urn);
    if (resource === undefined) throw new Error(`unknown resource ${urn}`);
    return { urn, id: resource.id ?? "", state: resource.state };
  }

  /** The engine's own naming: the types of all ancestors but the stack, and no name twice. */
  private newUrn(request: { getParent(): string; getType(): string; getName(): string }): string {
    const { project, stack } = this.options;
    const parentType = request.getParent().split("::")[2];
    const prefix = parentType === undefined || parentType === STACK ? "" : `${parentType}$`;
    const type = `${prefix}${request.getType()}`;
    const urn = `urn:pulumi:${stack}::${project}::${type}::${request.getName()}`;
    if (this.urns.has(urn))
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.urns.add(urn);
    return urn;
  }
}

/** The engine would run them here. On remote components they concern what only a provider makes. */
function rejectTransforms({ name, remote, options }: RegisteredResource) {
  if (options.transforms > 0 && !remote)
    throw new Error(`${name} has transforms, which an offline evaluation does not run`);
}

function markSecrets(properties: Properties, names: string[]): Properties {
  const marked = { ...properties };
  for (const name of names) if (name in marked) marked[name] = secret(marked[name]);
  return marked;
}
