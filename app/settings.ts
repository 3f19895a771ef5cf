import { readFileSync } from "node:fs";

/** What the container is told by its environment. */
export interface Settings {
  environment: string;
  color: "blue" | "green";
  /** Name of the SSM parameter that names the database which takes writes. */
  writerParameter: string;
  region: string;
  /** Where it serves HTTPS; 0 takes any free port. */
  port: number;
  /** Undefined: it makes a certificate itself. */
  tls: { certificatePem: string; keyPem: string } | undefined;
  /** Authorities that may vouch for a database; undefined: those of Amazon RDS. */
  databaseCaPem: string | undefined;
}

type Variables = { readonly [name: string]: string | undefined };

/** A variable that must be set, or may be left out with `optional`. */
interface Rule {
  pattern: RegExp;
  allowed: string;
  optional?: true;
}

const FILE: Rule = { pattern: /^\//, allowed: "an absolute path of a PEM file", optional: true };

const RULES = {
  PAYMENTS_ENVIRONMENT: { pattern: /^[a-z][a-z0-9-]*$/, allowed: "a name such as prod" },
  PAYMENTS_COLOR: { pattern: /^(blue|green)$/, allowed: "blue or green" },
  PAYMENTS_WRITER_PARAMETER: {
    pattern: /^\/[\w./-]+$/,
    allowed: "the name of an SSM parameter such as /payments/prod/database/writer",
  },
  AWS_REGION: { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, allowed: "a region such as us-east-1" },
  PAYMENTS_PORT: { pattern: /^\d{1,5}$/, allowed: "a port, 8443 if left out", optional: true },
  PAYMENTS_TLS_CERTIFICATE_FILE: FILE,
  PAYMENTS_TLS_KEY_FILE: FILE,
  PAYMENTS_DATABASE_CA_FILE: FILE,
} satisfies { [name: string]: Rule };

/** What a migration is told: for which cluster, and as whom. */
export interface MigrationSettings {
  /** Host name of the cluster's writer. */
  endpoint: string;
  /** Secret of a user that may change tables. */
  secretArn: string;
  region: string;
  databaseCaPem: string | undefined;
}

const MIGRATION_RULES = {
  PAYMENTS_MIGRATION_ENDPOINT: {
    pattern: /^[a-zA-Z0-9.-]+$/,
    allowed: "the host name of a cluster's writer",
  },
  PAYMENTS_MIGRATION_SECRET: {
    pattern: /^arn:aws[\w-]*:secretsmanager:/,
    allowed: "the ARN of the secret of a user that may change tables",
  },
  AWS_REGION: RULES.AWS_REGION,
  PAYMENTS_DATABASE_CA_FILE: FILE,
} satisfies { [name: string]: Rule };

/** Something is wrong with the variables; trying again does not help. */
export class WrongEnvironment extends Error {
  constructor(mistakes: string[]) {
    super(`wrong environment:\n  ${mistakes.join("\n  ")}`);
  }
}

/** Reads the service's variables. Throws one `WrongEnvironment` that holds every mistake. */
export function readSettings(variables: Variables): Settings {
  const keyFiles = ["PAYMENTS_TLS_CERTIFICATE_FILE", "PAYMENTS_TLS_KEY_FILE"];
  const given = keyFiles.filter((name) => variables[name]);
  const half = given.length === 1 ? [`${keyFiles.join(" and ")} go together, got ${given[0]}`] : [];
  const read = check(variables, RULES, half);
  const [certificatePem, keyPem] = keyFiles.map((name) => readPem(variables[name]));
  return {
    environment: read("PAYMENTS_ENVIRONMENT"),
    color: read("PAYMENTS_COLOR") as Settings["color"],
    writerParameter: read("PAYMENTS_WRITER_PARAMETER"),
    region: read("AWS_REGION"),
    port: Number(read("PAYMENTS_PORT") || "8443"),
    tls:
      certificatePem !== undefined && keyPem !== undefined ? { certificatePem, keyPem } : undefined,
    databaseCaPem: readPem(variables.PAYMENTS_DATABASE_CA_FILE),
  };
}

/** Reads a migration's variables. Throws one `WrongEnvironment` that holds every mistake. */
export function readMigrationSettings(variables: Variables): MigrationSettings {
  const read = check(variables, MIGRATION_RULES, []);
  return {
    endpoint: read("PAYMENTS_MIGRATION_ENDPOINT"),
    secretArn: read("PAYMENTS_MIGRATION_SECRET"),
    region: read("AWS_REGION"),
    databaseCaPem: readPem(variables.PAYMENTS_DATABASE_CA_FILE),
  };
}

/** A reader of variables that are all right; an empty one counts as left out. */
function check<Name extends string>(
  variables: Variables,
  rules: { [name in Name]: Rule },
  others: string[],
): (name: Name) => string {
  const mistakes = Object.entries<Rule>(rules).flatMap(([name, { pattern, allowed, optional }]) => {
    const value = variables[name] ?? "";
    if (value === "" ? optional : pattern.test(value)) return [];
    return [
      `${name}: got ${value === "" ? "nothing" : JSON.stringify(value)}, allowed: ${allowed}`,
    ];
  });
  const all = [...mistakes, ...others];
  if (all.length > 0) throw new WrongEnvironment(all);
  return (name) => variables[name] ?? "";
}

function readPem(file: string | undefined): string | undefined {
  return file ? readFileSync(file, "utf8") : undefined;
}
