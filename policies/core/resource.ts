import type { Properties } from "./values";

/** A resource as rules see it, whether Pulumi makes it or a CloudFormation template does. */
export interface Resource {
  /** Pulumi's type token, such as `aws:kms/key:Key`. */
  type: string;
  /** Logical name; for a template's resource `<stack>/<logical id>`. */
  name: string;
  urn: string;
  /** As the program gives them, in Pulumi's names. Secrets are in plain text: never print a value that may be one. */
  properties: Properties;
  /** What AWS answers, the properties among it; unknown values in a preview. */
  outputs: Properties;
  /** Whether Pulumi refuses to delete it. */
  protect: boolean;
  ignoreChanges: readonly string[];
  /** URNs that a property was made from. Undefined where nobody tells. */
  madeFrom: { readonly [property: string]: readonly string[] } | undefined;
  /** A component that a provider makes: its children show only in AWS. */
  remote: boolean;
  /** For a template's resource: logical name of the CloudFormation stack that makes it. */
  template: string | undefined;
}

/** What a rule may know beside the resource. */
export interface Facts {
  /** Name of the environment, such as `prod`; undefined: nobody says, so nothing is relaxed. */
  environment: string | undefined;
  /** Whether this is a place for development, where some rules only advise. */
  relaxed: boolean;
  /** Date as `2026-11-28`, for what ends some day. */
  today: string;
}
