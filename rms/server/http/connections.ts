// The end of a server's connections: those that wait for nothing at once, the others after their answer, all of them in the end.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Milliseconds between two looks at what has become idle. */
const lookEvery = 50;

export class Connections {
  private readonly server: Server;
  /** Every open connection with the answers that came last on it: more than one where requests come before their forerunners' answers. */
  private readonly open = new Map<Socket, ServerResponse[]>();

  constructor(server: Server) {
    this.server = server;
    server.on("connection", (socket) => {
      this.open.set(socket, []);
      socket.once("close", () => this.open.delete(socket));
    });
  }

  /** A request came, to be answered. */
  asked({ socket }: IncomingMessage, response: ServerResponse): void {
    const answers = this.open.get(socket);
    if (answers === undefined) return;
    if (answers.length === 1 && !isUnderWay(answers[0]!)) answers[0] = response;
    else this.open.set(socket, [...answers.filter(isUnderWay), response]);
  }

  /** True while an answer is on its way, into which nothing else may be written. */
  isAnswering(socket: Duplex): boolean {
    const answers = (socket instanceof Socket && this.open.get(socket)) || [];
    return answers.some((answer) => isUnderWay(answer) && answer.headersSent);
  }

  /** Takes no more connections and resolves when the last one is gone, after `graceMs` at the latest. */
  drain(graceMs: number): Promise<void> {
    const closeIdle = (): void => {
      for (const [socket, answers] of this.open) if (!answers.some(isUnderWay)) socket.destroySoon();
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

/** An answer is over when its last byte is with the kernel, not when the last byte was written. */
function isUnderWay({ destroyed }: ServerResponse): boolean {
  return !destroyed;
}
