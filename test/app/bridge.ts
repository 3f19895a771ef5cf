import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** The network between the application and a database that listens on a socket in the file system. */
export class Bridge {
  port = 0;
  /** Whether what the database says is lost on its way. */
  losesAnswers = false;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.join(client));

  constructor(private readonly socketPath: string) {}

  async open(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(this.port, "localhost", listening));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Connections break, and new ones are refused. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.breakAll();
    await closed;
  }

  breakAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const database = connect(this.socketPath);
    const ends = [client, database];
    for (const socket of ends) {
      this.sockets.add(socket);
      // The other end goes with it.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.sockets.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    client.on("data", (chunk) => database.write(chunk));
    database.on("data", (chunk) => this.losesAnswers || client.write(chunk));
  }
}
