import { digits } from "./arn";
import { makers } from "./makers";
import type { Properties } from "./values";
import { reveal } from "./values";

/** A resource that needs an id and outputs. */
export interface Subject {
  urn: string;
  type: string;
  name: string;
  inputs: Properties;
}

/** What a provider would answer. */
export interface Made {
  id: string;
  outputs: Properties;
}

/** Inputs that give a resource its physical name, where it isn't `name`. */
const NAME_INPUTS: { [type: string]: string } = {
  "aws:backup/plan:Plan": "name",
  "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "alarmName",
  "aws:dms/endpoint:Endpoint": "endpointId",
  "aws:dms/replicationInstance:ReplicationInstance": "replicationInstanceId",
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": "replicationSubnetGroupId",
  "aws:dms/replicationTask:ReplicationTask": "replicationTaskId",
  "aws:ecs/taskDefinition:TaskDefinition": "family",
  "aws:rds/cluster:Cluster": "clusterIdentifier",
  "aws:rds/clusterInstance:ClusterInstance": "identifier",
  "aws:s3/bucket:Bucket": "bucket",
};

/**
 * Makes up the id and outputs of a resource, so that a whole program can be evaluated: the shapes
 * are AWS's, the values are invented, and the same program always gets the same ones.
 */
export function synthesize(subject: Subject, region: string): Made {
  const inputs = reveal<Properties>(subject.inputs);
  const input = NAME_INPUTS[subject.type] ?? "name";
  // Pulumi's own naming: the logical name and a random end.
  const name = String(inputs[input] ?? `${subject.name}-${digits(subject.urn, 7)}`);
  const parts = { ...subject, inputs, region, physicalName: name };
  const { id, ...outputs } = makers(subject.type)(parts);
  return { id: String(id ?? name), outputs: { ...outputs } };
}
