import assert from "node:assert/strict";
import { Parameters, type ParametersArgs } from "../../components/parameters/parameters";
import { secretValue } from "../support/program";
import { COMMON, KEY, render } from "./support";

function renderParameters(values: ParametersArgs["values"]) {
  return render(
    () =>
      new Parameters("blue-parameters-test", {
        ...COMMON,
        path: "/payments/test/blue",
        kind: "blue-parameter",
        values,
        secretsKeyArn: `${KEY}/secrets`,
      }),
  );
}

describe("Parameters", () => {
  it("are under one path, encrypted with our key", async () => {
    const parameters = await renderParameters({
      "database/port": "3306",
      "service/image": "registry.example/payments",
    });
    const { value, ...inputs } = parameters.tagged("blue-parameter-database-port-test") as {
      [name: string]: unknown;
    };
    assert.deepEqual(inputs, {
      name: "/payments/test/blue/database/port",
      type: "SecureString",
      keyId: `${KEY}/secrets`,
    });
    assert.equal(secretValue(value), "3306");
    assert.deepEqual(parameters.names, [
      "blue-parameter-database-port-test",
      "blue-parameter-service-image-test",
      "blue-parameters-test",
    ]);
  });

  for (const name of ["Port", "/port", "port/", "a//b", "a b"])
    it(`refuse the name ${JSON.stringify(name)}`, () =>
      assert.rejects(renderParameters({ [name]: "1" }), {
        message: /allowed: words of a-z, 0-9 and hyphens, with slashes between/,
      }));

  for (const value of ["", "x".repeat(4097)])
    it(`refuse a value of ${value.length} characters, which Systems Manager would not take`, () =>
      assert.rejects(renderParameters({ port: value }), {
        message: new RegExp(
          `parameter /payments/test/blue/port: got ${value.length} characters, allowed: 1 to 4096`,
        ),
      }));
});
