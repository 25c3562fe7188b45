// What may stand before RMS: passes everything on, and gives answers of its own where a test asks for it.
import { createServer } from "node:http";

export interface Front {
  readonly url: string;
  /** The answer in the place of that of RMS; `undefined` passes the request on. */
  answer: ((method: string, path: string) => { readonly status: number; readonly body: string } | undefined) | undefined;
  close(): void;
}

export async function startFront(target: string): Promise<Front> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const own = front.answer?.(request.method ?? "", request.url ?? "");
    if (own !== undefined) {
      response.writeHead(own.status, { "content-type": "text/html" }).end(own.body);
      return;
    }
    const { host: _host, connection: _connection, ...headers } = request.headers;
    try {
      const answer = await fetch(target + (request.url ?? ""), {
        method: request.method ?? "GET",
        headers: headers as Record<string, string>,
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      const tag = answer.headers.get("etag");
      const type = answer.headers.get("content-type");
      const kept = { ...(tag === null ? {} : { etag: tag }), ...(type === null ? {} : { "content-type": type }) };
      response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const front: Front = {
    url: `http://127.0.0.1:${port}`,
    answer: undefined,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return front;
}
