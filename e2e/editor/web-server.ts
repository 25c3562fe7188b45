// A workbench as vscode.dev is one: static files, the extension host in a web worker, policies in a file system of the page. No server of VS Code.
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { editorSettings, vscodeFolder } from "./code-server.ts";

export interface WebServer {
  /** The page, with a folder and a file of it opened. */
  pageFor(file: string): string;
  stop(): Promise<void>;
}

/** The folder of the page's file system. */
const folder = "/storage";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/** Serves the workbench of code-server with the packed extension and the files below `source`. */
export async function startWebServer(source: string, settings: Readonly<Record<string, unknown>> = {}): Promise<WebServer> {
  const vscode = vscodeFolder();
  const files = await memoryFiles(source);
  const script = "/vscode/out/vs/code/browser/workbench/workbench.js";
  const made = new Map<string, () => string>([
    [script, () => withoutServer(readFileSync(join(vscode, script.slice("/vscode/".length)), "utf8"))],
    ["/", () => page(address.port, settings)],
    ...Object.entries(files).map(([path, text]) => [path, () => text] as const),
  ]);
  const folders = { "/vscode/": vscode, "/extension/": resolve("build/vsix") };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = decodeURIComponent(pathname);
    const [prefix, below] = Object.entries(folders).find(([name]) => path.startsWith(name)) ?? [];
    const text = made.get(path)?.();
    const body =
      text ?? (prefix === undefined || below === undefined ? undefined : await read(join(below, path.slice(prefix.length))));
    const type = types[path === "/" ? ".html" : extname(path)] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  const address = server.address() as AddressInfo;
  return {
    pageFor: (file) => {
      const payload = JSON.stringify([["openFile", `memfs:${folder}/${file}`]]);
      return `http://localhost:${address.port}/?${new URLSearchParams({ folder: `memfs:${folder}`, payload })}`;
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The workbench as VS Code's own build has it: that of code-server takes its own address for a server of VS Code, and keeps settings there. */
function withoutServer(workbench: string): string {
  const changes = [
    [/remoteAuthority:location\.host/u, ""],
    [/(\.file\(this\.userDataPath\)\.with\(\{scheme:\w+\.)vscodeRemote/u, "$1vscodeUserData"],
  ] as const;
  return changes.reduce((text, [from, to]) => {
    if (!from.test(text)) throw new Error(`this workbench has no ${from}: look how it finds its server`);
    return text.replace(from, to);
  }, workbench);
}

function read(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

/** The extension that holds the files, by the addresses of its parts. */
async function memoryFiles(source: string): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "memory-files/extension.ts")],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "browser",
    external: ["vscode"],
    logLevel: "warning",
  });
  const names = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = names.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [`${folder}/${relative(source, path)}`, readFileSync(path, "utf8")] as const;
  });
  const manifest = {
    name: "memory-files",
    publisher: "tests",
    version: "1.0.0",
    engines: { vscode: "^1.101.0" },
    browser: "./extension.js",
    activationEvents: ["onFileSystem:memfs"],
  };
  return {
    "/files/package.json": JSON.stringify(manifest),
    "/files/package.nls.json": "{}",
    "/files/extension.js": outputFiles[0]?.text ?? "",
    "/files/files.json": JSON.stringify(Object.fromEntries(texts)),
  };
}

function page(port: number, settings: Readonly<Record<string, unknown>>): string {
  const extension = (path: string) => ({ scheme: "http", authority: `localhost:${port}`, path });
  const configuration = {
    additionalBuiltinExtensions: ["/extension", "/files"].map(extension),
    configurationDefaults: { ...editorSettings, ...settings },
    developmentOptions: { enableSmokeTestDriver: true },
    enableWorkspaceTrust: false,
    webviewEndpoint: `http://localhost:${port}/vscode/out/vs/workbench/contrib/webview/browser/pre`,
    userDataPath: "/",
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    productConfiguration: { extensionsGallery: undefined },
  };
  const quoted = JSON.stringify(configuration).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta id="vscode-workbench-web-configuration" data-settings="${quoted}">
<link rel="stylesheet" href="/vscode/out/vs/code/browser/workbench/workbench.css">
</head>
<body>
<script>globalThis._VSCODE_FILE_ROOT = location.origin + "/vscode/out/";</script>
<script type="module" src="/vscode/out/nls.messages.js"></script>
<script type="module" src="/vscode/out/vs/code/browser/workbench/workbench.js"></script>
</body>
</html>
`;
}
