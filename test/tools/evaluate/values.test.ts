import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  decode,
  holdsSecret,
  isSecret,
  redact,
  reveal,
  secret,
  UNKNOWN,
} from "../../../tools/evaluate/values";

const { specialSigKey, specialArchiveSig, specialAssetSig, specialResourceSig } = pulumi.runtime;

function archive(text: string) {
  const file = { [specialSigKey]: specialAssetSig, text };
  return { [specialSigKey]: specialArchiveSig, assets: { "index.js": file } };
}

describe("Values of resources", () => {
  const nested = { a: [1, secret({ b: secret("inner") })], c: "open" };

  it("finds a secret at any depth", () => {
    assert.ok(holdsSecret(nested));
    assert.ok(!holdsSecret({ a: [1, { b: "open" }] }));
    assert.ok(isSecret(secret(1)));
  });

  it("reveals secrets inside secrets", () => {
    assert.deepEqual(reveal(nested), { a: [1, { b: "inner" }], c: "open" });
  });

  it("redacts a secret whole, and names what is unknown", () => {
    assert.deepEqual(redact(nested), { a: [1, "[secret]"], c: "open" });
    assert.deepEqual(redact([UNKNOWN]), ["[unknown]"]);
  });

  it("reads files as Pulumi's own objects", async () => {
    const { code } = decode<{ code: unknown }>({ code: archive("let x;") });
    const { assets } = code as unknown as {
      assets: Promise<{ [file: string]: { text: Promise<string> } }>;
    };
    assert.equal(await (await assets)["index.js"]?.text, "let x;");
  });

  it("shows files by name and content hash", () => {
    const [one, same, other] = ["a", "a", "b"].map((text) => redact(decode(archive(text))));
    assert.match(String(one), /^\[files index\.js sha256:[0-9a-f]{12}\]$/);
    assert.equal(one, same);
    assert.notEqual(one, other);
  });

  it("reads a reference to a resource as its id, or its URN", () => {
    const reference = { [specialSigKey]: specialResourceSig, urn: "urn:x", id: "x-1" };
    assert.equal(decode<unknown>(reference), "x-1");
    assert.equal(decode<unknown>({ ...reference, id: undefined }), "urn:x");
  });
});
