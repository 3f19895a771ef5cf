import { App, type CfnResource, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { KINDS, LEFT_OUT, type Made } from "./kinds";

type Counts = { [type: string]: number };

/** Makes a stack with as many resources and components; it may refer to those of `below`. */
function fill(stack: Stack, { component = 1, ...counts }: Counts, below: Resources): Resources {
  const unknown = Object.keys(counts).filter((type) => !(type in KINDS || LEFT_OUT.includes(type)));
  if (unknown.length > 0)
    throw new Error(
      `bench/cdk/kinds.ts names no CDK class for ${unknown.join(", ")}: add it there`,
    );
  const scopes = Array.from({ length: component }, (_, i) => new Construct(stack, `part-${i}`));
  const resources: Resources = new Map();
  const find = (type: string, index = 0) => {
    const found = resources.get(type) ?? below.get(type) ?? [];
    const resource = found[index % found.length];
    if (resource === undefined) throw new Error(`${type} is needed before it is made`);
    return resource;
  };
  const made: Made = {
    ref: (type, index) => find(type, index).ref,
    arn: (type, index) => find(type, index).getAtt("Arn").toString(),
  };
  for (const [type, make] of Object.entries(KINDS))
    for (let index = 0; index < (counts[type] ?? 0); index++) {
      const scope = scopes[index % component] ?? stack;
      const [, module = "", , kind = type] = type.split(/[:/]/);
      const id = `${module}-${kind}-${index}`;
      const several = [make(scope, id, made, index)].flat();
      resources.set(type, [...(resources.get(type) ?? []), ...several]);
    }
  return resources;
}

type Resources = Map<string, CfnResource[]>;

// As many resources of the same kinds as our program registers, with CDK's default settings.
const app = new App();
let below: Resources = new Map();
const stacks: { [stack: string]: Counts } = JSON.parse(process.env.BENCH_COUNTS ?? "{}");
for (const [name, counts] of Object.entries(stacks)) {
  const env = { account: "111122223333", region: "us-east-1" };
  below = fill(new Stack(app, name, { env }), counts, below);
}
app.synth();
