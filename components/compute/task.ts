import type { Color } from "../../lambdas/cutover/contract";

/** What the container definition is made of; all values resolved. */
export interface ContainerSettings {
  environment: string;
  color: Color;
  image: string;
  region: string;
  logGroupName: string;
  /** Name of the parameter that names the database which takes writes. */
  writerPointerName: string;
  /** What the container does: serve on a port, or run a command of the image to its end. */
  purpose: { port: number } | { command: readonly string[] };
}

/** Name of the one container of a task. */
export const CONTAINER_NAME = "payments";

/** Any user but root. */
const USER = "10001:10001";

/**
 * What the container may write to, since its root is read-only; at most so many MiB, of the task's
 * memory. Nothing is left of it on any disk, and every user may write there: a volume would
 * belong to root unless the image said otherwise.
 */
const SCRATCH = { containerPath: "/tmp", size: 64, mountOptions: ["nodev", "noexec", "nosuid"] };

/**
 * The hardened container: no root, nothing writable but scratch space, no capabilities, nothing secret
 * in its environment.
 *
 * There is no `healthCheck`: the load balancer asks from outside, over the way that payments take, and
 * ECS replaces what it finds unhealthy. A second judge inside would need a client in the image,
 * and could take away tasks that serve well.
 */
export function containerDefinitions(settings: ContainerSettings): string {
  const { purpose } = settings;
  return JSON.stringify([
    {
      name: CONTAINER_NAME,
      image: settings.image,
      essential: true,
      user: USER,
      readonlyRootFilesystem: true,
      privileged: false,
      linuxParameters: {
        capabilities: { drop: ["ALL"] },
        initProcessEnabled: true,
        tmpfs: [SCRATCH],
      },
      ...("port" in purpose
        ? {
            portMappings: [
              { containerPort: purpose.port, hostPort: purpose.port, protocol: "tcp" },
            ],
          }
        : { command: purpose.command }),
      environment: [
        { name: "PAYMENTS_COLOR", value: settings.color },
        { name: "PAYMENTS_ENVIRONMENT", value: settings.environment },
        { name: "PAYMENTS_WRITER_PARAMETER", value: settings.writerPointerName },
        { name: "AWS_REGION", value: settings.region },
      ],
      // Longer than the load balancer takes to stop sending: nothing in flight is cut off.
      stopTimeout: 60,
      logConfiguration: logConfiguration(settings),
    },
  ]);
}

function logConfiguration({ logGroupName, region, color, purpose }: ContainerSettings) {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroupName,
      "awslogs-region": region,
      "awslogs-stream-prefix": "port" in purpose ? color : `${color}-migrations`,
      // A slow log service must not slow payments down.
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}
