import { known } from "../../../lambdas/cutover/ports";
import { decisions, rolledBackTo, UNREAD } from "../../support/decisions";
import { request, shifting, UNSEEN } from "../../support/facts";

/** What is not known, or not yet; each must hold a step, and none may end it. */
const LACKING = {
  "targets-unknown": { targets: UNSEEN },
  "no-healthy-targets": { targets: known({ healthy: 0, unhealthy: 0, initial: 3 }) },
  "alarms-unknown": { redAlarms: UNSEEN },
  "traffic-unknown": { traffic: UNSEEN },
  "few-payments": { traffic: known({ payments: 199, failures: 0 }) },
};

/** What shows that the standby color hurts payments. */
const WORSE = {
  "an unhealthy target": { targets: known({ healthy: 2, unhealthy: 1, initial: 0 }) },
  "a red alarm": { redAlarms: known(["green-5xx"]) },
  "failed payments": { traffic: known({ payments: 1000, failures: 11 }) },
};

describe("decide on evidence that is missing", () => {
  const baking = shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 });
  const baked = shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const last = shifting({ stepIndex: 2, enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const nearlyLate = shifting({ enteredMinutesAgo: 35, bakingMinutesAgo: 34 });
  const late = shifting({ enteredMinutesAgo: 36, bakingMinutesAgo: 35 });
  const back = rolledBackTo("blue");
  for (const [code, standby] of Object.entries(LACKING)) {
    const held = `hold-${code}: shifting, 90/10; nothing`;
    decisions([
      [`holds on ${code} while the step bakes`, baking, { standby }, held],
      [`does not promote on ${code}, though baked`, baked, { standby }, held],
      [`does not complete on ${code}`, last, { standby }, `hold-${code}: shifting, 0/100; nothing`],
      [`holds on ${code} to the end of the longest hold`, nearlyLate, { standby }, held],
      [`takes payments back when ${code} outlasts it`, late, { standby }, back, "held too long"],
    ]);
  }
});

describe("decide on a healthy color after a long time", () => {
  const unwatched = shifting({ enteredMinutesAgo: 90, bakingMinutesAgo: 89 });
  const slow = shifting({ enteredMinutesAgo: 36, bakingMinutesAgo: 4 });
  const promoted = "promote: shifting, 50/50; set 50/50, notify";
  const bakes = "hold-baking: shifting, 90/10; nothing";
  decisions([
    ["does not take payments back because nobody looked for long", unwatched, {}, promoted],
    ["lets it bake to the end when its weights came late", slow, {}, bakes],
  ]);
});

describe("decide on a color that is worse", () => {
  const back = rolledBackTo("blue");
  const states = {
    "before the step is in place": shifting(),
    "while it bakes": shifting({ bakingMinutesAgo: 1 }),
    "when it could be promoted": shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 }),
    "when it was held too long": shifting({ enteredMinutesAgo: 90, bakingMinutesAgo: 89 }),
    "on the last step": shifting({ stepIndex: 2, bakingMinutesAgo: 5 }),
  };
  const blind = { targets: UNSEEN, redAlarms: UNSEEN, traffic: UNSEEN };
  for (const [fault, standby] of Object.entries(WORSE))
    for (const [when, state] of Object.entries(states)) {
      const amongUnknown = { ...blind, ...standby };
      const asked = { standby, request: request("start") };
      decisions([
        [`takes payments back for ${fault} ${when}`, state, { standby }, back, "on green, "],
        [`... though the weights are unknown`, state, { standby, ...UNREAD }, back, "on green, "],
        [`... though all else is unknown`, state, { standby: amongUnknown }, back, "on green, "],
        [`... though a person asks to start`, state, asked, back, "on green, "],
      ]);
    }

  const state = shifting({ bakingMinutesAgo: 1 });
  const green = shifting({ live: "green", bakingMinutesAgo: 1 });
  const asked = { request: request("rollback") };
  const askedBlind = { ...asked, ...UNREAD, standby: blind };
  decisions([
    [
      "takes payments back when a person asks",
      state,
      asked,
      back,
      "alice asked for it (release 42)",
    ],
    ["... though nothing can be seen", state, askedBlind, back, "alice asked for it (release 42)"],
    ["gives payments back to green where green is live", green, asked, rolledBackTo("green")],
  ]);
});
