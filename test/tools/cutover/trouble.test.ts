import assert from "node:assert/strict";
import { inPlainWords, type TroubleKind, troubleOf } from "../../../tools/cutover/aws/trouble";

const CALL = { permission: "lambda:InvokeFunction", subject: "function f" };

/** An error as the SDK throws it. */
function sdkError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

function refused(name: string, message: string, httpStatusCode = 400): Error {
  return sdkError(name, message, { $fault: "client", $metadata: { httpStatusCode } });
}

const DENIED =
  "User: arn:aws:sts::1:assumed-role/Ops/alice is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:1:function:f because no identity-based policy allows it";

const TROUBLES: [error: unknown, kind: TroubleKind, said: RegExp, mayBeDone: boolean][] = [
  [
    sdkError("CredentialsProviderError", "Could not load credentials from any providers"),
    "credentials",
    /there are no AWS credentials: log in or set AWS_PROFILE/,
    false,
  ],
  [
    sdkError(
      "CredentialsProviderError",
      "The SSO session associated with this profile has expired.",
    ),
    "credentials",
    /have expired: log in again/,
    false,
  ],
  [
    refused("ExpiredTokenException", "The security token is expired"),
    "credentials",
    /expired/,
    false,
  ],
  [refused("UnrecognizedClientException", "invalid"), "credentials", /does not know these/, false],
  [sdkError("Error", "Region is missing"), "credentials", /set AWS_REGION/, false],
  [
    refused("AccessDeniedException", DENIED, 403),
    "denied",
    /may not lambda:InvokeFunction on arn:aws:lambda:us-east-1:1:function:f: have that allowed/,
    false,
  ],
  [
    refused("AccessDenied", "Access denied", 403),
    "denied",
    /may not lambda:InvokeFunction on function f/,
    false,
  ],
  [
    refused("ResourceNotFoundException", "Function not found", 404),
    "missing",
    /function f does not exist in this account and region: deploy the stack/,
    false,
  ],
  [
    refused("TooManyRequestsException", "Rate exceeded", 429),
    "throttled",
    /throttles these calls/,
    false,
  ],
  [refused("Oddly", "named", 429), "throttled", /throttles these calls/, false],
  [
    sdkError("Error", "connect ECONNREFUSED 127.0.0.1:1", { code: "ECONNREFUSED" }),
    "unreachable",
    /AWS cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:1\)/,
    false,
  ],
  [
    sdkError("TimeoutError", "socket hang up"),
    "unanswered",
    /did not answer lambda:InvokeFunction/,
    true,
  ],
  [
    sdkError("SyntaxError", "Unexpected token '<'", { $metadata: { httpStatusCode: 503 } }),
    "unanswered",
    /no answer that can be read to lambda:InvokeFunction \(HTTP 503\)/,
    true,
  ],
  [
    refused("ValidationException", "1 error.\nmore"),
    "other",
    /lambda:InvokeFunction failed: ValidationException: 1 error$/,
    false,
  ],
  ["a text", "other", /a text/, true],
];

describe("what a failed call to AWS tells", () => {
  for (const [error, kind, said, mayBeDone] of TROUBLES)
    it(`is ${kind} and ${mayBeDone ? "may have been" : "was not"} carried out for ${String(error).slice(0, 60)}`, () => {
      const trouble = troubleOf(error, CALL);
      assert.match(trouble.clause, said);
      assert.deepEqual([trouble.kind, trouble.mayBeDone], [kind, mayBeDone]);
      assert.ok(!trouble.clause.includes("\n"), "one line");
    });

  it("says an adapter's reasons in the same words", () => {
    const denied = `AccessDeniedException: ${DENIED.replaceAll("lambda:InvokeFunction", "cloudwatch:GetMetricData")}`;
    assert.match(
      inPlainWords(denied),
      /^these credentials may not cloudwatch:GetMetricData on arn/,
    );
    assert.match(inPlainWords("SyntaxError: Unexpected token '<'"), /no answer that can be read/);
    assert.equal(inPlainWords("green-p99: missing, or no data"), "green-p99: missing, or no data");
  });
});
