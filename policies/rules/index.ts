import type { Rule } from "../core/rule";
import { leastPrivilege, noBroadPolicies, trustScoped } from "./access/iam";
import { functionFailuresHeard, functionHardened, permissionScoped } from "./compute/functions";
import { serviceClosed, serviceHardened } from "./compute/services";
import { taskHardened, taskImagePinned } from "./compute/tasks";
import { backupElsewhere, backupPlan, clustersBackedUp } from "./data/backups";
import {
  auroraParameters,
  auroraSupported,
  credentialsManaged,
  databaseBackedUp,
  databaseInZones,
  databaseKept,
  databaseLogged,
  databaseNotPublic,
} from "./data/clusters";
import { databaseEvents, groupEvents } from "./data/events";
import {
  endpointCredentials,
  endpointTls,
  replicationInZones,
  replicationLogged,
  replicationNoLoop,
  replicationPrivate,
  replicationSupported,
  replicationUpgraded,
} from "./data/replication";
import { rotatedMonthly, secretsRotated } from "./data/secrets";
import {
  listenerNoPlainHttp,
  listenerTlsPolicy,
  noStickiness,
  targetGroupHttps,
} from "./edge/listeners";
import {
  firewallWatched,
  loadBalancerFirewall,
  loadBalancerHardened,
  loadBalancerKept,
  loadBalancerLogs,
} from "./edge/loadBalancer";
import { topicTlsOnly } from "./edge/topics";
import { kmsDeletionWindow, kmsPolicy, kmsRotation } from "./encryption/keys";
import {
  functionVariablesKey,
  logGroupKept,
  parameterKey,
  queueKey,
  secretKey,
  storageOfTasksKey,
  topicKey,
  trailHardened,
} from "./encryption/services";
import {
  clusterKey,
  insightsKey,
  replicationKey,
  repositoryHardened,
  tableProtected,
  vaultKey,
} from "./encryption/stores";
import { endpointsClosed, endpointsComplete } from "./network/endpoints";
import {
  defaultGroupLocked,
  noInlineRules,
  noOpenEgress,
  noOpenIngress,
  rulesDescribed,
} from "./network/securityGroups";
import {
  aclWithoutAdminPorts,
  databaseSubnetsIsolated,
  flowLogs,
  subnetsWithoutPublicAddresses,
} from "./network/vpc";
import { alarmsActionable, replicationAlarmsHeard } from "./operations/alarms";
import { statefulProtected, tableKept } from "./operations/protection";
import { requiredTags } from "./operations/tags";
import { templateCapabilities, templateInspected } from "./operations/templates";
import { bucketKey, bucketNotPublic, bucketTlsOnly, bucketVersioned } from "./storage/buckets";
import { balancerWeights, recordWeights, weightsLeftAlone } from "./traffic/weights";

/** What a group of rules is about, for people; the rules in the order in which they are listed. */
export const THEMES: readonly { name: string; rules: readonly Rule[] }[] = [
  {
    name: "Encryption at rest",
    rules: [
      kmsRotation,
      kmsDeletionWindow,
      kmsPolicy,
      clusterKey,
      insightsKey,
      replicationKey,
      tableProtected,
      logGroupKept,
      topicKey,
      queueKey,
      secretKey,
      parameterKey,
      bucketKey,
      vaultKey,
      repositoryHardened,
      storageOfTasksKey,
      functionVariablesKey,
      trailHardened,
    ],
  },
  {
    name: "In transit, and at the edge",
    rules: [
      listenerTlsPolicy,
      listenerNoPlainHttp,
      targetGroupHttps,
      noStickiness,
      loadBalancerHardened,
      loadBalancerKept,
      loadBalancerLogs,
      loadBalancerFirewall,
      firewallWatched,
      endpointTls,
      auroraParameters,
      bucketTlsOnly,
      topicTlsOnly,
    ],
  },
  {
    name: "Network",
    rules: [
      noOpenIngress,
      noOpenEgress,
      rulesDescribed,
      noInlineRules,
      defaultGroupLocked,
      subnetsWithoutPublicAddresses,
      flowLogs,
      databaseSubnetsIsolated,
      endpointsComplete,
      endpointsClosed,
      aclWithoutAdminPorts,
      bucketNotPublic,
    ],
  },
  {
    name: "Databases, replication and backups",
    rules: [
      databaseNotPublic,
      databaseBackedUp,
      databaseKept,
      credentialsManaged,
      databaseLogged,
      databaseInZones,
      auroraSupported,
      databaseEvents,
      groupEvents,
      replicationPrivate,
      replicationUpgraded,
      replicationSupported,
      replicationInZones,
      replicationLogged,
      replicationNoLoop,
      endpointCredentials,
      rotatedMonthly,
      secretsRotated,
      backupPlan,
      backupElsewhere,
      clustersBackedUp,
      bucketVersioned,
    ],
  },
  {
    name: "Tasks, functions and permissions",
    rules: [
      taskHardened,
      taskImagePinned,
      serviceHardened,
      serviceClosed,
      functionHardened,
      functionFailuresHeard,
      permissionScoped,
      leastPrivilege,
      noBroadPolicies,
      trustScoped,
    ],
  },
  {
    name: "Traffic and operations",
    rules: [
      balancerWeights,
      recordWeights,
      weightsLeftAlone,
      requiredTags,
      templateInspected,
      templateCapabilities,
      alarmsActionable,
      replicationAlarmsHeard,
      statefulProtected,
      tableKept,
    ],
  },
];

export const RULES: readonly Rule[] = THEMES.flatMap(({ rules }) => rules);

export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);
