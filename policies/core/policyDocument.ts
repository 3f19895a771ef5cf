import { at, isObject, items, parsed, UNKNOWN, type Value } from "./values";

/** One statement of a policy document, in AWS's names. */
export interface Statement {
  sid: string;
  effect: Value;
  actions: readonly Value[];
  resources: readonly Value[];
  principal: Value;
  condition: Value;
}

/** The statements of a policy document that is known; none where it is not. */
export function statementsOf(document: Value): Statement[] {
  return items(at(parsed(document), "Statement"))
    .filter(isObject)
    .map(statement);
}

function statement(raw: Value): Statement {
  const sid = at(raw, "Sid");
  return {
    sid: typeof sid === "string" ? sid : "a statement without Sid",
    effect: at(raw, "Effect"),
    actions: items(at(raw, "Action")),
    resources: items(at(raw, "Resource")),
    principal: at(raw, "Principal"),
    condition: at(raw, "Condition"),
  };
}

/** Whether a statement passes, or may turn out to because the document is not known. */
export function canHaveStatement(document: Value, test: (one: Statement) => boolean): boolean {
  return document === UNKNOWN || statementsOf(document).some(test);
}

/** Whether everybody is meant, in either form. */
export function isEverybody(principal: Value): boolean {
  return principal === "*" || items(at(principal, "AWS")).includes("*");
}

/** Service principals, such as `lambda.amazonaws.com`. */
export function servicesOf(principal: Value): string[] {
  return items(at(principal, "Service")).filter((one) => typeof one === "string");
}

/** Keys that the statement's conditions look at, in lower case, as AWS compares them. */
export function conditionKeys({ condition }: Statement): string[] {
  if (!isObject(condition)) return [];
  return Object.values(condition)
    .filter(isObject)
    .flatMap((operator) => Object.keys(operator))
    .map((key) => key.toLowerCase());
}

/** Whether whoever comes without TLS is refused. */
export function refusesPlainText({ effect, principal, condition }: Statement): boolean {
  const secure = at(condition, "Bool", "aws:SecureTransport");
  const refused = items(secure).some((one) => String(one) === "false");
  return effect === "Deny" && isEverybody(principal) && refused;
}
