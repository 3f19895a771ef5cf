import { Unavailable } from "./failures";

/** Lets so many in at once; others wait, first come first served. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** @param deadline when waiting ends with `Unavailable`, by `performance.now()` */
  take(deadline: number): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const admit = () => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(admit), 1);
        reject(new Unavailable("busy"));
      };
      const timer = setTimeout(giveUp, Math.max(0, deadline - performance.now()));
      this.waiting.push(admit);
    });
  }

  pass(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
