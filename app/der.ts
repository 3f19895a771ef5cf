/** Distinguished Encoding Rules: the few kinds of value that a certificate is made of. */

const TAGS = {
  integer: 0x02,
  bits: 0x03,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
};

export function sequence(...parts: Buffer[]): Buffer {
  return value(TAGS.sequence, Buffer.concat(parts));
}

export function set(...parts: Buffer[]): Buffer {
  return value(TAGS.set, Buffer.concat(parts));
}

/** @param bytes of a number that is not negative, the highest first */
export function integer(bytes: Buffer): Buffer {
  // A highest bit that is set would make it negative.
  const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return value(TAGS.integer, positive);
}

export function bits(bytes: Buffer): Buffer {
  return value(TAGS.bits, Buffer.concat([Buffer.from([0]), bytes]));
}

export function utf8(text: string): Buffer {
  return value(TAGS.utf8, Buffer.from(text));
}

/** A moment, such as 20260102030405Z. */
export function time(at: Date): Buffer {
  const text = at.toISOString().replace(/\.\d+|[-:T]/g, "");
  return value(TAGS.time, Buffer.from(text));
}

/** @param dotted such as 2.5.4.3 */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return value(TAGS.oid, Buffer.from([first * 40 + second, ...rest.flatMap(inSevenBits)]));
}

/** A value in a context of its own, as optional parts are marked. */
export function explicit(tag: number, part: Buffer): Buffer {
  return value(0xa0 + tag, part);
}

function value(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

/** Short below 128; else as many bytes as it takes, after their number. */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

/** Every byte but the last has its highest bit set. */
function inSevenBits(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
