// Somebody between the sidecar and RMS: passes everything on, and may put other bytes in the place of a bundle.
import { createServer, type IncomingMessage } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ArchiveFile, readTar, writeTar } from "#bundles/tar.ts";

export interface Between {
  readonly url: string;
  /** Changes the next bundles; `undefined` passes them on. */
  change: ((bundle: Uint8Array) => Uint8Array) | undefined;
  /** Methods and paths that were asked for, with the headers of the bundle requests. */
  readonly seen: {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly status: number;
  }[];
  close(): void;
}

export async function startProxy(target: string): Promise<Between> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const { host: _host, connection: _connection, ...headers } = request.headers;
    try {
      const answer = await fetch(target + (request.url ?? ""), {
        method: request.method ?? "GET",
        headers: headers as Record<string, string>,
        signal: gone.signal,
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      let body: Uint8Array = new Uint8Array(await answer.arrayBuffer());
      const path = request.url ?? "";
      proxy.seen.push({ method: request.method ?? "", path, headers: request.headers, status: answer.status });
      const kept = ["content-type", "etag", "x-rms-revision"].flatMap((name) => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      });
      if (path.startsWith("/opa/v1/bundles/") && answer.status === 200 && proxy.change !== undefined) body = proxy.change(body);
      response.writeHead(answer.status, Object.fromEntries(kept)).end(body);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const proxy: Between = {
    url: `http://127.0.0.1:${port}`,
    change: undefined,
    seen: [],
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}

/** The bundle with other files in it. */
export function repacked(bundle: Uint8Array, change: (files: readonly ArchiveFile[]) => readonly ArchiveFile[]): Uint8Array {
  const archive = readTar(gunzipSync(bundle));
  if ("fault" in archive) throw new Error(archive.fault);
  return gzipSync(writeTar(change(archive.files)));
}

/** The bundle with one file's text changed. */
export function edited(bundle: Uint8Array, name: string, edit: (text: string) => string): Uint8Array {
  return repacked(bundle, (files) =>
    files.map((file) =>
      file.name === name ? { name, bytes: new TextEncoder().encode(edit(new TextDecoder().decode(file.bytes))) } : file,
    ),
  );
}
