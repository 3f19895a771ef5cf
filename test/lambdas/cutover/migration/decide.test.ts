import type { OperatorRequest, Plan } from "../../../../lambdas/cutover/contract";
import { known } from "../../../../lambdas/cutover/ports";
import { decisions, TOUCHED, UNREAD } from "../../../support/decisions";
import {
  FEW,
  idle,
  latched,
  NO_TRAFFIC,
  NOW,
  PLAN,
  red,
  request,
  rollingBack,
  type SeenChanges,
  served,
  shifting,
  UNSEEN,
} from "../../../support/facts";
import {
  atRest,
  latchedAfterMigration,
  MIGRATION_PLAN,
  migrating,
  migratingBack,
} from "../../../support/migration";

/** Goal: every decision about clients from on-premises. Blue is live and serves them. */

const MIGRATE: SeenChanges = { request: request("migrate") };
const FROZEN: Plan = {
  ...MIGRATION_PLAN,
  freeze: { timeZone: "UTC", windows: [{ days: ["thu"], from: "00:00", to: "23:59" }] },
};
const ASKING: Plan = {
  ...MIGRATION_PLAN,
  migration: { steps: [{ awsPercent: 100, bakeMinutes: 5, approval: "Enough capacity?" }] },
};
const asked = (verb: OperatorRequest["verb"]) => ({ request: request(verb) });
const served1000 = (failures = 0) =>
  served({ target: "blue", standby: { payments: 1000, failures } });
const WELL: SeenChanges = { traffic: served1000() };
const HURT: SeenChanges = { traffic: served1000(500) };
/** What only testers did, on the color that nobody pays in. */
const TESTED = served({ target: "green", standby: { payments: 1000 }, live: { payments: 10 } });
const MOVED: SeenChanges = { awsPercent: known(37) };
const DNS_UNREAD: SeenChanges = { awsPercent: UNSEEN };
const UNWELL = { targets: known({ healthy: 2, unhealthy: 1, initial: 0 }) };
const held = { enteredMinutesAgo: 38, bakingMinutesAgo: 36 };
const baked = { enteredMinutesAgo: 8, bakingMinutesAgo: 5 };
const BACK = "roll-back: migrating-back, 100/0, 0 %; lead 0 %, notify";
const ANEW = "migrating, 100/0, 10 %; lead 10 %, notify";

describe("decide, to start a migration", () => {
  decisions(
    [
      [
        "leads the first clients to AWS",
        atRest(0),
        MIGRATE,
        "migrate: migrating, 100/0, 10 %; lead 10 %, notify",
        "Started to lead clients to AWS (release 42): 10 % of the clients to AWS.",
      ],
      [
        "goes on from where clients are",
        atRest(10),
        MIGRATE,
        "migrate: migrating, 100/0, 50 %; lead 50 %, notify",
      ],
      [
        "takes for the beginning what is found, where nothing is on record",
        idle(),
        { ...MIGRATE, awsPercent: known(12.157) },
        "migrate: migrating, 100/0, 50 %; lead 50 %, notify",
      ],
      [
        "is refused where there is no on-premises endpoint",
        idle(),
        MIGRATE,
        "refuse: idle, 100/0; nothing",
        "Refused to migrate: there is no on-premises endpoint (payments:legacyAddresses).",
      ],
      [
        "is refused where all clients come already",
        atRest(100),
        MIGRATE,
        "refuse: idle, 100/0, 100 %; nothing",
        "DNS leads all clients to AWS already",
      ],
      [
        "is refused with every reason at once",
        atRest(0),
        {
          ...MIGRATE,
          ...TOUCHED,
          ...DNS_UNREAD,
          live: { ...UNWELL, redAlarms: red("blue-p99") },
        },
        "refuse: idle, 100/0, 0 %; nothing",
        "Refused to migrate: the weights of DNS are unknown (TimeoutError: no answer); found blue 63 green 37, on record are blue 100 green 0; on blue, 1 of 3 targets are unhealthy; red on blue: blue-p99.",
      ],
      [
        "is refused while DNS is not as on record",
        atRest(0),
        { ...MIGRATE, ...MOVED },
        "refuse: idle, 100/0, 0 %; nothing",
        "DNS leads 37 % of the clients to AWS, on record are 0 %",
      ],
      [
        "is refused while the load balancer's weights are unknown",
        atRest(0),
        { ...MIGRATE, ...UNREAD },
        "refuse: idle, 100/0, 0 %; nothing",
      ],
      [
        "does not ask how the other color is, nor for alarms' data, which no payments make",
        atRest(0),
        { ...MIGRATE, standby: { targets: UNSEEN }, live: { redAlarms: UNSEEN } },
        "migrate: migrating, 100/0, 10 %; lead 10 %, notify",
      ],
      [
        "is refused while a cutover runs",
        { ...shifting({ bakingMinutesAgo: 1 }), awsPercent: 0 },
        MIGRATE,
        "refuse: shifting, 90/10, 0 %; nothing",
        "Refused to migrate: a cutover to green runs.",
      ],
      [
        "is refused while a migration runs",
        migrating({ bakingMinutesAgo: 1 }),
        MIGRATE,
        "refuse: migrating, 100/0, 10 %; nothing",
        "Refused to migrate: a migration to AWS runs.",
      ],
      [
        "is refused while latched",
        { ...latched(), awsPercent: 0 },
        MIGRATE,
        "refuse: rolled-back, 100/0, 0 %; nothing",
        "latched after a rollback because on green, 9 of 10 payments failed; clear it first",
      ],
    ],
    MIGRATION_PLAN,
  );
  decisions(
    [["is refused in a freeze", atRest(0), MIGRATE, "refuse: idle, 100/0, 0 %; nothing", "thu"]],
    FROZEN,
  );
  decisions(
    [
      [
        "is refused where the plan has none",
        atRest(0),
        MIGRATE,
        "refuse: idle, 100/0, 0 %; nothing",
      ],
    ],
    PLAN,
  );
});

describe("decide, while clients are led to AWS", () => {
  decisions([
    [
      "bakes from when DNS has reached nearly everybody",
      migrating(),
      WELL,
      "bake: migrating, 100/0, 10 %; nothing",
      "DNS leads 10 % of the clients to AWS, which reaches nearly everybody within 120 s and then bakes for 5 min.",
    ],
    [
      "waits until then",
      migrating({ bakingMinutesAgo: -0.01 }),
      WELL,
      "hold-dns-reach: migrating, 100/0, 10 %; nothing",
    ],
    [
      "goes on after the bake time",
      migrating(baked),
      WELL,
      "promote: migrating, 100/0, 50 %; lead 50 %, notify",
      "50 % of the clients to AWS",
    ],
    [
      "does not go on before",
      migrating({ bakingMinutesAgo: 4.99 }),
      WELL,
      "hold-baking: migrating, 100/0, 10 %; nothing",
    ],
    [
      "ends after its last step, with all clients on AWS",
      migrating({ ...baked, stepIndex: 2 }),
      WELL,
      "migrated: idle, 100/0, 100 %; notify",
      "DNS leads all clients to AWS",
    ],
    [
      "holds with too few payments",
      migrating(baked),
      { traffic: FEW },
      "hold-few-payments: migrating, 100/0, 10 %; nothing",
    ],
    [
      "is not judged by what testers do on the other color",
      migrating(baked),
      { traffic: TESTED },
      "hold-few-payments: migrating, 100/0, 10 %; nothing",
      "on green 0 of 0",
    ],
    [
      "does not count for a step what came before DNS had reached everybody",
      migrating({ ...baked, bakingMinutesAgo: 0.1, marks: { bakeSkipped: true } }),
      WELL,
      "hold-few-payments: migrating, 100/0, 10 %; nothing",
    ],
    [
      "leads clients back when their payments fail",
      migrating({ bakingMinutesAgo: 1 }),
      HURT,
      BACK,
      "Payments still come here for about 120 s, until DNS has reached nearly everybody.",
    ],
    ["leads clients back before DNS has reached everybody, too", migrating(), HURT, BACK],
    [
      "leads clients back to where they were before",
      migrating({ stepIndex: 1, fromPercent: 10, bakingMinutesAgo: 1 }),
      HURT,
      "roll-back: migrating-back, 100/0, 10 %; lead 10 %, notify",
    ],
    [
      "leads clients back from an unhealthy target",
      migrating({ bakingMinutesAgo: 1 }),
      { ...WELL, live: UNWELL },
      BACK,
    ],
    [
      "leads clients back when an alarm turns red, whatever the other color's",
      migrating({ bakingMinutesAgo: 1 }),
      {
        ...WELL,
        live: { redAlarms: red("blue-p99") },
        standby: { redAlarms: red("green-p99") },
      },
      BACK,
    ],
    [
      "does not care how the other color is",
      migrating(baked),
      { ...WELL, standby: { ...UNWELL, redAlarms: red("green-p99") } },
      "promote: migrating, 100/0, 50 %; lead 50 %, notify",
    ],
    ["leads clients back when a person asks", migrating(), { ...WELL, ...asked("rollback") }, BACK],
    [
      "leads clients back after the longest hold",
      migrating(held),
      { traffic: NO_TRAFFIC },
      BACK,
      "the step was held too long",
    ],
    [
      "gives DNS its time before it speaks of a long hold",
      migrating({ enteredMinutesAgo: 36.9, bakingMinutesAgo: 34 }),
      { traffic: NO_TRAFFIC },
      "hold-few-payments: migrating, 100/0, 10 %; nothing",
    ],
    [
      "holds while the weights of DNS are unknown",
      migrating(baked),
      { ...WELL, ...DNS_UNREAD },
      "hold-dns-unknown: migrating, 100/0, 10 %; nothing",
      "the weights of DNS are unknown (TimeoutError: no answer)",
    ],
    ["and leads clients back when that lasts", migrating(held), { ...WELL, ...DNS_UNREAD }, BACK],
    [
      "holds while the load balancer's weights are unknown",
      migrating(baked),
      { ...WELL, ...UNREAD },
      "hold-weights-unknown: migrating, 100/0, 10 %; nothing",
    ],
    [
      "sets the weights of DNS again",
      migrating(baked),
      { ...WELL, ...MOVED },
      "set-again: migrating, 100/0, 10 %; lead 10 %",
      "DNS leads 37 % of the clients to AWS, on record are 10 %",
    ],
    [
      "puts the load balancer's weights back, and DNS's after them",
      migrating(baked),
      { ...WELL, ...TOUCHED, ...MOVED },
      "heal-drift: migrating, 100/0, 10 %; set 100/0, lead 10 %",
    ],
    [
      "takes nothing for final while another pass may still set weights",
      { ...migrating(baked), actsUntil: NOW + 1 },
      WELL,
      "hold-lease: migrating, 100/0, 10 %; nothing",
    ],
    [
      "ends where the configuration has no on-premises endpoint any more",
      migrating(baked),
      { ...WELL, awsPercent: undefined },
      "migration-gone: idle, 100/0, 10 %; notify",
    ],
    [
      "refuses a cutover",
      migrating(baked),
      { ...WELL, ...asked("start") },
      "refuse: migrating, 100/0, 10 %; nothing",
      "Refused to start: a migration to AWS runs.",
    ],
  ]);
});

describe("decide, what people do to a migration", () => {
  const paused = migrating({ bakingMinutesAgo: 1, marks: { pausedBy: "bob" } });
  decisions([
    [
      "pauses",
      migrating({ bakingMinutesAgo: 1 }),
      { ...WELL, ...asked("pause") },
      "pause: migrating, 100/0, 10 %; notify",
      "alice paused the migration at 10 % of the clients to AWS",
    ],
    [
      "leaves the weights to people in a pause",
      paused,
      { ...WELL, ...MOVED },
      "hold-paused: migrating, 100/0, 10 %; nothing",
    ],
    ["leads clients back in a pause", paused, HURT, BACK],
    ["begins the step anew", paused, { ...WELL, ...asked("resume") }, `resume: ${ANEW}`],
    [
      "ends the bake time",
      migrating({ bakingMinutesAgo: 1 }),
      { ...WELL, ...asked("skip-bake") },
      "skip-bake: migrating, 100/0, 10 %; notify",
    ],
    [
      "does not end DNS's own time with it",
      migrating({ bakingMinutesAgo: -0.01, marks: { bakeSkipped: true } }),
      WELL,
      "hold-dns-reach: migrating, 100/0, 10 %; nothing",
    ],
    [
      "asks for an approval, once",
      migrating({ ...baked, plan: ASKING }),
      WELL,
      "ask-approval: migrating, 100/0, 100 %; notify",
      "Enough capacity?",
    ],
    [
      "waits for the approval",
      migrating({ ...baked, plan: ASKING, marks: { approvalAsked: true } }),
      WELL,
      "hold-approval: migrating, 100/0, 100 %; nothing",
    ],
    [
      "leads clients back when nobody approves",
      migrating({ ...held, plan: ASKING, marks: { approvalAsked: true } }),
      WELL,
      BACK,
      "nobody approved it",
    ],
    [
      "goes on when somebody has",
      migrating({ ...baked, plan: ASKING, marks: { approvedBy: "bob" } }),
      WELL,
      "migrated: idle, 100/0, 100 %; notify",
    ],
    [
      "waits for the end of a freeze",
      migrating({ ...baked, plan: FROZEN }),
      WELL,
      "hold-freeze: migrating, 100/0, 10 %; nothing",
    ],
    [
      "waits for the end of a freeze with what lacks something",
      migrating({ ...held, plan: FROZEN, marks: { frozen: true } }),
      { traffic: NO_TRAFFIC },
      "hold-freeze: migrating, 100/0, 10 %; nothing",
    ],
    [
      "begins the step anew that a freeze held too long",
      migrating({ ...held, marks: { frozen: true } }),
      { traffic: NO_TRAFFIC },
      `begin-anew: ${ANEW}`,
    ],
  ]);
});

describe("decide, while clients are led back", () => {
  decisions([
    [
      "is over when DNS is read back",
      migratingBack(),
      {},
      "rolled-back: rolled-back, 100/0, 0 %; notify",
      "which reaches nearly everybody within 120 s; latched until a person clears it",
    ],
    [
      "is not over while another pass may still set weights",
      { ...migratingBack(), actsUntil: NOW + 1 },
      {},
      "hold-lease: migrating-back, 100/0, 0 %; nothing",
    ],
    [
      "sets the weights again",
      migratingBack(),
      MOVED,
      "set-again: migrating-back, 100/0, 0 %; lead 0 %",
    ],
    [
      "sets the weights again while they are unknown",
      migratingBack(),
      DNS_UNREAD,
      "set-again: migrating-back, 100/0, 0 %; lead 0 %",
    ],
    [
      "sets the load balancer's weights first, where they differ",
      migratingBack(),
      { ...MOVED, ...TOUCHED },
      "set-again: migrating-back, 100/0, 0 %; set 100/0, lead 0 %",
    ],
    [
      "ends where there is no on-premises endpoint any more",
      migratingBack(),
      { awsPercent: undefined },
      "migration-gone: idle, 100/0, 0 %; notify",
    ],
    [
      "is latched until a person clears it",
      latchedAfterMigration(),
      asked("clear"),
      "clear: idle, 100/0, 0 %; notify",
      "set because on blue, 9 of 10 payments failed",
    ],
    [
      "refuses cutovers while latched",
      latchedAfterMigration(),
      asked("start"),
      "refuse: rolled-back, 100/0, 0 %; nothing",
    ],
  ]);
});

describe("decide, while somebody changes the weights of DNS", () => {
  const cutover = { ...shifting({ bakingMinutesAgo: 1 }), awsPercent: 20 };
  decisions([
    [
      "puts on record what is found at first, rounded towards on-premises",
      idle(),
      { awsPercent: known(12.745) },
      "note-dns: idle, 100/0, 12 %; nothing",
      "DNS leads 12 % of the clients to AWS",
    ],
    ["notes nothing that is unknown", idle(), DNS_UNREAD, "idle: idle, 100/0; nothing"],
    [
      "puts them back while nothing moves",
      atRest(20),
      MOVED,
      "heal-dns: idle, 100/0, 20 %; lead 20 %, notify",
      "Put DNS back: DNS leads 37 % of the clients to AWS, on record are 20 %.",
    ],
    [
      "puts them back while latched",
      latchedAfterMigration(),
      MOVED,
      "heal-dns: rolled-back, 100/0, 0 %; lead 0 %, notify",
    ],
    [
      "puts them back while a cutover bakes",
      cutover,
      MOVED,
      "heal-dns: shifting, 90/10, 20 %; lead 20 %, notify",
    ],
    [
      "puts both back, the load balancer's first",
      atRest(20),
      { ...MOVED, ...TOUCHED },
      "heal-drift: idle, 100/0, 20 %; set 100/0, lead 20 %, notify",
    ],
    [
      "takes payments back first, in one call, and puts DNS back before it tells people",
      cutover,
      { ...MOVED, ...asked("rollback") },
      "roll-back: rolling-back, 100/0, 20 %; set 100/0, lead 20 %, notify",
    ],
    [
      "leaves DNS alone in a rollback of payments when it is as on record",
      cutover,
      asked("rollback"),
      "roll-back: rolling-back, 100/0, 20 %; set 100/0, notify",
    ],
    [
      "puts DNS back as a rollback of payments ends",
      { ...rollingBack(), awsPercent: 20 },
      MOVED,
      "rolled-back: rolled-back, 100/0, 20 %; lead 20 %, notify",
    ],
    [
      "leaves them to people while a cutover is paused",
      {
        ...shifting({ bakingMinutesAgo: 1, marks: { pausedBy: "bob" } }),
        awsPercent: 20,
      },
      MOVED,
      "hold-paused: shifting, 90/10, 20 %; nothing",
    ],
    [
      "changes nothing with a refusal",
      atRest(20),
      { ...MOVED, ...asked("clear") },
      "refuse: idle, 100/0, 20 %; nothing",
    ],
    [
      "does nothing about what is unknown",
      atRest(20),
      DNS_UNREAD,
      "idle: idle, 100/0, 20 %; nothing",
    ],
  ]);
});
