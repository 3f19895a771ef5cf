import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { known, unknown } from "../../../lambdas/common/ports";
import { dataApiDatabase } from "../../../lambdas/switchover/aws/database";
import type { Database } from "../../../lambdas/switchover/ports";
import { CHECK_NAMES } from "../../../lambdas/switchover/preflight";
import { bodyOf, LocalServer } from "../../support/localServer";
import { awsEnvironment, setVariables } from "../../support/moto";

const ACCESS = { clusterArn: "arn:cluster:blue", secretArn: "arn:secret:admin" };
const SINCE = { file: "bin.000024", offset: 373 };

type Value = string | number | boolean | null;
type Reply = Value[][] | { fault: string; status?: number; message?: string } | "lose-answer";

/** The RDS Data API, which answers statements by their beginnings. */
class FakeDataApi extends LocalServer {
  readonly bodies: { [name: string]: unknown }[] = [];
  replies: { [beginning: string]: Reply } = {};
  /** How many statements are refused at first, for coming too fast. */
  refusals = 0;

  get statements(): string[] {
    return this.bodies.map(({ sql }) => String(sql));
  }

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = JSON.parse(await bodyOf(incoming));
    this.bodies.push(body);
    const beginning = Object.keys(this.replies).find((start) => body.sql.startsWith(start));
    const reply = beginning === undefined ? [] : (this.replies[beginning] ?? []);
    if (this.refusals-- > 0) {
      outgoing.setHeader("x-amzn-errortype", "ThrottlingException");
      send(outgoing, 400, { __type: "ThrottlingException", message: "too fast" });
      return;
    }
    if (reply === "lose-answer") {
      outgoing.destroy();
      return;
    }
    if (Array.isArray(reply)) {
      send(outgoing, 200, { records: reply.map((row) => row.map(fieldOf)) });
      return;
    }
    const { fault, status = 400, message = "refused" } = reply;
    outgoing.setHeader("x-amzn-errortype", fault);
    send(outgoing, status, { __type: fault, message });
  }
}

function send(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(body));
}

function fieldOf(value: Value): object {
  if (value === null) return { isNull: true };
  if (typeof value === "boolean") return { booleanValue: value };
  return typeof value === "number" ? { longValue: value } : { stringValue: value };
}

/**
 * Goal: the adapter tells for certain what it says, and calls the rest unknown.
 * Method: the real SDK against a fake of the RDS Data API's wire protocol.
 */
describe("the adapter of a cluster", () => {
  let api: FakeDataApi;
  let database: Database;
  let restore: () => void;

  beforeEach(async () => {
    api = new FakeDataApi();
    await api.start();
    restore = setVariables(awsEnvironment(api.url));
    database = dataApiDatabase(ACCESS);
  });
  afterEach(() => {
    restore();
    api.close();
  });

  const MARKER = { id: "an id", epoch: 1, from: "blue", kind: "barrier" } as const;
  const ACTS: [name: string, sql: RegExp, act: () => Promise<string>][] = [
    ["setReadOnly", /^CALL mysql\.rds_set_read_only\(1\)$/, () => database.setReadOnly(true)],
    ["setLocked", / ACCOUNT LOCK$/, () => database.setLocked(["application"], true)],
    ["setLocked", / ACCOUNT UNLOCK$/, () => database.setLocked(["application"], false)],
    ["writeMarker", /^INSERT INTO cutover\.marker /, () => database.writeMarker(MARKER)],
    ["endSessions", /^SELECT id FROM/, () => database.endSessions(["application"])],
  ];
  for (const [name, sql, act] of ACTS)
    describe(`${name} (${sql.source})`, () => {
      it("runs once, in the cluster and as the user that it was told", async () => {
        assert.equal(await act(), "done");
        const [body] = api.bodies;
        assert.equal(api.bodies.length, 1);
        assert.match(String(body?.sql), sql);
        assert.deepEqual([body?.resourceArn, body?.secretArn], Object.values(ACCESS));
      });

      for (const reply of [
        "lose-answer",
        { fault: "InternalServerErrorException", status: 500 },
        { fault: "ServiceUnavailableError", status: 503 },
        { fault: "DatabaseUnavailableException", status: 504 },
      ] as const)
        it(`is unknown and not repeated after ${JSON.stringify(reply)}`, async () => {
          api.replies = { "": reply };
          assert.equal(await act(), "unknown");
          assert.equal(api.bodies.length, 1);
        });

      for (const fault of ["DatabaseErrorException", "ThrottlingException", "ForbiddenException"])
        it(`has certainly failed after ${fault}`, async () => {
          api.replies = { "": { fault, message: "no" } };
          await assert.rejects(
            act(),
            new RegExp(`^Error: arn:cluster:blue: could not .*: ${fault}: no$`),
          );
        });
    });

  for (const [fault, message] of [
    ["StatementTimeoutException", "too long"],
    ["BadRequestException", "Communications link failure"],
    ["DatabaseErrorException", "Lost connection to MySQL server during query"],
  ] as const)
    it(`does not know whether an act was carried out after ${fault}: ${message}`, async () => {
      api.replies = { "": { fault, message } };
      assert.equal(await database.setLocked(["application"], false), "unknown");
    });

  it("asks a question again that was refused for coming too fast", async () => {
    api.replies = { "": [[1, 0, "blue-1"]] };
    api.refusals = 3;
    assert.deepEqual(await database.readFence(), known({ readOnly: true, serverId: "blue-1" }));
    assert.equal(api.bodies.length, 4);
  });

  it("gives a question up in the end, which is then not answered", async () => {
    api.refusals = 100;
    const answer = await database.readFence();
    assert.deepEqual(answer, unknown("ThrottlingException: too fast"));
    assert.equal(api.bodies.length, 4);
  });

  it("asks once where another answer is no more likely", async () => {
    api.replies = { "": { fault: "DatabaseErrorException", message: "no" } };
    assert.deepEqual(await database.readFence(), unknown("DatabaseErrorException: no"));
    assert.equal(api.bodies.length, 1);
  });

  it("leaves an act that was refused to the next pass", async () => {
    api.refusals = 1;
    await assert.rejects(database.setReadOnly(true), /ThrottlingException/);
    assert.equal(api.bodies.length, 1);
  });

  describe("the end of sessions", () => {
    const KILLS = ["CALL mysql.rds_kill(12)", "CALL mysql.rds_kill(34)"];
    beforeEach(() => {
      api.replies["SELECT id FROM"] = [["12"], ["34"]];
    });

    it("comes to each", async () => {
      assert.equal(await database.endSessions(["application"]), "done");
      assert.deepEqual(api.statements.slice(1), KILLS);
    });

    it("is done with one that has gone by itself", async () => {
      const message = "Unknown thread id: 12";
      api.replies[KILLS[0] as string] = { fault: "DatabaseErrorException", message };
      assert.equal(await database.endSessions(["application"]), "done");
      assert.deepEqual(api.statements.slice(1), KILLS);
    });

    it("is unknown when one of them is, after the others", async () => {
      api.replies[KILLS[0] as string] = "lose-answer";
      assert.equal(await database.endSessions(["application"]), "unknown");
      assert.deepEqual(api.statements.slice(1), KILLS);
    });
  });

  const APP = ["application" as const];
  const READINGS: [name: string, reply: Reply, ask: () => Promise<unknown>, expected: unknown][] = [
    [
      "a fence",
      [[1, 0, "blue-1"]],
      () => database.readFence(),
      known({ readOnly: true, serverId: "blue-1" }),
    ],
    [
      "no fence",
      [["0", "0", "blue-1"]],
      () => database.readFence(),
      known({ readOnly: false, serverId: "blue-1" }),
    ],
    [
      "a fence as a boolean",
      [[true, false, "blue-1"]],
      () => database.readFence(),
      known({ readOnly: true, serverId: "blue-1" }),
    ],
    [
      "a reader",
      [["1", "1", "blue-2"]],
      () => database.readFence(),
      unknown("Error: blue-2 only reads: it is not the writer"),
    ],
    [
      "no fence at all",
      [],
      () => database.readFence(),
      unknown("Error: expected 0 or 1, got nothing"),
    ],
    [
      "a fence that is NULL",
      [[null, 0, "blue-1"]],
      () => database.readFence(),
      unknown("Error: expected 0 or 1, got NULL"),
    ],
    [
      "accounts",
      [
        ["app", "%", "Y"],
        ["app_clone", "%", "N"],
      ],
      () => database.readAccounts(APP),
      known({ locked: ["app@%"], open: ["app_clone@%"] }),
    ],
    [
      "accounts whose lock is not told",
      [["app", "%", null]],
      () => database.readAccounts(APP),
      known({ locked: [], open: ["app@%"] }),
    ],
    [
      "no accounts",
      [],
      () => database.readAccounts(APP),
      unknown("Error: there are no such accounts"),
    ],
    ["sessions", [["12"], ["34"]], () => database.countSessions(APP), known(2)],
    ["transactions", [["3"]], () => database.countTransactions(APP), known(3)],
    [
      "no count",
      [],
      () => database.countTransactions(APP),
      unknown("Error: expected a whole number, got nothing"),
    ],
    [
      "a count that is NULL",
      [[null]],
      () => database.countTransactions(APP),
      unknown("Error: expected a whole number, got NULL"),
    ],
    ["XA", [["1", "1", "0", "a"]], () => database.countPreparedXa(), known(1)],
    ["a marker", [["an id"]], () => database.hasMarker("an id"), known(true)],
    ["no marker", [], () => database.hasMarker("an id"), known(false)],
    ["a heartbeat", [["1234567"]], () => database.heartbeatAge("blue"), known(1234.567)],
    [
      "a heartbeat of a clock that is ahead",
      [["-1500"]],
      () => database.heartbeatAge("blue"),
      known(-1.5),
    ],
    [
      "no heartbeat",
      [[null]],
      () => database.heartbeatAge("blue"),
      unknown("Error: no heartbeat has come"),
    ],
    [
      "a position",
      [["bin.000024", "4294967296", "", "", ""]],
      () => database.readPosition(),
      known({ file: "bin.000024", offset: 4294967296 }),
    ],
    [
      "a position that is too large",
      [["bin.000024", "9007199254740993"]],
      () => database.readPosition(),
      unknown("Error: expected a whole number, got 9007199254740993"),
    ],
    [
      "no binary log",
      [],
      () => database.readPosition(),
      unknown("Error: the cluster writes no binary log"),
    ],
    [
      "troubles",
      [["2", 1]],
      () => database.readTroubles(),
      known({ exceptions: 2, suspendedTables: 1 }),
    ],
    [
      "what is refused",
      { fault: "DatabaseErrorException", message: "denied" },
      () => database.readTroubles(),
      unknown("DatabaseErrorException: denied"),
    ],
  ];
  for (const [name, reply, ask, expected] of READINGS)
    it(`reads ${name}`, async () => {
      api.replies = { "": reply };
      assert.deepEqual(await ask(), expected);
    });

  it("asks for numbers as texts, so that none loses its last digits", async () => {
    await database.readPosition();
    const expected = { longReturnType: "STRING", decimalReturnType: "STRING" };
    assert.deepEqual(api.bodies[0]?.resultSetOptions, expected);
  });

  it("takes a silence for unknown", async () => {
    api.replies = { "": "lose-answer" };
    const answer = await database.hasMarker("an id");
    assert.equal(answer.known, false);
  });

  describe("what was written since a position", () => {
    const at = (file: string, offset: number) => ({ "SHOW MASTER STATUS": [[file, offset]] });
    const event = (type: string, info: string) => [SINCE.file, 400, type, 1, 500, info];
    const cases: [name: string, replies: FakeDataApi["replies"], strays: string[]][] = [
      ["nothing", at(SINCE.file, 373), []],
      [
        "a marker",
        {
          ...at(SINCE.file, 500),
          "SHOW BINLOG": [event("Table_map", "table_id: 9 (cutover.marker)")],
        },
        [],
      ],
      [
        "a payment",
        {
          ...at(SINCE.file, 500),
          "SHOW BINLOG": [event("Table_map", "table_id: 9 (payments.payment)")],
        },
        ["rows of payments.payment"],
      ],
      ["another file", at("bin.000025", 4), ["a log that goes on in bin.000025"]],
      ["less than before", at(SINCE.file, 372), ["a log that is shorter"]],
    ];
    for (const [name, replies, strays] of cases)
      it(`is ${name}`, async () => {
        api.replies = replies;
        const [[file, offset] = []] = replies["SHOW MASTER STATUS"] as Value[][];
        const expected = known({ position: { file, offset }, strays });
        assert.deepEqual(await database.readWritten(SINCE), expected);
      });

    it("is unknown when the log shows nothing of what it has grown by", async () => {
      api.replies = at(SINCE.file, 374);
      const reason = "Error: the binary log shows no events though it has grown";
      assert.deepEqual(await database.readWritten(SINCE), unknown(reason));
    });
  });

  it("asks everything that a pre-flight needs, and tells what was not answered", async () => {
    api.replies = { "XA RECOVER": { fault: "DatabaseErrorException", message: "denied" } };
    const answers = await database.readAnswers();
    assert.deepEqual(Object.keys(answers), CHECK_NAMES);
    assert.equal(api.bodies.length, CHECK_NAMES.length);
    for (const check of CHECK_NAMES)
      assert.deepEqual(
        answers[check],
        check === "preparedXa" ? unknown("DatabaseErrorException: denied") : known([]),
      );
  });
});
