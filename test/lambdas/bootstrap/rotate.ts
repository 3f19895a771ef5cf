import assert from "node:assert/strict";
import type { Connection } from "mysql2/promise";
import { rows } from "../../support/mariadb";

/**
 * What AWS's function for alternating users does with the administrator's credentials: it makes the
 * twin where there is none, copies grants line by line, asks for TLS, and sets the password.
 */
export async function rotate(
  admin: Connection,
  from: string,
  to: string,
  password: string,
): Promise<void> {
  const known = await rows(admin, `SELECT User FROM mysql.user WHERE User = '${to}'`);
  if (known.length === 0) await admin.query(`CREATE USER '${to}' IDENTIFIED BY 'for now'`);
  for (const [line = ""] of await rows(admin, `SHOW GRANTS FOR '${from}'`))
    await admin.query(`${line.split(" TO ")[0]} TO '${to}'`);
  const [[ssl] = []] = await rows(admin, `SELECT ssl_type FROM mysql.user WHERE User = '${from}'`);
  assert.equal(ssl, "ANY");
  await admin.query(`ALTER USER '${to}'@'%' REQUIRE SSL`);
  // MySQL 8 takes the password without the function.
  await admin.query(`SET PASSWORD FOR '${to}' = PASSWORD('${password}')`);
}
