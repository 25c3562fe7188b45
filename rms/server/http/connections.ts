// The end of a server's connections: those that wait for nothing at once, the others after their answer, all of them in the end.
import type { Server, ServerResponse } from "node:http";
import { Server as NetServer, Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Milliseconds between two looks at what has become idle. */
const lookEvery = 50;

export class Connections {
  private readonly server: Server;
  /** Every open connection with the answers that it still waits for. */
  private readonly open = new Map<Socket, Set<ServerResponse>>();

  constructor(server: Server) {
    this.server = server;
    server.on("connection", (socket) => {
      this.open.set(socket, new Set());
      socket.once("close", () => this.open.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      const answers = this.open.get(socket);
      answers?.add(response);
      // It closes when its last byte is with the kernel, not when the last byte was written.
      response.once("close", () => answers?.delete(response));
    });
  }

  /** True while an answer is on its way, into which nothing else may be written. */
  isAnswering(socket: Duplex): boolean {
    return [...((socket instanceof Socket && this.open.get(socket)) || [])].some(({ headersSent }) => headersSent);
  }

  /** Takes no more connections and resolves when the last one is gone, after `graceMs` at the latest. */
  drain(graceMs: number): Promise<void> {
    const closeIdle = (): void => {
      for (const [socket, answers] of this.open) if (answers.size === 0) socket.destroySoon();
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
