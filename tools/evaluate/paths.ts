/** A place inside nested configuration, such as `["network", "cidr"]`. */
export type Path = (string | number)[];

/** One step of a path: `name`, `.name`, `[0]` or `["any text"]`. */
const SEGMENT = /\.?([^.[\]"]+)|\.?\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]/y;

/** Reads a property path as Pulumi writes it; undefined when the text is none. */
export function parsePath(text: string): Path | undefined {
  const path: Path = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (match === null) return undefined;
    const [, name, index, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(name ?? (quoted ?? "").replace(/\\(.)/g, "$1"));
  }
  return path.length > 0 ? path : undefined;
}

type Container = { [key: string | number]: unknown };

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** What stands at the path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (!isContainer(value)) return undefined;
    value = value[step];
  }
  return value;
}

/** `root` with `value` put at the path; objects and arrays on the way are made where missing. */
export function withValueAt(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const empty = typeof step === "number" ? [] : {};
  const container = (isContainer(root) ? root : empty) as Container;
  container[step] = withValueAt(container[step], rest, value);
  return container;
}
