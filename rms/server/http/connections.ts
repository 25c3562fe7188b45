// The end of a server's connections: those that wait for nothing at once, the others after their answer, all of them in the end.
import type { Server } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** Milliseconds between two looks at what has become idle. */
const lookEvery = 50;

export class Connections {
  private readonly server: Server;
  /** Every open connection with the answers that it still waits for. */
  private readonly open = new Map<Socket, number>();

  constructor(server: Server) {
    this.server = server;
    server.on("connection", (socket) => {
      this.open.set(socket, 0);
      socket.once("close", () => this.open.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      this.open.set(socket, (this.open.get(socket) ?? 0) + 1);
      // It closes when its last byte is with the kernel, not when the last byte was written.
      response.once("close", () => {
        if (this.open.has(socket)) this.open.set(socket, (this.open.get(socket) ?? 1) - 1);
      });
    });
  }

  /** Takes no more connections and resolves when the last one is gone, after `graceMs` at the latest. */
  drain(graceMs: number): Promise<void> {
    const closeIdle = (): void => {
      for (const [socket, answers] of this.open) if (answers === 0) socket.destroySoon();
    };
    const look = setInterval(closeIdle, lookEvery);
    const end = setTimeout(() => this.server.closeAllConnections(), graceMs);
    return new Promise((done) => {
      // The HTTP server's own `close` would cut off answers that are written and not yet taken.
      NetServer.prototype.close.call(this.server, () => {
        clearInterval(look);
        clearTimeout(end);
        done();
      });
      closeIdle();
    });
  }
}
