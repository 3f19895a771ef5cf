/** Where traffic starts or ends. The groups are ours; the world is everybody. */
export const GROUPS = ["loadBalancer", "application", "database", "endpoints"] as const;
export type Group = (typeof GROUPS)[number];
export type Place = Group | "world";

/** Ids of the security groups. */
export type SecurityGroupIds = { [group in Group]: string };

/** One allowed flow of traffic over TCP. What is not listed is refused. */
export interface Flow {
  from: Place;
  to: Place;
  port: number;
  /** Why it is allowed, as AWS shows it beside the rule. */
  description: string;
}

export interface Ports {
  listener: number;
  application: number;
  database: number;
}

/** The whole matrix of allowed flows. */
export function allowedFlows(ports: Ports): Flow[] {
  return [
    {
      from: "world",
      to: "loadBalancer",
      port: ports.listener,
      description: "Clients to the load balancer",
    },
    {
      from: "loadBalancer",
      to: "application",
      port: ports.application,
      description: "Payments and health checks to the tasks",
    },
    {
      from: "application",
      to: "database",
      port: ports.database,
      description: "Tasks to Aurora",
    },
    {
      from: "application",
      to: "endpoints",
      port: 443,
      description: "Tasks to AWS services, on private ways",
    },
    {
      from: "application",
      to: "world",
      port: 443,
      description: "Tasks to payment networks, and to what has no private way, through NAT",
    },
  ];
}

/** One security group rule: each flow between two groups needs one at either end. */
export interface Rule {
  direction: "ingress" | "egress";
  group: Group;
  peer: Place;
  port: number;
  description: string;
}

export function rulesOf(flows: Flow[]): Rule[] {
  return flows.flatMap(({ from, to, port, description }) => {
    const rules: Rule[] = [];
    if (to !== "world")
      rules.push({ direction: "ingress", group: to, peer: from, port, description });
    if (from !== "world")
      rules.push({ direction: "egress", group: from, peer: to, port, description });
    return rules;
  });
}
