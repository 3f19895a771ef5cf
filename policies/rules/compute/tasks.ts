import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import {
  at,
  canBe,
  canMatch,
  isMissing,
  items,
  parsed,
  UNKNOWN,
  type Value,
} from "../../core/values";
import { looksSecret } from "../encryption/services";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";

export const taskHardened: ResourceRule = {
  id: "ecs-task-hardened",
  title:
    "Containers run without root and privileges, write nothing but their log, and carry no secret in plain text",
  severity: "mandatory",
  controls: {
    pci: ["8.6.2"],
    securityHub: ["ECS.3", "ECS.4", "ECS.5", "ECS.8", "ECS.9", "ECS.17", "ECS.20"],
    checkov: ["CKV_AWS_249", "CKV_AWS_334", "CKV_AWS_335", "CKV_AWS_336"],
  },
  types: [TASK],
  check: ({ properties }) => {
    const { networkMode, pidMode, executionRoleArn, taskRoleArn } = properties;
    return [
      ...must(canBe(networkMode, "awsvpc"), "networkMode", networkMode, "awsvpc", "Set it."),
      ...must(canBe(pidMode, undefined, "task"), "pidMode", pidMode, "nothing", "Leave it out."),
      ...when(
        typeof taskRoleArn === "string" && taskRoleArn === executionRoleArn,
        "taskRoleArn: got the role that starts the task, allowed: one of its own. Make one with what the application needs.",
      ),
      ...containersOf(properties.containerDefinitions).flatMap(containerMistakes),
    ];
  },
};

function containersOf(definitions: Value): readonly Value[] {
  return items(parsed(definitions));
}

function containerMistakes(container: Value): string[] {
  const name = String(at(container, "name"));
  const readOnly = at(container, "readonlyRootFilesystem");
  const user = at(container, "user");
  const privileged = at(container, "privileged");
  const log = at(container, "logConfiguration");
  return [
    ...must(canBe(readOnly, true), `${name}: readonlyRootFilesystem`, readOnly, "true", "Set it."),
    ...must(
      isNotRoot(user),
      `${name}: user`,
      user,
      "a user that is not root",
      "Name one by number.",
    ),
    ...must(
      canBe(privileged, undefined, false),
      `${name}: privileged`,
      privileged,
      "false",
      "Leave it out.",
    ),
    ...must(
      !isMissing(log),
      `${name}: logConfiguration`,
      log,
      "a log group",
      "Send its output there.",
    ),
    ...secretNames(container).map(
      (variable) =>
        `${name}: environment ${variable}: looks secret, and whoever may describe the task reads it. Use secrets with the ARN instead.`,
    ),
  ];
}

function isNotRoot(user: Value): boolean {
  return user === UNKNOWN || (!isMissing(user) && !/^(root|0)(:|$)/.test(String(user)));
}

function secretNames(container: Value): string[] {
  return items(at(container, "environment"))
    .map((variable) => String(at(variable, "name")))
    .filter(looksSecret);
}

export const taskImagePinned: ResourceRule = {
  id: "ecs-image-pinned",
  title: "What runs is named by its digest: a tag may come to mean something else",
  severity: "mandatory-in-production",
  controls: { other: ["Amazon ECS developer guide, container image resolution"] },
  types: [TASK],
  check: ({ properties: { containerDefinitions } }) =>
    containersOf(containerDefinitions).flatMap((container) => {
      const image = at(container, "image");
      return must(
        canMatch(image, /@sha256:[0-9a-f]{64}$/),
        `${String(at(container, "name"))}: image`,
        image,
        "one with @sha256: and its digest",
        "Name the digest in payments:blueImage or payments:greenImage.",
      );
    }),
};
