import { tryOurs } from "../simulation/peers/ours";
import { peersOf } from "../simulation/peers/peers";
import { type Trial, tryPeer } from "../simulation/peers/trial";
import { type Job, RULES, scenarioOf } from "./peersGrid";
import { PRODUCTION_PLAN } from "./plan";

const PEERS = peersOf(PRODUCTION_PLAN);

/** The job's trials, in the order of their seeds. */
export async function runJob({ rule, firstSeed, seeds, ...cell }: Job): Promise<Trial[]> {
  const { paymentsPerHour } = cell;
  const scenario = scenarioOf(cell.faultPercent);
  const tickSeconds = RULES.find(({ name }) => name === rule)?.tickSeconds;
  const peer = PEERS.find(({ name }) => name === rule);
  const trials: Trial[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const given = { scenario, paymentsPerHour, seed };
    if (tickSeconds !== undefined)
      trials.push(await tryOurs({ ...given, plan: PRODUCTION_PLAN, tickSeconds }));
    else if (peer !== undefined)
      trials.push(tryPeer(peer, { ...given, limits: PRODUCTION_PLAN.limits }));
    else throw new Error(`there is no rule ${rule}`);
  }
  return trials;
}
