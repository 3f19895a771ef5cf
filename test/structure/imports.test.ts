import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import * as ts from "typescript";

const ROOT = join(__dirname, "..", "..");
const FOLDERS = ["components", "lambdas", "simulation", "stacks", "tools", "policies", "app"];

interface Import {
  file: string;
  /** A path from the root, for our own files; a package name otherwise. */
  target: string;
  typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  const path = join(ROOT, folder);
  if (!statSync(path, { throwIfNoEntry: false })) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(ROOT, file), "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const target = specifier.startsWith(".")
      ? normalize(join(dirname(file), specifier))
          .split(sep)
          .join("/")
      : specifier;
    found.push({ file, target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause));
    else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      add(node.moduleSpecifier.text, node.isTypeOnly);
    else if (ts.isCallExpression(node) && isRequire(node)) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isRequire(node: ts.CallExpression): boolean {
  const { expression } = node;
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require")
  );
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { namedBindings } = clause;
  return (
    clause.name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

const files = ["index.ts", ...FOLDERS.flatMap(sourceFiles)];
const imports = files.flatMap(importsOf);

const CLEARANCE = "lambdas/cutover/evidence/clearance";

/** The handler of each function, and the one component that may import it. */
const HANDLERS: { [handler: string]: string } = {
  "lambdas/bootstrap/handler": "components/database/bootstrap.ts",
  "lambdas/cutover/handler": "components/cutover/controller.ts",
  "lambdas/refresh/handler": "components/refresh/credentialRefresh.ts",
  "lambdas/switchover/handler": "components/switchover/switchoverController.ts",
};

/** What both sides know: the contracts, and how many payments a step needs. */
function isContract(target: string): boolean {
  return /^lambdas\/\w+\/(\w+\/)?contract$/.test(target) || target === CLEARANCE;
}

/** What each place may not import; a sentence says why. */
const FORBIDDEN: { why: string; when: (i: Import) => boolean }[] = [
  {
    why: "index.ts composes the stacks and knows nothing below them",
    when: ({ file, target }) => file === "index.ts" && !target.startsWith("stacks/"),
  },
  {
    why: "nothing outside test imports a test",
    when: ({ target }) => target.startsWith("test/"),
  },
  {
    why: "templates are pure functions",
    when: ({ file, target }) =>
      file.startsWith("stacks/templates/") && target.startsWith("@pulumi/"),
  },
  {
    why: "stacks know the components and the functions' contracts, not their inside",
    when: ({ file, target }) =>
      file.startsWith("stacks/") && target.startsWith("lambdas/") && !isContract(target),
  },
  {
    why: "the policies judge what the program makes and know nothing of how",
    when: ({ file, target }) =>
      file.startsWith("policies/") && !/^(policies\/|@pulumi\/(policy|pulumi)$)/.test(target),
  },
  {
    why: "components know nothing of the stacks that compose them, nor of tools",
    when: ({ file, target }) =>
      file.startsWith("components/") && /^(stacks|tools|simulation|policies)\//.test(target),
  },
  {
    why: "a component meets another tier only in the stacks; it may know its types",
    when: ({ file, target, typeOnly }) => {
      const tier = file.split("/")[1];
      const [folder, other] = target.split("/");
      const shared =
        target === "components/common" || other === "cloudformation" || other === "functions";
      return (
        file.startsWith("components/") &&
        folder === "components" &&
        other !== tier &&
        !shared &&
        !typeOnly
      );
    },
  },
  {
    why: "only the component that owns a function imports its handler",
    when: ({ file, target }) =>
      file.startsWith("components/") &&
      target.startsWith("lambdas/") &&
      !isContract(target) &&
      HANDLERS[target] !== file,
  },
  {
    why: "the functions know nothing of Pulumi",
    when: ({ file, target }) => file.startsWith("lambdas/") && target.startsWith("@pulumi/"),
  },
  {
    why: "only the adapters import the AWS SDK",
    when: ({ file, target }) =>
      target.startsWith("@aws-sdk/") &&
      file.startsWith("lambdas/") &&
      !/^lambdas\/\w+\/aws\//.test(file),
  },
  {
    why: "the program reaches AWS through Pulumi, not through the SDK",
    when: ({ file, target }) =>
      target.startsWith("@aws-sdk/") && /^(components|stacks|simulation)\//.test(file),
  },
  {
    why: "the core of a function does not know its adapters",
    when: ({ file, target }) =>
      /^lambdas\/\w+\/(?!aws\/)(\w+\/)?\w+\.ts$/.test(file) &&
      /^lambdas\/\w+\/aws\//.test(target) &&
      !file.endsWith("/handler.ts"),
  },
  {
    why: "contracts import nothing",
    when: ({ file }) => file.endsWith("/contract.ts"),
  },
  {
    why: "the application stands alone: it is what a customer replaces",
    when: ({ file, target }) =>
      file.startsWith("app/") && !target.startsWith("app/") && files.includes(`${target}.ts`),
  },
  {
    why: "nothing builds on the application",
    when: ({ file, target }) => !file.startsWith("app/") && target.startsWith("app/"),
  },
  {
    why: "the simulation rehearses the controller, without Pulumi",
    when: ({ file, target }) =>
      file.startsWith("simulation/") &&
      !/^(simulation|lambdas)\//.test(target) &&
      !target.startsWith("node:"),
  },
];

describe("import direction", () => {
  it("finds the files and their imports", () => {
    assert.ok(files.length > 40, `${files.length} files`);
    assert.ok(imports.length > 100, `${imports.length} imports`);
    assert.ok(imports.some((one) => one.typeOnly));
  });

  for (const { why, when } of FORBIDDEN)
    it(why, () => {
      const found = imports.filter(when).map(({ file, target }) => `${file} imports ${target}`);
      assert.deepEqual(found, []);
    });

  it("decides without clock, randomness or effects", () => {
    const pure = [
      ...["decide", "decision", "drift", "requests", "freeze", "state", "contract"].map(
        (name) => `lambdas/cutover/${name}.ts`,
      ),
      ...sourceFiles("lambdas/cutover/evidence"),
      ...sourceFiles("lambdas/cutover/migration"),
      ...[
        "decide",
        "decision",
        "rest",
        "window",
        "state",
        "statements",
        "strays",
        "lint",
        "preflight",
        "contract",
      ].map((name) => `lambdas/switchover/${name}.ts`),
      ...["contract", "event", "memory", "rules", "conclusion", "decide", "answer"].map(
        (name) => `lambdas/cutover/gate/${name}.ts`,
      ),
      ...["decide", "standing", "contract"].map((name) => `lambdas/refresh/${name}.ts`),
      ...["statements", "credentials", "contract"].map((name) => `lambdas/bootstrap/${name}.ts`),
    ];
    for (const file of pure) {
      const text = readFileSync(join(ROOT, file), "utf8");
      assert.doesNotMatch(
        text,
        /Date\.now|new Date\(\)|Math\.random|process\.|\basync\b|require\(/,
        file,
      );
    }
  });

  it("reads Pulumi's configuration in one place", () => {
    const readers = files.filter((file) =>
      /\bnew (pulumi\.)?Config\b|allConfig\(/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    // The policy pack is a program of its own.
    const program = readers.filter((file) => !/^(tools|policies)\//.test(file));
    assert.deepEqual(program, [relative(ROOT, join(ROOT, "stacks", "settings.ts"))]);
  });
});
