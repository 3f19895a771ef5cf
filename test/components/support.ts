import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { renderComponent } from "../support/component";
import { byName } from "../support/program";

export const TAGS = { Environment: "test", Project: "payments", CostCenter: "engineering" };
export const COMMON = { environment: "test", tags: TAGS };
export const ACCOUNT = "111122223333";
export const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key`;

/** What a component made, by logical name. */
export class Rendered {
  constructor(readonly resources: RegisteredResource[]) {}

  get names(): string[] {
    return this.resources.map(({ name }) => name).sort();
  }

  get(name: string, type?: string): RegisteredResource {
    return byName(this.resources, name, type);
  }

  /** Inputs of a resource that carries the common tags; fails when it does not. */
  tagged(name: string, type?: string): object {
    const { tags, ...others } = this.get(name, type).inputs;
    const { Name, ...common } = tags as { [name: string]: string };
    assert.deepEqual(common, TAGS, `tags of ${name}`);
    if (Name !== undefined) assert.equal(Name, name);
    return others;
  }

  /** Logical names of what a resource was told to wait for or was made from. */
  needs(name: string, type?: string): string[] {
    const { dependsOn } = this.get(name, type).options;
    return dependsOn.map((urn) => urn.slice(urn.lastIndexOf("::") + 2)).sort();
  }

  outputs(component: string, type: string): object {
    return this.get(component, type).state;
  }
}

export async function render(build: () => pulumi.Resource): Promise<Rendered> {
  return new Rendered(await renderComponent(build, { config: { "aws:region": "us-east-1" } }));
}

/** The statements of a policy document, by their Sid. */
export function statements(policy: unknown): { [sid: string]: { [field: string]: unknown } } {
  const { Statement } = JSON.parse(policy as string) as { Statement: { Sid: string }[] };
  return Object.fromEntries(Statement.map(({ Sid, ...others }) => [Sid, others]));
}
