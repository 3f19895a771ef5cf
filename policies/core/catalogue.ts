import type { Controls, Rule, Severity } from "./rule";

const SEVERITIES: { [severity in Severity]: string } = {
  mandatory: "mandatory",
  "mandatory-in-production": "mandatory, advisory in dev",
  advisory: "advisory",
};

/** Every rule with where it comes from, as the tables of README.md. */
export function catalogue(themes: readonly { name: string; rules: readonly Rule[] }[]): string {
  return themes
    .map(({ name, rules }) => [`### ${name}`, "", ...table(rules)].join("\n"))
    .join("\n\n");
}

function table(rules: readonly Rule[]): string[] {
  return [
    "| rule | what holds | severity | PCI DSS v4.0.1 | Security Hub | checkov | other |",
    "|---|---|---|---|---|---|---|",
    ...rules.map(row),
  ];
}

function row({ id, title, severity, controls }: Rule): string {
  const { pci, securityHub, checkov, other }: Controls = controls;
  const cells = [pci, securityHub, checkov, other].map((names = []) => names.join(", "));
  return `| \`${id}\` | ${title} | ${SEVERITIES[severity]} | ${cells.join(" | ")} |`;
}
