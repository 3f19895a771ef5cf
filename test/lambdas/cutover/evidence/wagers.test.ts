import assert from "node:assert/strict";
import {
  ALTERNATIVES,
  afterPeriod,
  gainsOverLimit,
  gainsOverLive,
  logPurse,
  logSum,
  noBets,
  stakedBy,
  type Tally,
  withoutGains,
} from "../../../../lambdas/cutover/evidence/wagers";
import { seededRandom } from "../../../../simulation/random";

/**
 * Goal: the bets are fair where the standby color is no worse, whatever else is so; all the rest of
 * what the controller promises about false rollbacks follows from that.
 * Method: where counts are small, every outcome is enumerated with its probability; the formulas here
 * are written anew, without logarithms.
 */

const MINUTE = 60_000;

function tally(events: number, payments: number): Tally {
  return { events, payments };
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let index = 0; index < k; index++) ways = (ways * (n - index)) / (index + 1);
  return ways;
}

/** Mean of the factor by which each bet grows, over all outcomes with their probabilities. */
function means(outcomes: [probability: number, gains: number[]][]): number[] {
  return ALTERNATIVES.map((_, index) =>
    outcomes.reduce((sum, [chance, gains]) => sum + chance * Math.exp(gains[index] ?? 0), 0),
  );
}

function assertClose(got: number, expected: number, tolerance = 1e-9): void {
  assert.ok(
    Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${got} is not ${expected}`,
  );
}

describe("gainsOverLive", () => {
  const served: [standby: number, live: number][] = [
    [1, 1],
    [3, 27],
    [20, 20],
    [18, 2],
    [30, 1],
  ];

  for (const [standby, live] of served)
    it(`is no better than fair where both fail alike: ${standby} and ${live} payments`, () => {
      for (let events = 0; events <= Math.min(standby + live, 8); events++) {
        const ways = choose(standby + live, events);
        const outcomes = Array.from({ length: events + 1 }, (_, k): [number, number[]] => [
          (choose(standby, k) * choose(live, events - k)) / ways,
          gainsOverLive(tally(k, standby), tally(events - k, live)),
        ]);
        for (const mean of means(outcomes)) assert.ok(mean <= 1 + 1e-12, `${events}: ${mean}`);
      }
    });

  for (const ratio of [0.1, 0.5, 0.9])
    it(`loses where the standby color fails ${ratio} times as often`, () => {
      const [standby, live, chance] = [6, 9, 0.2];
      const outcomes: [number, number[]][] = [];
      const binomial = (n: number, k: number, p: number) =>
        choose(n, k) * p ** k * (1 - p) ** (n - k);
      for (let k = 0; k <= standby; k++)
        for (let l = 0; l <= live; l++)
          outcomes.push([
            binomial(standby, k, chance * ratio) * binomial(live, l, chance),
            gainsOverLive(tally(k, standby), tally(l, live)),
          ]);
      for (const mean of means(outcomes)) assert.ok(mean < 1, `${mean}`);
    });

  it("is what a bet on each share of the events pays", () => {
    const [standby, live] = [tally(4, 100), tally(3, 900)];
    const share = 100 / 1000;
    ALTERNATIVES.forEach((ratio, index) => {
      const supposed = (share * ratio) / (share * ratio + 1 - share);
      const paid = (supposed / share) ** 4 * ((1 - supposed) / (1 - share)) ** 3;
      assertClose(Math.exp(gainsOverLive(standby, live)[index] ?? 0), paid);
    });
  });

  it("grows with each failure of the standby color, and shrinks with each of the live one", () => {
    const [base = 0] = gainsOverLive(tally(4, 100), tally(3, 900));
    assert.ok((gainsOverLive(tally(5, 100), tally(3, 900))[0] ?? 0) > base);
    assert.ok((gainsOverLive(tally(4, 100), tally(4, 900))[0] ?? 0) < base);
  });

  it("says nothing where one of the colors served nothing", () => {
    const nothing = ALTERNATIVES.map(() => 0);
    assert.deepEqual(gainsOverLive(tally(5, 100), tally(0, 0)), nothing);
    assert.deepEqual(gainsOverLive(tally(0, 0), tally(5, 100)), nothing);
    assert.deepEqual(gainsOverLive(tally(0, 0), tally(0, 0)), nothing);
  });

  it("takes failures without payments for payments, since they were tried", () => {
    const gains = gainsOverLive(tally(9, 0), tally(0, 90));
    assert.deepEqual(gains, gainsOverLive(tally(9, 9), tally(0, 90)));
    assert.ok(gains.every((gain) => gain > 0));
  });
});

describe("gainsOverLimit", () => {
  for (const limit of [0.001, 0.01, 0.3, 0.9])
    it(`is fair at the limit, and loses below it: ${limit}`, () => {
      for (const chance of [limit, limit / 2, limit / 50]) {
        const outcomes = Array.from({ length: 13 }, (_, k): [number, number[]] => [
          choose(12, k) * chance ** k * (1 - chance) ** (12 - k),
          gainsOverLimit(tally(k, 12), limit),
        ]);
        for (const mean of means(outcomes)) {
          assert.ok(mean <= 1 + 1e-9, `${mean}`);
          if (chance === limit) assertClose(mean, 1);
        }
      }
    });

  it("stays finite where everything fails, or nothing does", () => {
    for (const limit of [0.001, 0.5, 0.999])
      for (const events of [0, 1_000_000])
        for (const gain of gainsOverLimit(tally(events, 1_000_000), limit))
          assert.ok(Number.isFinite(gain), `${limit} ${events}`);
  });

  it("counts more failures than payments as failures, and no payment as served", () => {
    assert.deepEqual(gainsOverLimit(tally(5, 2), 0.01), gainsOverLimit(tally(5, 5), 0.01));
  });
});

describe("stakedBy", () => {
  it("stakes half at once, half of the rest in an hour, and never all", () => {
    assert.equal(stakedBy(0), 0.5);
    assert.equal(stakedBy(60 * MINUTE), 0.75);
    assert.ok(stakedBy(7 * 24 * 60 * MINUTE) < 1);
    assert.equal(stakedBy(-MINUTE), 0.5);
  });
});

describe("logSum", () => {
  it("adds what is given as logarithms, huge and tiny", () => {
    assertClose(logSum([Math.log(2), Math.log(3)]), Math.log(5));
    assertClose(logSum([1000, 1000]), 1000 + Math.log(2));
    assert.equal(logSum([Number.NEGATIVE_INFINITY, 5]), 5);
    assert.equal(logSum([Number.NEGATIVE_INFINITY]), Number.NEGATIVE_INFINITY);
  });
});

describe("withoutGains", () => {
  it("throws away what was won, keeps its proportions, and leaves what was lost", () => {
    const won = ALTERNATIVES.map((_, index) => index);
    const kept = withoutGains(won, 0.6);
    assertClose(logPurse(kept, 0.6), 0);
    assertClose((kept[3] ?? 0) - (kept[1] ?? 0), 2);
    const lost = ALTERNATIVES.map(() => -5);
    assert.deepEqual(withoutGains(lost, 0.6), lost);
    assert.deepEqual(withoutGains(noBets(), 0), noBets());
  });
});

describe("a purse", () => {
  interface Minute {
    standby: Tally;
    live: Tally;
  }

  function purseAfter(minutes: Minute[]): number {
    let bets = noBets();
    let staked = 0;
    minutes.forEach(({ standby, live }, minute) => {
      const now = stakedBy(minute * MINUTE);
      bets = afterPeriod(bets, gainsOverLive(standby, live), now - staked);
      staked = now;
    });
    return Math.exp(logPurse(bets, staked));
  }

  /** The mean over every alternative and every time to begin, each followed by itself. */
  function purseByHand(minutes: Minute[]): number {
    const share = (minute: number) =>
      minute === 0 ? stakedBy(0) : stakedBy(minute * MINUTE) - stakedBy((minute - 1) * MINUTE);
    let purse = 1 - stakedBy((minutes.length - 1) * MINUTE);
    ALTERNATIVES.forEach((ratio) => {
      minutes.forEach((_, from) => {
        let bet = share(from) / ALTERNATIVES.length;
        for (const { standby, live } of minutes.slice(from)) {
          const q = standby.payments / (standby.payments + live.payments);
          const supposed = (q * ratio) / (q * ratio + 1 - q);
          bet *= (supposed / q) ** standby.events * ((1 - supposed) / (1 - q)) ** live.events;
        }
        purse += bet;
      });
    });
    return purse;
  }

  function draw(random: () => number, payments: number, ratio: number): Tally {
    let events = 0;
    for (let index = 0; index < payments; index++) if (random() < ratio) events++;
    return { events, payments };
  }

  it("is the mean over all alternatives and beginnings", () => {
    const random = seededRandom(5);
    for (const ratio of [0.01, 0.03, 0.2]) {
      const minutes = Array.from({ length: 12 }, (_, minute) => ({
        standby: draw(random, minute < 6 ? 20 : 60, ratio),
        live: draw(random, 80, 0.01),
      }));
      assertClose(purseAfter(minutes), purseByHand(minutes), 1e-6);
    }
  });

  it("finds a fault that begins after a healthy hour as well as one from the beginning, nearly", () => {
    const healthy = Array.from({ length: 60 }, () => ({
      standby: tally(1, 500),
      live: tally(1, 500),
    }));
    const faulty = Array.from({ length: 10 }, () => ({
      standby: tally(4, 500),
      live: tally(1, 500),
    }));
    assert.ok(purseAfter(faulty) > 1000);
    assert.ok(purseAfter([...healthy, ...faulty, ...faulty]) > 1000);
    assert.ok(purseAfter([...healthy, ...healthy.slice(0, 12)]) < 1);
  });

  it("reaches 1 / alpha in at most alpha of the cutovers that are healthy, whenever one looks", () => {
    const random = seededRandom(11);
    const [cutovers, alpha] = [1500, 0.05];
    let reached = 0;
    for (let cutover = 0; cutover < cutovers; cutover++) {
      // Failures come and go for both alike, and the weights change: neither may matter.
      let bets = noBets();
      let staked = 0;
      let isReached = false;
      for (let minute = 0; minute < 20; minute++) {
        const payments = minute < 7 ? 10 : 50;
        const ratio = minute % 5 === 0 ? 0.3 : 0.03;
        const now = stakedBy(minute * MINUTE);
        const [standby, live] = [
          draw(random, payments, ratio),
          draw(random, 100 - payments, ratio),
        ];
        bets = afterPeriod(bets, gainsOverLive(standby, live), now - staked);
        staked = now;
        isReached ||= logPurse(bets, staked) >= Math.log(1 / alpha);
      }
      if (isReached) reached++;
    }
    assert.ok(reached > 0, "the bound is idle where nothing comes near it");
    assert.ok(reached <= alpha * cutovers, `${reached} of ${cutovers}`);
  });
});
