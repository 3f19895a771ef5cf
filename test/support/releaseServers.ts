import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { leaveOut } from "./leaveOut";
import { bodyOf, LocalServer } from "./localServer";

const MISSING = "openssl is not on the PATH (apt-get install openssl)";

/** The parts of CloudFormation and ECS that the release gate calls, in their wire protocols. */
export class ReleaseServices extends LocalServer {
  /** Undefined: there is no such stack. */
  stackStatus: string | undefined = "UPDATE_IN_PROGRESS";
  /** Deployments of any service, as ECS tells of them. */
  deployments: object[] = [];
  /** Bodies of all requests. */
  readonly bodies: string[] = [];

  /** What a process needs in its environment to call these in place of the real ones. */
  get variables(): { [name: string]: string } {
    return { AWS_ENDPOINT_URL_CLOUDFORMATION: this.url, AWS_ENDPOINT_URL_ECS: this.url };
  }

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    this.bodies.push(body);
    const target = String(incoming.headers["x-amz-target"] ?? "");
    if (target.endsWith(".DescribeServices")) {
      const services = [{ status: "ACTIVE", deployments: this.deployments }];
      outgoing.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      outgoing.end(JSON.stringify({ services }));
    } else if (this.stackStatus === undefined) {
      outgoing.writeHead(400, { "content-type": "text/xml" });
      outgoing.end(
        "<ErrorResponse><Error><Code>ValidationError</Code><Message>no such stack</Message></Error></ErrorResponse>",
      );
    } else {
      const stack = `<StackName>gate</StackName><StackStatus>${this.stackStatus}</StackStatus>`;
      outgoing.writeHead(200, { "content-type": "text/xml" });
      outgoing.end(
        `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    }
  }
}

/** A request that came to a `ResponseServer`. */
export interface Upload {
  method: string | undefined;
  url: string | undefined;
  headers: { [name: string]: unknown };
  body: string;
}

/** Where CloudFormation waits for answers: an HTTPS server with a certificate of its own. */
export class ResponseServer {
  url = "";
  /** In the order of their coming. */
  readonly uploads: Upload[] = [];
  /** What becomes of the next requests, first come first served: a status, or no answer. @default 200 */
  readonly replies: (number | "none")[] = [];
  private readonly server: Server;

  private constructor(
    private readonly folder: string,
    /** Path of the certificate, to trust it by. */
    readonly certificate: string,
    key: string,
  ) {
    const files = { cert: readFileSync(certificate), key: readFileSync(key) };
    this.server = createServer(files, (incoming, outgoing) => this.take(incoming, outgoing));
  }

  /** Where there is no `openssl` the tests are left out, with a line that says so. */
  static async start(context: Mocha.Context, leftOut: string): Promise<ResponseServer> {
    const folder = mkdtempSync(join(tmpdir(), "responses-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-days", "2", "-keyout", key, "-out", certificate];
    try {
      await promisify(execFile)("openssl", ["req", "-x509", ...curve, ...names, ...files]);
    } catch (error) {
      rmSync(folder, { recursive: true });
      if ((error as NodeJS.ErrnoException).code === "ENOENT") leaveOut(context, leftOut, MISSING);
      throw error;
    }
    const made = new ResponseServer(folder, certificate, key);
    await new Promise<void>((listening) => made.server.listen(0, "127.0.0.1", listening));
    const { port } = made.server.address() as AddressInfo;
    made.url = `https://localhost:${port}/signed?signature=secret`;
    return made;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.folder, { recursive: true });
  }

  private async take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url, headers } = incoming;
    this.uploads.push({ method, url, headers, body: await bodyOf(incoming) });
    const reply = this.replies.shift() ?? 200;
    if (reply === "none") outgoing.destroy();
    else outgoing.writeHead(reply).end("<xml/>");
  }
}
