import type { Verb } from "../../lambdas/cutover/contract";
import type { Ports } from "../../lambdas/cutover/ports";
import type { CutoverState } from "../../lambdas/cutover/state";
import { type TickReport, tick } from "../../lambdas/cutover/tick";
import { type Checker, createChecker } from "../../simulation/checker";
import { PLAN, request } from "./facts";
import { FakeWorld } from "./fakePorts";

/** A world whose every write the checker is told of. */
export interface WatchedWorld {
  world: FakeWorld;
  checker: Checker;
  /** One pass with nobody beside it. */
  alone(verb?: Verb): Promise<TickReport>;
}

/** @param from the state on record at the beginning. @default nothing was ever stored */
export function watchedWorld(from?: CutoverState): WatchedWorld {
  const world = new FakeWorld(from);
  const checker = createChecker(from?.live ?? "blue", () => world.now, from);
  checker.sawInPlace(world.weights);
  Object.assign(world.ports, watched(world, checker));
  const alone = (verb?: Verb) => {
    if (verb !== undefined) checker.sawRequest(request(verb));
    return passOn(world.ports, verb);
  };
  return { world, checker, alone };
}

/** One pass on these ports. */
export function passOn(ports: Ports, verb: Verb | undefined): Promise<TickReport> {
  const asked = verb === undefined ? undefined : request(verb);
  return tick(ports, { plan: PLAN, initialLive: "blue", request: asked });
}

function watched(world: FakeWorld, checker: Checker): Pick<Ports, "router" | "state"> {
  const { router, state } = world.ports;
  const { writeAwsPercent } = router;
  return {
    router: {
      ...router,
      writeWeights: async (weights) => {
        checker.sawWrite(weights);
        const outcome = await router.writeWeights(weights);
        checker.sawInPlace(world.weights);
        return outcome;
      },
      ...(writeAwsPercent && {
        writeAwsPercent: (percent: number) => {
          checker.sawAwsWrite(percent);
          return writeAwsPercent(percent);
        },
      }),
    },
    state: {
      ...state,
      save: async (next, expected, record) => {
        const outcome = await state.save(next, expected, record);
        if (outcome === "saved") checker.sawStored(next, record);
        return outcome;
      },
    },
  };
}
