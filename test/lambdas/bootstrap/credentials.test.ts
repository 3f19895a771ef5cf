import assert from "node:assert/strict";
import { DATABASE_USERS, type DatabaseUser, USER_NAMES } from "../../../lambdas/bootstrap/contract";
import { readCredentials } from "../../../lambdas/bootstrap/credentials";
import { secretText } from "./world";

/** Good secrets, but for these. */
function texts(others: { [user in DatabaseUser]?: string } = {}): {
  [user in DatabaseUser]: string;
} {
  const good = DATABASE_USERS.map((user) => [user, secretText(user, `of ${user}`)]);
  return { ...Object.fromEntries(good), ...others };
}

describe("readCredentials", () => {
  it("takes name and password of each user", () => {
    const expected = DATABASE_USERS.map((user) => [
      user,
      { username: USER_NAMES[user], password: `of ${user}` },
    ]);
    assert.deepEqual(readCredentials(texts()), Object.fromEntries(expected));
  });

  it("takes the twin's name, which a rotation leaves behind", () => {
    const application = secretText("application", "secret", { username: "app_clone" });
    assert.equal(readCredentials(texts({ application })).application.username, "app_clone");
  });

  it("takes ssl as AWS's rotation functions do, also as a text", () => {
    const application = secretText("application", "secret", { ssl: "true" });
    assert.equal(readCredentials(texts({ application })).application.password, "secret");
  });

  const cases: [name: string, text: string, mistake: string][] = [
    ["no text", "", "it must be a JSON object"],
    ["no JSON", "hunter2", "it must be a JSON object"],
    ["no object", '"hunter2"', "it must be a JSON object"],
    ["null", "null", "it must be a JSON object"],
    [
      "no username",
      secretText("application", "hunter2", { username: undefined }),
      "username must be app or app_clone, got undefined",
    ],
    [
      "another user",
      secretText("application", "hunter2", { username: "dms_target" }),
      'username must be app or app_clone, got "dms_target"',
    ],
    [
      "parts for a username",
      secretText("application", "hunter2", { username: { password: "hunter2" } }),
      "username must be app or app_clone, got an object",
    ],
    [
      "no password",
      secretText("application", "", { password: undefined }),
      "password must be a text that is not empty",
    ],
    [
      "an empty password",
      secretText("application", ""),
      "password must be a text that is not empty",
    ],
    [
      "a number for a password",
      secretText("application", "", { password: 12345 }),
      "password must be a text that is not empty",
    ],
    [
      "no ssl",
      secretText("application", "hunter2", { ssl: undefined }),
      "ssl must be true, got undefined",
    ],
    [
      "ssl off",
      secretText("application", "hunter2", { ssl: false }),
      "ssl must be true, got false",
    ],
  ];
  for (const [name, application, mistake] of cases)
    it(`refuses ${name}, and shows no password`, () => {
      const message = `secret of application: ${mistake}`;
      assert.throws(() => readCredentials(texts({ application })), { message });
      assert.doesNotMatch(message, /hunter2|12345/);
    });

  it("does not take a twin of the administrator, which has none", () => {
    const administrator = secretText("administrator", "x", { username: "payments_admin_clone" });
    const message =
      'secret of administrator: username must be payments_admin, got "payments_admin_clone"';
    assert.throws(() => readCredentials(texts({ administrator })), { message });
  });

  it("names all mistakes of all secrets at once", () => {
    const application = JSON.stringify({ username: "root" });
    const message = [
      "secret of administrator: it must be a JSON object",
      'secret of application: username must be app or app_clone, got "root"',
      "secret of application: password must be a text that is not empty",
      "secret of application: ssl must be true, got undefined",
    ].join("; ");
    assert.throws(() => readCredentials(texts({ administrator: "[", application })), { message });
  });
});
