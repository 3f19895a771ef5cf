import { seededRandom } from "../../simulation/random";
import { clients } from "../emulator/resources";
import { readWeights } from "./aws";
import { Front } from "./front";
import { Load } from "./load";
import type { News, Numbered, Order } from "./traffic";

/** The process of the merchants and the front; see `Traffic`. */

const TURN_MILLISECONDS = 50;

let front: Front | undefined;
let load: Load | undefined;
let told = { sent: 0, acknowledged: 0, failures: 0 };

process.on("message", async ({ number, ...order }: Numbered) => {
  await carryOut(order as Order);
  tell(number);
});
// Without whoever reads the ledger it is of no use.
process.on("disconnect", () => process.exit(0));

async function carryOut(order: Order): Promise<void> {
  if (order.kind === "open") {
    const { elb } = clients(order.awsUrl);
    const random = seededRandom(order.seed);
    front = new Front(() => readWeights(elb, order.service), random);
    await front.open();
    load = new Load(front.port, random);
    setInterval(() => tell(), TURN_MILLISECONDS);
  } else if (order.kind === "targets") {
    if (front) front.targets = order.targets;
  } else if (order.kind === "begin") load?.begin(order.paymentsPerHour);
  else await load?.end();
}

function tell(done?: number): void {
  if (front === undefined || load === undefined) return;
  const { sent, acknowledged, failures } = load;
  const news: News = {
    // As they arrived: what has come of them is told apart.
    sent: sent.slice(told.sent).map(({ merchantId, key, amount, firstTriedAt, tries }) => ({
      ...{ merchantId, key, amount, firstTriedAt, tries },
    })),
    acknowledged: acknowledged
      .slice(told.acknowledged)
      .map(({ amount, id = "", acknowledgedAt = 0, tries }) => ({
        ...{ place: amount - 1, id, acknowledgedAt, tries },
      })),
    failures: failures.slice(told.failures),
    requests: front.requests,
    ...(done !== undefined && { done }),
  };
  told = { sent: sent.length, acknowledged: acknowledged.length, failures: failures.length };
  const isNews = news.sent.length + news.acknowledged.length + news.failures.length > 0;
  if (isNews || done !== undefined) process.send?.(news);
}
