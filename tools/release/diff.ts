/** One line of a difference. */
interface Line {
  mark: " " | "-" | "+";
  text: string;
}

/** Lines that are shown around a change. */
const AROUND = 1;

/** The difference of two texts, as `diff -u` shows it; empty where there is none. */
export function unifiedDiff(name: string, before: string, after: string): string[] {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const lines = differenceOf(old, now);
  if (lines.every(({ mark }) => mark === " ")) return [];
  return [`--- a/${name}`, `+++ b/${name}`, ...hunks(lines)];
}

/** By the longest common subsequence of what lies between the first and the last change. */
function differenceOf(old: string[], now: string[]): Line[] {
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const same = (text: string): Line => ({ mark: " ", text });
  return [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

function middle(old: string[], now: string[]): Line[] {
  const lengths = commonLengths(old, now);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [removed, added] = [old[i], now[j]];
    if (removed !== undefined && removed === added) {
      lines.push({ mark: " ", text: removed });
      i++;
      j++;
    } else if (
      removed !== undefined &&
      (added === undefined || lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))
    ) {
      lines.push({ mark: "-", text: removed });
      i++;
    } else {
      lines.push({ mark: "+", text: added ?? "" });
      j++;
    }
  }
  return lines;
}

function lengthAt(lengths: number[][], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

/** Length of the longest common subsequence of what is left from each place on. */
function commonLengths(old: string[], now: string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () =>
    new Array<number>(now.length + 1).fill(0),
  );
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--) {
      const row = lengths[i] ?? [];
      row[j] =
        old[i] === now[j]
          ? lengthAt(lengths, i + 1, j + 1) + 1
          : Math.max(lengthAt(lengths, i + 1, j), lengthAt(lengths, i, j + 1));
    }
  return lengths;
}

function hunks(lines: Line[]): string[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ mark }) => mark !== " "),
  );
  const shown: string[] = [];
  let [old, now] = [1, 1];
  lines.forEach(({ mark, text }, index) => {
    if (isNear[index]) {
      if (!isNear[index - 1]) shown.push(`@@ -${old} +${now} @@`);
      shown.push(`${mark}${text}`);
    }
    if (mark !== "+") old++;
    if (mark !== "-") now++;
  });
  return shown;
}
