import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { selfSignedCertificate } from "../../app/certificate";
import { parseCredentials } from "../../app/credentials";
import { OutcomeUnknown, troubleOf, Unavailable } from "../../app/failures";
import { LIMITS } from "../../app/limits";
import { readiness } from "../../app/readiness";
import { Turns } from "../../app/turns";
import { isUuid, uuidV7 } from "../../app/uuid";

/** Goal: the parts of the payment service that decide by themselves, at the edges of what they get. */
describe("a certificate that the service makes", () => {
  const now = new Date("2026-03-04T05:06:07.890Z");

  it("vouches for itself, for a year", () => {
    const { certificatePem, keyPem } = selfSignedCertificate(now);
    const certificate = new X509Certificate(certificatePem);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(keyPem)));
    assert.equal(certificate.subject, "CN=payments");
    assert.equal(certificate.issuer, "CN=payments");
    assert.equal(certificate.validFrom, "Mar  3 05:06:07 2026 GMT");
    assert.equal(certificate.validTo, "Mar  4 05:06:07 2027 GMT");
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("is another one at each start", () => {
    const [one, other] = [selfSignedCertificate(now), selfSignedCertificate(now)];
    assert.notEqual(one.keyPem, other.keyPem);
    const serials = [one, other].map(
      ({ certificatePem }) => new X509Certificate(certificatePem).serialNumber,
    );
    assert.notEqual(serials[0], serials[1]);
  });
});

describe("an id", () => {
  it("begins with its time, and is else random", () => {
    const at = Date.UTC(2026, 0, 2);
    const ids = Array.from({ length: 1_000 }, () => uuidV7(at));
    assert.equal(new Set(ids).size, 1_000);
    for (const id of ids) {
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.equal(Number.parseInt(id.slice(0, 13).replace("-", ""), 16), at);
      assert.ok(isUuid(id));
    }
    assert.ok(uuidV7(at) < uuidV7(at + 1));
  });
});

describe("a failure of the database", () => {
  const cases: [expected: string, error: unknown][] = [
    ["fenced", { errno: 1290, code: "ER_OPTION_PREVENTS_STATEMENT" }],
    ["fenced", { errno: 1836, code: "ER_READ_ONLY_MODE" }],
    ["locked", { errno: 3118, code: "ER_ACCOUNT_HAS_BEEN_LOCKED" }],
    ["locked", { errno: 4151 }],
    ["denied", { errno: 1045, code: "ER_ACCESS_DENIED_ERROR", fatal: true }],
    ["unreachable", { code: "ECONNREFUSED" }],
    ["unreachable", { code: "ENOTFOUND" }],
    ["unreachable", { code: "PROTOCOL_CONNECTION_LOST", fatal: true }],
    ["unreachable", { errno: 1317, code: "ER_QUERY_INTERRUPTED" }],
    ["unreachable", { code: "HANDSHAKE_SSL_ERROR" }],
    ["contended", { errno: 1205 }],
    ["contended", { errno: 1213 }],
    ["duplicate", { errno: 1062 }],
    ["busy", new Unavailable("busy")],
    ["other", { errno: 1146, code: "ER_NO_SUCH_TABLE" }],
    ["other", { errno: 1142, code: "ER_TABLEACCESS_DENIED_ERROR" }],
    ["other", new OutcomeUnknown({ errno: 1290 })],
    ["other", new TypeError("x is undefined")],
    ["other", undefined],
  ];
  for (const [expected, error] of cases)
    it(`is ${expected} for ${JSON.stringify(error)}`, () => {
      assert.equal(troubleOf(error), expected);
    });
});

describe("turns", () => {
  const soon = () => performance.now() + 5_000;

  it("go to who came first, and to nobody who has given up", async () => {
    const turns = new Turns(1);
    await turns.take(soon());
    const order: string[] = [];
    const given = turns.take(performance.now()).catch((error) => order.push(troubleOf(error)));
    const waiting = ["first", "second"].map((name) =>
      turns.take(soon()).then(() => order.push(name)),
    );
    await given;
    turns.pass();
    turns.pass();
    await Promise.all(waiting);
    assert.deepEqual(order, ["busy", "first", "second"]);
    turns.pass();
    await turns.take(performance.now());
    await assert.rejects(turns.take(performance.now()), Unavailable);
  });
});

describe("readiness", () => {
  const statusAfter = (silent: number, draining = false) =>
    readiness({ silent, draining }, LIMITS.silence).status;

  it("outlasts a fence of 60 seconds, and not a task that is cut off", () => {
    assert.equal(statusAfter(0), 200);
    assert.equal(statusAfter(60_000), 200);
    assert.equal(statusAfter(90_001), 503);
  });

  it("begins with the first answer of the database, and ends with the order to stop", () => {
    assert.equal(statusAfter(Number.POSITIVE_INFINITY), 503);
    assert.equal(statusAfter(0, true), 503);
  });
});

describe("limits", () => {
  it("fit into one another, and into those of the surroundings", () => {
    // ECS kills a task 60 s after it was told to stop.
    assert.ok(LIMITS.linger + LIMITS.drain < 60_000);
    // The longest that a request may take: waiting, two logins of two steps each, four statements.
    const longest = LIMITS.hold + 4 * LIMITS.connect + 4 * LIMITS.statement;
    assert.ok(longest < LIMITS.drain);
    // The load balancer gives up on a request after 60 s.
    assert.ok(longest < 60_000);
  });
});

describe("a secret", () => {
  it("has MySQL's port where it names none, as the master user's", () => {
    const text = JSON.stringify({ username: "u", password: "p" });
    assert.deepEqual(parseCredentials(text), { username: "u", password: "p", port: 3306 });
    const named = JSON.stringify({ username: "u", password: "p", port: "3307" });
    assert.equal(parseCredentials(named).port, 3307);
  });

  it("that is none is refused, and never quoted", () => {
    for (const text of ["hunter2", '"hunter2"', "null", '{"password":"hunter2"}'])
      assert.throws(
        () => parseCredentials(text),
        ({ message }: Error) => /the secret (is|has) no/.test(message) && !/hunter2/.test(message),
      );
  });
});
