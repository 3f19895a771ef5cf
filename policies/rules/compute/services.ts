import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import { at, canBe } from "../../core/values";

const SERVICE = "aws:ecs/service:Service";

export const serviceHardened: ResourceRule = {
  id: "ecs-service-hardened",
  title:
    "Tasks have no public address, run on a mended platform, and a deployment that fails goes back by itself",
  severity: "mandatory",
  controls: {
    pci: ["1.4.4", "6.3.3"],
    securityHub: ["ECS.2", "ECS.10", "ECS.16"],
    checkov: ["CKV_AWS_332", "CKV_AWS_333"],
  },
  types: [SERVICE],
  check: ({ properties }) => {
    const { networkConfiguration, platformVersion, deploymentCircuitBreaker } = properties;
    const enable = at(deploymentCircuitBreaker, "enable");
    const rollback = at(deploymentCircuitBreaker, "rollback");
    return [
      ...when(
        at(networkConfiguration, "assignPublicIp") === true,
        "networkConfiguration.assignPublicIp: got true, allowed: false. Leave it out.",
      ),
      ...must(
        // The newest, where nothing is given.
        canBe(platformVersion, undefined, "LATEST", "1.4.0"),
        "platformVersion",
        platformVersion,
        "1.4.0 or LATEST",
        "Set it.",
      ),
      ...must(
        canBe(enable, true) && canBe(rollback, true),
        "deploymentCircuitBreaker",
        deploymentCircuitBreaker,
        "enable and rollback true",
        "Set both.",
      ),
      ...must(
        canBe(properties.propagateTags, "SERVICE", "TASK_DEFINITION"),
        "propagateTags",
        properties.propagateTags,
        "SERVICE",
        "Set it: tasks would have no tags.",
      ),
    ];
  },
};

export const serviceClosed: ResourceRule = {
  id: "ecs-no-exec",
  title: "Nobody opens a shell in a task that serves payments",
  severity: "mandatory-in-production",
  controls: { other: ["Amazon ECS developer guide, ECS Exec"] },
  types: [SERVICE],
  check: ({ properties: { enableExecuteCommand } }) =>
    when(
      enableExecuteCommand === true,
      "enableExecuteCommand: got true, allowed: false. Leave it out.",
    ),
};
