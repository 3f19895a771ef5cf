import type { Terminal } from "../terminal/terminal";
import { count } from "../terminal/texts";

const FRAME_MILLISECONDS = 100;

/** How far many rehearsals are: drawn over and over on a terminal; elsewhere nothing is said. */
export function progressOf(what: string, runs: number, terminal: Terminal): (done: number) => void {
  let drawnAt = Number.NEGATIVE_INFINITY;
  return (done) => {
    if (!terminal.interactive) return;
    if (performance.now() - drawnAt < FRAME_MILLISECONDS && done < runs) return;
    drawnAt = performance.now();
    terminal.draw([`${what}: ${count(done)} of ${count(runs)}`]);
  };
}
