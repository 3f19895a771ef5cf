import { isObject, items, UNKNOWN, type Value } from "../core/values";

/** What is known of a template's names: parameters, pseudo parameters, and references that are outputs. */
export interface Scope {
  /** Values by `Ref` name. */
  references: { readonly [name: string]: Value };
}

/**
 * The value of a property with CloudFormation's expressions worked out as far as can be known. The
 * rest is unknown.
 */
export function workOut(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) return value.map((item) => workOut(item, scope));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && isExpression(only[0]))
    return expression(only[0], only[1], scope);
  return Object.fromEntries(entries.map(([name, item]) => [name, workOut(item, scope)]));
}

function isExpression(name: string): boolean {
  return name === "Ref" || name.startsWith("Fn::");
}

function expression(name: string, argument: Value, scope: Scope): Value {
  switch (name) {
    case "Ref":
      return reference(argument, scope);
    case "Fn::Sub":
      return substitute(argument, scope);
    case "Fn::Join":
      return join(argument, scope);
    default:
      return UNKNOWN;
  }
}

function reference(name: Value, { references }: Scope): Value {
  return typeof name === "string" && Object.hasOwn(references, name) ? references[name] : UNKNOWN;
}

function substitute(argument: Value, scope: Scope): Value {
  if (typeof argument !== "string") return UNKNOWN;
  let known = true;
  const text = argument.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    const value = reference(name, scope);
    if (typeof value === "string" || typeof value === "number") return String(value);
    known = false;
    return "";
  });
  return known ? text.replaceAll("${!", "${") : UNKNOWN;
}

function join(argument: Value, scope: Scope): Value {
  const [separator, parts] = items(argument);
  const values = items(workOut(parts, scope));
  const known = values.length > 0 && values.every((one) => typeof one === "string");
  return typeof separator === "string" && known ? values.join(separator) : UNKNOWN;
}
