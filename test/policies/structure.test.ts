import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { UNTAGGABLE } from "../../policies/rules/operations/tags";
import { DIRECTORY } from "../support/program";

const FOLDER = join(DIRECTORY, "policies");

function sources(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const found = [...text.matchAll(/(?:from|import|require\()\s*"([^"]+)"/g)];
  return found.map(([, target = ""]) =>
    target.startsWith(".") ? normalize(join(file, "..", target)) : target,
  );
}

describe("the policies", () => {
  it("import nothing of the program, and nothing of anybody else", () => {
    assert.ok(sources().length > 30);
    for (const file of sources())
      for (const target of importsOf(file))
        assert.ok(!target.startsWith("..") && !target.startsWith("@aws"), `${file}: ${target}`);
  });

  it("know Pulumi in the pack alone, so that a preview need not load it for them", () => {
    for (const file of sources()) {
      const packages = importsOf(file).filter((target) => target.startsWith("@pulumi/"));
      if (file === "index.ts")
        assert.deepEqual(packages.sort(), ["@pulumi/policy", "@pulumi/pulumi"]);
      else if (file.startsWith("pack/"))
        assert.ok(packages.every((one) => one === "@pulumi/policy"));
      else assert.deepEqual(packages, [], file);
    }
    for (const file of ["pack/policies.ts", "pack/resources.ts"]) {
      const text = readFileSync(join(FOLDER, file), "utf8");
      assert.match(text, /import type \{[^}]*\} from "@pulumi\/policy"/, "types only");
    }
  });

  it("ask tags of every type that the provider gives tags", () => {
    for (const type of UNTAGGABLE) {
      const [, module = "", file = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
      const path = join(DIRECTORY, "node_modules/@pulumi/aws", module, `${file}.d.ts`);
      assert.doesNotMatch(readFileSync(path, "utf8"), /^ {4}tags\?: pulumi\.Input/m, type);
    }
  });
});
