/**
 * Whether the text names an IPv4 network by its first address, such as `203.0.113.0/24`. The whole
 * internet (`/0`) is none: AWS WAF takes no such range, and a restriction to it restricts nothing.
 */
export function isIpv4Network(text: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return false;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || prefix < 1 || prefix > 32) return false;
  const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return first % 2 ** (32 - prefix) === 0;
}
