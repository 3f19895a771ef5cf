import { COLORS, type Color } from "../cutover/contract";
import {
  COMPARED_NAMES,
  type ComparedName,
  type Fault,
  LINT_NAMES,
  LINTS,
  type Lint,
  type LintName,
  type Row,
} from "./lint";
import type { Known } from "./ports";

export type CheckName = LintName | ComparedName;

/** Everything that a cluster is asked before a switchover. */
export const CHECK_NAMES: CheckName[] = [...LINT_NAMES, ...COMPARED_NAMES];

/** What one cluster answered. */
export type Answers = { [check in CheckName]: Known<Row[]> };

/** A reason not to start. */
export interface Finding extends Fault {
  check: CheckName;
  /** @default it is about both */
  cluster?: Color;
}

/**
 * All that stands against a switchover, so that a person need not find out one by one; empty is
 * green. What could not be read is a finding of its own.
 * @param administrators names of users who may write to a fenced cluster
 */
export function preflight(
  answers: { [color in Color]: Answers },
  administrators: string[],
): Finding[] {
  return [
    ...COLORS.flatMap((color) => ofCluster(color, answers[color], administrators)),
    ...COMPARED_NAMES.flatMap((check) => ofBoth(check, answers.blue[check], answers.green[check])),
  ];
}

function ofCluster(cluster: Color, answers: Answers, administrators: string[]): Finding[] {
  return CHECK_NAMES.flatMap((check) => {
    const answer = answers[check];
    if (!answer.known) return [{ check, cluster, ...unread(answer.reason) }];
    const lint: Lint | undefined = isLint(check) ? LINTS[check] : undefined;
    const faults = lint?.faults(answer.value, administrators) ?? [];
    return faults.map((fault) => ({ check, cluster, ...fault }));
  });
}

function isLint(check: CheckName): check is LintName {
  return check in LINTS;
}

function unread(reason: string): Fault {
  return {
    reason: `it could not be read: ${reason}`,
    remedy: "make it readable: what is unknown counts as a fault",
  };
}

/** What is in one cluster and not in the other, or there in another way. */
function ofBoth(check: ComparedName, blue: Known<Row[]>, green: Known<Row[]>): Finding[] {
  if (!blue.known || !green.known) return [];
  // An empty schema is like any other empty schema, and nothing that payments could be in.
  if (blue.value.length === 0 && green.value.length === 0)
    return [{ check, ...unread("neither cluster shows any") }];
  const parts = [...blue.value, ...green.value].map(([table = "", part = ""]) => ({ table, part }));
  const names = parts.filter(({ table, part }, index) => {
    const first = parts.findIndex((other) => other.table === table && other.part === part);
    return first === index;
  });
  return names.flatMap(({ table, part }) => {
    const [inBlue, inGreen] = [blue, green].map(({ value }) => inWords(value, table, part));
    if (inBlue === inGreen) return [];
    const reason = `${part} is ${inBlue} in blue and ${inGreen} in green`;
    return [{ check, table, reason, remedy: "run the migrations that are missing in one of them" }];
  });
}

function inWords(rows: Row[], table: string, part: string): string {
  const found = rows.find(([itsTable, itsPart]) => itsTable === table && itsPart === part);
  return found === undefined ? "missing" : `"${found[2]}"`;
}
