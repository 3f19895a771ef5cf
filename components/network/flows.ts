/** Where traffic starts or ends. The groups are ours. */
export const GROUPS = [
  "loadBalancer",
  "application",
  "database",
  "replication",
  "rotation",
  "endpoints",
] as const;
export type Group = (typeof GROUPS)[number];

/** Ends of traffic outside the VPC: everybody, and the network of the on-premises database. */
export const OUTSIDE = ["world", "legacy"] as const;
export type Outside = (typeof OUTSIDE)[number];
export type Place = Group | Outside;

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

/** What decides which flows there are. */
export interface FlowArgs {
  ports: Ports;
  /** `none`: calls to AWS go through NAT. */
  interfaceEndpoints: "used" | "none";
  /** The on-premises database that feeds ours. @default there is none */
  legacy?: { cidr: string; port: number };
}

/** The whole matrix of allowed flows. */
export function allowedFlows({ ports, interfaceEndpoints, legacy }: FlowArgs): Flow[] {
  const aws = interfaceEndpoints === "used" ? ("endpoints" as const) : ("world" as const);
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
      to: "world",
      port: 443,
      description: "Tasks to payment networks, and to what has no private way, through NAT",
    },
    ...(aws === "endpoints" ? [toEndpoints("application", "Tasks to AWS services")] : []),
    ...databaseWorkers(ports, aws),
    ...(legacy === undefined ? [] : [toLegacy(legacy.port)]),
  ];
}

function toEndpoints(from: Group, what: string): Flow {
  return { from, to: "endpoints", port: 443, description: `${what}, on private ways` };
}

/** AWS DMS and the functions that change passwords: both read credentials, then talk to Aurora. */
function databaseWorkers(ports: Ports, aws: "endpoints" | "world"): Flow[] {
  return [
    {
      from: "replication",
      to: "database",
      port: ports.database,
      description: "Replication between the clusters",
    },
    {
      from: "rotation",
      to: "database",
      port: ports.database,
      description: "New passwords to Aurora",
    },
    { from: "replication", to: aws, port: 443, description: "Replication reads its credentials" },
    { from: "rotation", to: aws, port: 443, description: "Rotation reads and writes credentials" },
  ];
}

function toLegacy(port: number): Flow {
  return {
    from: "replication",
    to: "legacy",
    port,
    description: "Replication reads the on-premises database",
  };
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
    if (isGroup(to)) rules.push({ direction: "ingress", group: to, peer: from, port, description });
    if (isGroup(from))
      rules.push({ direction: "egress", group: from, peer: to, port, description });
    return rules;
  });
}

export function isGroup(place: Place): place is Group {
  return !(OUTSIDE as readonly Place[]).includes(place);
}
