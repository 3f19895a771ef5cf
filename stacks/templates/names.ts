/** A name as CloudFormation wants logical ids: `EcrApi` of `ecr.api`, `ReplicationSource` of `replicationSource`. */
export function logicalName(name: string): string {
  const words = name.split(/[.-]/).map((word) => (word[0]?.toUpperCase() ?? "") + word.slice(1));
  return words.join("");
}
