import { type Color, otherColor } from "../contract";
import { evidenceBefore, settledEvidence } from "../evidence/gather";
import { judge } from "../evidence/judge";
import type { Observation } from "../observe";
import { type Known, known, noCounts, type Period, type TrafficFacts, unknown } from "../ports";
import type { Cutover, Migration } from "../state";

/**
 * Judges the color that serves the clients who come from on-premises. There is no control: nothing
 * counts payments over there, and what testers do on the other color tells nothing of clients. So the
 * plan's limits alone decide.
 */
export function judgeLive(seen: Observation, migration: Migration, live: Color) {
  const none = unknown<never>("there is no control");
  const control = { targets: none, redAlarms: none };
  const traffic = ofLive(seen.traffic, live);
  return judge({ ...seen, standby: seen.live, live: control, traffic }, asCutover(migration, live));
}

/** The migration, with what is now settled of its evidence. */
export function withSettled(seen: Observation, migration: Migration, live: Color): Migration {
  const traffic = ofLive(seen.traffic, live);
  const evidence = settledEvidence(asCutover(migration, live), traffic, seen.now);
  return { ...migration, evidence };
}

/** Only what came once DNS had reached nearly everybody tells of the step's clients. */
function asCutover(migration: Migration, live: Color): Cutover {
  const { bakingSince: stepEnteredAt = Number.POSITIVE_INFINITY } = migration;
  return { ...migration, evidence: evidenceBefore(migration), stepEnteredAt, target: live };
}

function ofLive({ application, loadBalancer }: TrafficFacts, live: Color): TrafficFacts {
  const alone = (facts: Known<Period[]>) =>
    facts.known
      ? known(facts.value.map((period) => ({ ...period, [otherColor(live)]: noCounts() })))
      : facts;
  return { application: alone(application), loadBalancer: alone(loadBalancer) };
}
