import { type Color, otherColor } from "../../lambdas/cutover/contract";
import type { Scheduler } from "../campaign/scheduler";
import type { Random } from "../random";
import { append, type Cluster, type Transaction } from "./clusters";
import type { Ledger } from "./ledger";

/** The application's instances, and clients that ask until they are told. */
export interface Payments {
  /** Where applications are told to write. */
  writer: Color;
  /** No client begins anything new. */
  end(): void;
  /** Payments that were asked for and not yet answered. */
  open(): number;
}

/** How often an instance looks where to write, in milliseconds. */
const POLL_MILLISECONDS = 1_000;
const LONGEST_TRANSACTION_MILLISECONDS = 400;
const LONGEST_RETRY_MILLISECONDS = 600;
/** How often a client is not told of a payment that was made. */
const LOST_ANSWERS = 0.02;

interface Instance {
  name: string;
  believes: Color;
  /** Whether it never looks again where to write, but tries both when it is refused. */
  isStubborn: boolean;
}

export function createPayments(
  clusters: { [color in Color]: Cluster },
  ledger: Ledger,
  scheduler: Scheduler,
  random: Random,
  perSecond: number,
): Payments {
  const instances: Instance[] = [0, 1, 2, 3].map((number) => ({
    ...{ name: `task ${number}`, believes: "blue", isStubborn: number === 3 },
  }));
  const payments: Payments = { writer: "blue", end, open: () => waiting };
  let [arrivals, waiting, ended] = [0, 0, false];

  function end(): void {
    ended = true;
  }

  function look(instance: Instance): void {
    instance.believes = payments.writer;
    scheduler.at(scheduler.now() + POLL_MILLISECONDS, () => look(instance));
  }

  function arrive(): void {
    if (ended) return;
    waiting += 1;
    ask(`payment ${++arrivals}`, 1);
    scheduler.at(scheduler.now() - (Math.log(1 - random()) / perSecond) * 1000, arrive);
  }

  function ask(key: string, tries: number): void {
    const instance = instances[Math.floor(random() * instances.length)] as Instance;
    const cluster = clusters[instance.believes];
    if (!login(cluster, instance)) {
      retry(key, tries, instance);
      return;
    }
    const transaction: Transaction = { instance: instance.name, isKilled: false };
    cluster.transactions.push(transaction);
    const lasts = 1 + random() * LONGEST_TRANSACTION_MILLISECONDS;
    scheduler.at(scheduler.now() + lasts, () => {
      cluster.transactions = cluster.transactions.filter((one) => one !== transaction);
      if (transaction.isKilled) retry(key, tries, instance);
      else commit(key, tries, instance, cluster);
    });
  }

  function login({ locked, sessions }: Cluster, { name }: Instance): boolean {
    if (sessions.includes(name)) return true;
    if (locked.application) return false;
    sessions.push(name);
    return true;
  }

  /** The key and the payment in one transaction: what is there is answered, and not made again. */
  function commit(key: string, tries: number, instance: Instance, cluster: Cluster): void {
    const before = cluster.rows[key];
    if (before === undefined && cluster.readOnly) {
      retry(key, tries, instance);
      return;
    }
    const payment = before ?? `${key}, try ${tries}, in ${cluster.color}`;
    if (before === undefined) {
      cluster.rows[key] = payment;
      append(cluster, { kind: "payment", key, payment, at: scheduler.now() });
      ledger.committed(cluster.color, scheduler.now());
    }
    if (random() < LOST_ANSWERS) {
      retry(key, tries, instance);
      return;
    }
    waiting -= 1;
    ledger.acknowledged(key, payment);
  }

  function retry(key: string, tries: number, instance: Instance): void {
    if (instance.isStubborn) instance.believes = otherColor(instance.believes);
    const pause = 20 + random() * LONGEST_RETRY_MILLISECONDS;
    scheduler.at(scheduler.now() + pause, () => ask(key, tries + 1));
  }

  for (const instance of instances) if (!instance.isStubborn) look(instance);
  arrive();
  return payments;
}
