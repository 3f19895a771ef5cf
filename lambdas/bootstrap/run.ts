import type { ClusterAccess } from "./contract";
import type { Ports } from "./ports";
import type { Statement } from "./statements";

/**
 * Runs one statement as the cluster's master user. An error tells where, what for, and what the engine
 * said, and no password.
 */
export async function runStatement(
  ports: Ports,
  cluster: ClusterAccess,
  { what, sql, password }: Statement,
): Promise<void> {
  try {
    await ports.sql.execute(cluster, sql);
  } catch (error) {
    const { name, message } = error as Error;
    const said = password === undefined ? message : withoutPassword(message, password);
    throw new Error(`${cluster.clusterArn}: could not ${what}: ${name}: ${said}`);
  }
}

/**
 * The engine's message up to its first quotation. An engine quotes a statement from any character to
 * any other, so that what it quotes may be a part of the password.
 */
function withoutPassword(message: string, password: string): string {
  const [unquoted = ""] = message.split(/['"`]/);
  const said = unquoted.split(password).join("***");
  return unquoted === message ? said : `${said}...`;
}
