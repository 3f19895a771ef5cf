import { harmless } from "../../terminal/layout";

/** A person in AWS's words: a session of a role, or a user. */
const PERSON =
  /arn:aws[\w-]*:(?:sts|iam)::\d*:(?:assumed-role|user|federated-user)\/((?:[\w+=,.@-]+\/)*[\w+=,.@-]*[\w+=@-])/g;

/** The text on one line, with people by what tells them apart, such as `Operators/alice`. */
export function withShortNames(text: string): string {
  return harmless(text).replace(PERSON, "$1");
}
