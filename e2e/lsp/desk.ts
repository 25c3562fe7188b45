// The folders and clients of a test: made on demand, taken away behind it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach } from "vitest";
import { LspClient } from "./client.ts";

const clients: LspClient[] = [];
const folders: string[] = [];

/** A client of a server of its own, not initialised yet. */
export function connect(args?: readonly string[], env?: Readonly<Record<string, string>>): LspClient {
  const client = new LspClient(args, env);
  clients.push(client);
  return client;
}

/** A folder with files. */
export function workspace(files: Readonly<Record<string, string | Buffer>>): { readonly path: string; readonly uri: string } {
  const path = mkdtempSync(join(tmpdir(), "rw-lsp-"));
  folders.push(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, uri: pathToFileURL(path).href };
}

afterEach(() => {
  for (const client of clients.splice(0)) client.child.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
