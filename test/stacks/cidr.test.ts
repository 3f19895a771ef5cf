import assert from "node:assert/strict";
import { overlap, parseCidr } from "../../stacks/cidr";

describe("parseCidr", () => {
  it("gives the first and the last address as numbers", () => {
    assert.deepEqual(parseCidr("10.20.0.0/16"), { first: 169082880, last: 169148415, prefix: 16 });
    assert.deepEqual(parseCidr("255.255.255.255/32"), {
      first: 2 ** 32 - 1,
      last: 2 ** 32 - 1,
      prefix: 32,
    });
    assert.deepEqual(parseCidr("0.0.0.0/0"), { first: 0, last: 2 ** 32 - 1, prefix: 0 });
  });

  for (const text of ["", "10.20.0.0", "10.20.1.0/16", "256.0.0.0/8", "10.0.0.0/33", "::/0", "a/8"])
    it(`finds no network in ${JSON.stringify(text)}`, () => {
      assert.equal(parseCidr(text), undefined);
    });
});

describe("overlap", () => {
  const cases: [string, string, boolean][] = [
    ["10.0.0.0/8", "10.20.0.0/16", true],
    ["10.20.0.0/17", "10.20.128.0/17", false],
    ["10.20.128.0/17", "10.20.255.255/32", true],
    ["10.20.0.0/16", "192.168.0.0/16", false],
    ["10.20.0.0/16", "", false],
  ];
  for (const [one, other, expected] of cases)
    it(`of ${one} and ${other || "nothing"} is ${expected}`, () => {
      assert.equal(overlap(one, other), expected);
      assert.equal(overlap(other, one), expected);
    });
});
