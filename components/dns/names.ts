import type { Color } from "../../lambdas/cutover/contract";

/** Name that reaches one color whatever the weights; the load balancer's rules know it too. */
export function colorName(color: Color, domainName: string): string {
  return `${color}.${domainName}`;
}

/**
 * The name that a record got, which is the one it was to get only inside its zone: outside, the
 * provider makes `<name>.<zone>` without a word.
 * @returns a sentence that says so; undefined when the name is right
 */
export function misplaced(wanted: string, got: string): string | undefined {
  const plain = (name: string) => name.replace(/\.$/, "").toLowerCase();
  if (plain(wanted) === plain(got)) return undefined;
  return `got a record ${plain(got)} instead of ${plain(wanted)}, which lies outside the hosted zone. Give the zone of the domain.`;
}
