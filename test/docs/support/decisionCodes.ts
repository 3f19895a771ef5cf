import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { ROOT } from "./pages";

const FOLDER = join(ROOT, "lambdas", "cutover");

/** Where a function that makes a decision takes its code. */
const CODE_ARGUMENT: { [name: string]: number } = {
  hold: 1,
  act: 1,
  report: 1,
  enterStep: 3,
  beginAnew: 0,
};

/** Every code that a decision of the controller can have, as its sources spell them. */
export function decisionCodes(): string[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.split("\\").join("/"));
  const lacking = files.filter(isEvidence).flatMap((file) => lackingCodes(parse(file)));
  const others = files.filter((file) => !isEvidence(file));
  const direct = others.flatMap((file) => codesIn(parse(file)));
  const lost = literalsOf(parse("handler.ts"))
    .map(({ text }) => text)
    .filter((text) => text.startsWith("store-"));
  return [...new Set([...direct, ...lost, ...lacking.map((code) => `hold-${code}`)])].sort();
}

function isEvidence(file: string): boolean {
  return file.startsWith("evidence/");
}

function parse(file: string): ts.SourceFile {
  const text = readFileSync(join(FOLDER, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

function codesIn(source: ts.SourceFile): string[] {
  return nodesOf(source).flatMap((node) => {
    if (ts.isCallExpression(node)) {
      const index = CODE_ARGUMENT[nameOf(node)];
      const argument = index === undefined ? undefined : node.arguments[index];
      return argument === undefined || !ts.isExpression(argument) ? [] : valuesIn(argument);
    }
    if (ts.isPropertyAssignment(node) && node.name.getText() === "code")
      return valuesIn(node.initializer);
    return ts.isFunctionDeclaration(node) && node.name?.text === "codeOf"
      ? nodesOf(node).filter(ts.isReturnStatement).flatMap(valuesIn)
      : [];
  });
}

/** What is not enough evidence holds the step, by `hold-` and this code. */
function lackingCodes(source: ts.SourceFile): string[] {
  return nodesOf(source)
    .filter(ts.isCallExpression)
    .filter((node) => nameOf(node) === "lacking")
    .flatMap(({ arguments: [code] }) => (code && ts.isStringLiteral(code) ? [code.text] : []));
}

/** A function's own name, or a method's. */
function nameOf({ expression }: ts.CallExpression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return expression.getText();
}

/** Values that an expression can have; what it is compared with, or asks with, is none. */
function valuesIn(node: ts.Node): string[] {
  return literalsOf(node)
    .filter(({ parent }) => !ts.isCallExpression(parent) || parent === node.parent)
    .filter(({ parent }) => !ts.isBinaryExpression(parent) || !isComparison(parent))
    .map(({ text }) => text);
}

function isComparison({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
}

function literalsOf(node: ts.Node): ts.StringLiteral[] {
  return nodesOf(node).filter(ts.isStringLiteral);
}

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return [node, ...children.flatMap(nodesOf)];
}
