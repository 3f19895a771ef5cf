import { Complaint } from "../../terminal/complaint";
import type { Stack } from "../stack";
import { asSentence, readerSettings } from "./calls";
import { troubleOf } from "./trouble";

/** Whom AWS takes the person for. */
export interface Identity {
  accountId: string;
  arn: string;
}

/** Throws a complaint when AWS does not tell. */
export async function whoCalls(): Promise<Identity> {
  const sts: typeof import("@aws-sdk/client-sts") = require("@aws-sdk/client-sts");
  const client = new sts.STSClient(readerSettings());
  try {
    const { Account, Arn } = await client.send(new sts.GetCallerIdentityCommand({}));
    return { accountId: Account ?? "unknown", arn: Arn ?? "unknown" };
  } catch (error) {
    const call = { permission: "sts:GetCallerIdentity", subject: "the caller" };
    throw new Complaint(asSentence(troubleOf(error, call).clause));
  }
}

/** Throws a complaint when the credentials are another account's than the stack. */
export function checkAccount({ accountId, arn }: Identity, stack: Stack): void {
  if (stack.accountId === undefined || stack.accountId === accountId) return;
  throw new Complaint(
    `Stack ${stack.name} is in account ${stack.accountId}, these credentials are of ${accountId} (${arn}): use those of ${stack.accountId}.`,
  );
}
