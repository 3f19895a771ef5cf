import { must, when } from "../../core/messages";
import {
  conditionKeys,
  isEverybody,
  type Statement,
  statementsOf,
} from "../../core/policyDocument";
import type { ResourceRule } from "../../core/rule";
import { canBe, canBeWithin, isMissing } from "../../core/values";

const KEY = "aws:kms/key:Key";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";

export const kmsRotation: ResourceRule = {
  id: "kms-rotation-enabled",
  title: "AWS renews the material of every symmetric key at least once a year",
  severity: "mandatory",
  controls: {
    pci: ["3.7.4"],
    securityHub: ["KMS.4"],
    checkov: ["CKV_AWS_7"],
    other: ["cfn-guard CMK_BACKING_KEY_ROTATION_ENABLED"],
  },
  types: [KEY],
  check: ({ properties }) => {
    const { keyUsage, customerMasterKeySpec, enableKeyRotation, rotationPeriodInDays } = properties;
    // AWS cannot renew keys of other kinds by itself.
    const symmetric =
      (isMissing(keyUsage) || keyUsage === "ENCRYPT_DECRYPT") &&
      (isMissing(customerMasterKeySpec) || customerMasterKeySpec === "SYMMETRIC_DEFAULT");
    if (!symmetric) return [];
    return [
      ...must(
        canBe(enableKeyRotation, true),
        "enableKeyRotation",
        enableKeyRotation,
        "true",
        "Set it.",
      ),
      ...must(
        // A year, where nothing is given.
        isMissing(rotationPeriodInDays) || canBeWithin(rotationPeriodInDays, 90, 365),
        "rotationPeriodInDays",
        rotationPeriodInDays,
        "90 to 365",
        "Shorten it to a year.",
      ),
    ];
  },
};

/** Days in which a deletion by mistake can be called off: AWS's longest. */
const LEAST_WINDOW_DAYS = 30;

export const kmsDeletionWindow: ResourceRule = {
  id: "kms-deletion-window",
  title: "A key that is deleted by mistake can be had back for 30 days",
  severity: "mandatory-in-production",
  controls: { securityHub: ["KMS.3"] },
  types: [KEY],
  check: ({ properties: { deletionWindowInDays } }) =>
    must(
      // As long, where nothing is given.
      isMissing(deletionWindowInDays) || canBeWithin(deletionWindowInDays, LEAST_WINDOW_DAYS),
      "deletionWindowInDays",
      deletionWindowInDays,
      `${LEAST_WINDOW_DAYS}`,
      "Leave it out, or set payments:deletionProtection true.",
    ),
};

export const kmsPolicy: ResourceRule = {
  id: "kms-policy-no-wildcard",
  title: "A key has a policy of its own, which lets nobody in whom it does not name",
  severity: "mandatory",
  controls: {
    securityHub: ["KMS.5"],
    checkov: ["CKV_AWS_33", "CKV2_AWS_64"],
    other: ["cfn-guard KMS_NO_WILDCARD_PRINCIPAL"],
  },
  types: [KEY, KEY_POLICY],
  check: ({ properties }) => {
    const { policy, bypassPolicyLockoutSafetyCheck } = properties;
    return [
      ...must(
        !isMissing(policy),
        "policy",
        policy,
        "a policy document",
        "Give the key a policy that names its users.",
      ),
      ...statementsOf(policy).flatMap(openStatement),
      ...must(
        bypassPolicyLockoutSafetyCheck !== true,
        "bypassPolicyLockoutSafetyCheck",
        bypassPolicyLockoutSafetyCheck,
        "false",
        "Leave it out: it lets a policy lock out whoever could mend it.",
      ),
    ];
  },
};

/** Conditions that say from whose account, or by which service, a key is used. */
const BOUNDS = ["kms:calleraccount", "kms:viaservice"];

function openStatement(statement: Statement): string[] {
  const { sid, effect, principal } = statement;
  const bounded = conditionKeys(statement).some((key) => BOUNDS.includes(key));
  return when(
    effect === "Allow" && isEverybody(principal) && !bounded,
    `policy, ${sid}: got Principal "*" without kms:CallerAccount or kms:ViaService, allowed: named principals. Name them, or add the condition.`,
  );
}
