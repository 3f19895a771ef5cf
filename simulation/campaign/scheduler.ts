/** Virtual time: what waits is woken in the order of its time, and of its asking within one. */
export interface Scheduler {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after that much virtual time. */
  wait(milliseconds: number): Promise<void>;
  /** Runs something at that time; it must not wait. */
  at(time: number, run: () => void): void;
  /** Lets time pass until then. Between two wakings, all that they set in motion comes to rest. */
  runUntil(time: number): Promise<void>;
}

interface Entry {
  at: number;
  order: number;
  run: () => void;
  /** Whether it sets promises in motion. */
  wakes: boolean;
}

export function createScheduler(startsAt: number): Scheduler {
  const heap: Entry[] = [];
  let now = startsAt;
  let order = 0;

  const add = (at: number, run: () => void, wakes: boolean) =>
    push(heap, { at: Math.max(at, now), order: order++, run, wakes });

  async function runUntil(time: number): Promise<void> {
    for (let next = heap[0]; next !== undefined && next.at <= time; next = heap[0]) {
      pop(heap);
      now = next.at;
      next.run();
      if (next.wakes) await atRest();
    }
    now = time;
  }

  return {
    now: () => now,
    wait: (milliseconds) => new Promise((wake) => add(now + milliseconds, wake, true)),
    at: (time, run) => add(time, run, false),
    runUntil,
  };
}

/** Node runs this only when no promise is left to be gone on with. */
function atRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/** The earliest entry of a binary heap stands at 0; the children of `index` at 2 * index + 1 and + 2. */
function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(entry, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const entry = heap.pop();
  if (entry === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left !== undefined && right !== undefined && isBefore(right, left)) child++;
    const below = heap[child];
    if (below === undefined || !isBefore(below, entry)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = entry;
}
