// Serves the built playground on this machine alone, as any server of static files would; `--port N` for another port.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(import.meta.dirname, "../dist/playground");
const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  png: "image/png",
  ttf: "font/ttf",
  txt: "text/plain; charset=utf-8",
};

/** A server of the page; nothing outside of its folder. */
export function servePlayground(): Server {
  return createServer(({ url = "/", method }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const path = join(folder, normalize(`/${name}`));
    try {
      if (method !== "GET" && method !== "HEAD") throw new Error("nothing is changed here");
      const text = readFileSync(path);
      const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" });
      response.end(method === "HEAD" ? undefined : text);
    } catch {
      response.writeHead(404, { "Content-Type": "text/plain" });
      response.end("There is no such file.\n");
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--port");
  const port = at < 0 ? 8788 : Number(process.argv[at + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error("playground: --port takes a number from 0 to 65535");
    process.exit(2);
  }
  const server = servePlayground();
  server.on("error", ({ message }) => {
    console.error(`playground: ${message}; another port can be chosen: npm run playground -- --port 8789`);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    console.log(`The playground is at http://localhost:${typeof address === "object" ? address?.port : port}/`);
  });
}
