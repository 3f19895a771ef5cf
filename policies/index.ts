import { PolicyPack } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import { dayOf, factsOf } from "./core/rule";
import { EXEMPTIONS } from "./exemptions";
import { policiesFor } from "./pack/policies";
import { RULES } from "./rules";

// `pulumi preview --policy-pack policies`. The environment is the stack's own: payments:environment.
const environment = new Config("payments").get("environment");
const facts = factsOf(environment, dayOf(new Date()));

new PolicyPack("payments", { policies: policiesFor(RULES, EXEMPTIONS, facts) });
