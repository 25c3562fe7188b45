// Answers to what is no HTTP request: Node's parser gave it up, so there is no route and only a socket.
import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { Problem, problemAnswer } from "./problem.ts";

const problems: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, "headers-too-large", "Headers too large", "The headers may have 16 KiB."),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, "too-slow", "Too slow", "The request did not come to its end in time."),
};

const noRequest = new Problem(400, "bad-request", "Bad request", "This is no HTTP request.");

/** Tells the client what is wrong, unless it is in the middle of another answer, and ends the connection. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Duplex, answering: boolean): void {
  if (error.code === "ECONNRESET" || !socket.writable || answering) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = problemAnswer(problems[error.code ?? ""] ?? noRequest, randomUUID());
  const text = JSON.stringify(body);
  const lines = [`HTTP/1.1 ${status} ${(body as { readonly title: string }).title}`];
  for (const [name, value] of Object.entries({ ...headers, "Content-Length": Buffer.byteLength(text), Connection: "close" }))
    lines.push(`${name}: ${value}`);
  socket.end(`${lines.join("\r\n")}\r\n\r\n${text}`);
}
