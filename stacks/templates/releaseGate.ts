import type { Template } from "../../components/cloudformation/template";
import { COLORS } from "../../lambdas/cutover/contract";
import {
  RELEASE_MODES,
  RESOURCE_TYPE,
  type ReleaseProperties,
  SERVICE_TIMEOUT_SECONDS,
} from "../../lambdas/cutover/gate/contract";

/**
 * The release gate: a resource that is updated by moving the payments. CloudFormation sends each change
 * of its properties to the controller and waits for the answer; a failed one takes the stack back.
 * It has no outputs: one that could not be read would fail an update after the payments have moved.
 */
export function releaseGateTemplate(environment: string): Template {
  const properties: { [name in keyof ReleaseProperties]: unknown } = {
    Environment: environment,
    Live: { Ref: "Live" },
    BlueImage: { Ref: "BlueImage" },
    GreenImage: { Ref: "GreenImage" },
    BlueServiceArn: { Ref: "BlueServiceArn" },
    GreenServiceArn: { Ref: "GreenServiceArn" },
    BlueTaskArn: { Ref: "BlueTaskArn" },
    GreenTaskArn: { Ref: "GreenTaskArn" },
    Mode: { Ref: "Mode" },
  };
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `payments ${environment}: moves the payments to the color that is to be live`,
    Parameters: {
      ControllerArn: { Type: "String", Description: "The function that moves the payments" },
      Live: {
        Type: "String",
        Description: "Color that should carry the payments",
        AllowedValues: [...COLORS],
      },
      BlueImage: { Type: "String", Description: "What runs in blue" },
      GreenImage: { Type: "String", Description: "What runs in green" },
      BlueServiceArn: { Type: "String", Description: "Service of blue" },
      GreenServiceArn: { Type: "String", Description: "Service of green" },
      BlueTaskArn: { Type: "String", Description: "Task definition of blue" },
      GreenTaskArn: { Type: "String", Description: "Task definition of green" },
      Mode: {
        Type: "String",
        Description: "Whether the stack waits for the end of a cutover",
        AllowedValues: [...RELEASE_MODES],
      },
    },
    Resources: {
      ReleaseGate: {
        Type: RESOURCE_TYPE,
        Properties: {
          ServiceToken: { Ref: "ControllerArn" },
          ServiceTimeout: SERVICE_TIMEOUT_SECONDS,
          ...properties,
        },
      },
    },
  };
}
