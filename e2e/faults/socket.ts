// Bytes over a bare connection, for clients that no HTTP library would be.
import { connect, type Socket } from "node:net";

export interface Bare {
  readonly socket: Socket;
  /** What came back so far. */
  text(): string;
  /** Milliseconds from the connection to its end. */
  readonly closed: Promise<number>;
}

/** Connects and sends the bytes; the connection stays open until the server ends it. */
export function bare(url: string, bytes: string | Uint8Array): Bare {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  const socket = connect({ host: hostname, port: Number(port) });
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  // A connection that the server resets ends as one that it closes.
  socket.on("error", () => {});
  socket.write(bytes);
  return {
    socket,
    text: () => text,
    closed: new Promise((resolve) => socket.once("close", () => resolve(performance.now() - started))),
  };
}

/** The status of the first answer; 0 when the server closed without one. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}
