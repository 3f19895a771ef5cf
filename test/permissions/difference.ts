import type { Need } from "./needs";

/** Actions whose resources have names that nobody knows before a deployment; with the reason. */
const BY_PATTERN: { [action: string]: string } = {
  "cloudformation:DescribeStacks": "CloudFormation ends the name of a stack with an id of its own",
  "lambda:InvokeFunction": "a function that wakes itself is made with the role that says so",
};

/** How what is needed and what is granted differ, in sentences that say what to do; empty: not at all. */
export function difference(needed: Need[], granted: Need[]): string[] {
  const lack = needed.filter((need) => !granted.some((grant) => covers(grant, need)));
  const surplus = granted.filter((grant) => !needed.some((need) => covers(grant, need)));
  return [
    ...lack.map((need) => `the role lacks ${need}: allow it in the function's permissions`),
    ...surplus.map((grant) => `the role may ${grant}, which no adapter calls: take it away`),
  ];
}

/** A pattern covers more than itself only where it must, and never every resource of an account. */
function covers(grant: Need, need: Need): boolean {
  const [action = "", resource = ""] = grant.split(" on ");
  if (grant === need) return true;
  if (BY_PATTERN[action] === undefined || !/^[\w-]+[/:][\w-]+\*/.test(resource)) return false;
  const literal = grant.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${literal}$`).test(need);
}
