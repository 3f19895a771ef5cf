import { splitAtCommas } from "./sqlStatements";

/** What no statement may hold, and why. */
const FORBIDDEN: { pattern: RegExp; what: string; why: string }[] = [
  {
    pattern: /\b(CASCADE|SET NULL|SET DEFAULT)\b/i,
    what: "a foreign key that changes other rows",
    why: "such changes are not in the binary log and never reach the other database",
  },
  {
    pattern: /\b(GENERATED ALWAYS|AS ?\()/i,
    what: "a generated column",
    why: "replication does not carry it",
  },
  { pattern: /\bINVISIBLE\b/i, what: "INVISIBLE", why: "replication does not carry such columns" },
  {
    pattern: /\bAUTO_INCREMENT\b/i,
    what: "AUTO_INCREMENT",
    why: "two databases would give out one number twice; the application makes its ids",
  },
  {
    pattern: /\bPARTITION BY\b/i,
    what: "partitions",
    why: "changes to them suspend the table's replication",
  },
];

/** What a clause of ALTER TABLE may not be, with a word on what to do instead; the rest is a list. */
const REFUSED_CLAUSES: { pattern: RegExp; why: string }[] = [
  { pattern: /^DROP\b/i, why: "the color that still runs may need it" },
  { pattern: /^RENAME\b/i, why: "the color that still runs knows the old name" },
  {
    pattern: /^(MODIFY|CHANGE|ALTER|CONVERT)\b/i,
    why: "the color that still runs relies on the column as it is; add another one",
  },
  {
    pattern: /^ADD .*\b(UNIQUE|PRIMARY KEY|CHECK|FOREIGN KEY|CONSTRAINT)\b/i,
    why: "the color that still runs may write rows that it forbids",
  },
  { pattern: /^ADD (COLUMN )?\(/i, why: "give each column an ADD COLUMN of its own" },
  { pattern: /^ADD .*\b(FIRST|AFTER \S+)$/i, why: "replication needs columns in the same order" },
];

const CREATE_TABLE = /^CREATE TABLE (IF NOT EXISTS )?[\w.`]+ \(/i;
const CREATE_INDEX = /^CREATE INDEX [\w`]+ ON /i;
const ALTER_TABLE = /^ALTER TABLE [\w.`]+ /i;
const ADD_COLUMN = /^ADD (COLUMN )?(IF NOT EXISTS )?(?!(INDEX|KEY|FULLTEXT|SPATIAL)\b)[\w`]+ /i;
const ADD_INDEX = /^ADD (INDEX|KEY)\b/i;
const HOW = /^(ALGORITHM|LOCK) ?=/i;

/**
 * Why a statement must not run; undefined when it may. Only what both colors can live with may: new
 * tables, columns that may be left out, indexes. Old tables and columns go in a migration of a later
 * time, by hand, when no color and no rollback needs them any more.
 * @param judged as `readStatements` gives it
 */
export function refusalOf(judged: string): string | undefined {
  const forbidden = FORBIDDEN.find(({ pattern }) => pattern.test(judged));
  if (forbidden) return `${forbidden.what}: ${forbidden.why}`;
  if (CREATE_INDEX.test(judged)) return undefined;
  if (CREATE_TABLE.test(judged)) return refusalOfTable(judged);
  if (ALTER_TABLE.test(judged))
    return splitAtCommas(judged.replace(ALTER_TABLE, "")).map(refusalOfClause).find(Boolean);
  const kind = judged.split(" ").slice(0, 2).join(" ");
  return `${kind}: only CREATE TABLE, CREATE INDEX and ALTER TABLE ... ADD are allowed`;
}

function refusalOfTable(judged: string): string | undefined {
  if (!/\bPRIMARY KEY\b/i.test(judged))
    return "a table without PRIMARY KEY: replication cannot compare its rows";
  if (/\) ?(AS )?\(?SELECT\b/i.test(judged)) return "CREATE TABLE ... SELECT: rows are not copied";
  return undefined;
}

function refusalOfClause(clause: string): string | undefined {
  const refused = REFUSED_CLAUSES.find(({ pattern }) => pattern.test(clause));
  if (refused) return `${clause}: ${refused.why}`;
  if (HOW.test(clause) || ADD_INDEX.test(clause)) return undefined;
  if (!ADD_COLUMN.test(clause)) return `${clause}: only ADD COLUMN and ADD INDEX are allowed`;
  if (/\bNOT NULL\b/i.test(clause) && !/\bDEFAULT\b/i.test(clause))
    return `${clause}: without a DEFAULT the color that still runs could write no more rows`;
  return undefined;
}
