import type { Color } from "../../lambdas/cutover/contract";

/** What the container definition is made of; all values resolved. */
export interface ContainerSettings {
  environment: string;
  color: Color;
  image: string;
  port: number;
  region: string;
  logGroupName: string;
  /** Name of the parameter that names the database which takes writes. */
  writerPointerName: string;
}

/** Name of the one container of a task. */
export const CONTAINER_NAME = "payments";

/** Any user but root. */
const USER = "10001:10001";

/** The hardened container: no root, nothing writable, no capabilities, nothing secret in its environment. */
export function containerDefinitions(settings: ContainerSettings): string {
  return JSON.stringify([
    {
      name: CONTAINER_NAME,
      image: settings.image,
      essential: true,
      user: USER,
      readonlyRootFilesystem: true,
      privileged: false,
      linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
      portMappings: [{ containerPort: settings.port, hostPort: settings.port, protocol: "tcp" }],
      environment: [
        { name: "PAYMENTS_COLOR", value: settings.color },
        { name: "PAYMENTS_ENVIRONMENT", value: settings.environment },
        { name: "PAYMENTS_WRITER_PARAMETER", value: settings.writerPointerName },
      ],
      // Longer than the load balancer takes to stop sending: nothing in flight is cut off.
      stopTimeout: 60,
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": settings.logGroupName,
          "awslogs-region": settings.region,
          "awslogs-stream-prefix": settings.color,
          // A slow log service must not slow payments down.
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
    },
  ]);
}
