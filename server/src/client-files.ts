// Files that only the client sees, those of virtual file systems and of a browser: it reads them for us.
import * as messages from "#protocol/messages.ts";
import type { Host } from "#workspace/host.ts";
import { maxFileBytes } from "#workspace/source-file.ts";
import { isProjectFile } from "#workspace/workspace.ts";
import { isSkippedFolder, isTooMuch, tooMuchIn } from "./folder-limits.ts";
import type { Connection } from "./rpc/connection.ts";
import type { UriBook } from "./uris.ts";

interface Client {
  readonly connection: Pick<Connection, "request">;
  readonly uris: UriBook;
  log(text: string): void;
}

/** A host that asks the client for what lies in its file systems. */
export function withClientFiles(host: Host, client: Client): Host {
  const { uris } = client;
  return {
    readFile: (path) => (uris.isOfClient(path) ? readFile(client, path) : host.readFile(path)),
    list: (root) => (uris.isOfClient(root) ? listFiles(client, root) : host.list(root)),
    now: () => host.now(),
    home: host.home,
  };
}

async function readFile({ connection, uris }: Client, path: string): Promise<Uint8Array | undefined> {
  const params: messages.ReadFileParams = { uri: uris.uri(path), longest: maxFileBytes };
  const answer = (await connection.request(messages.readFile, params).catch(() => null)) as messages.ReadFileResult;
  if (answer === null) return undefined;
  // What is too long is not read, and told by its length.
  if ("length" in answer) return new Uint8Array(maxFileBytes + 1);
  return Uint8Array.from(atob(answer.base64), (char) => char.charCodeAt(0));
}

/** Level by level, the folders of a level at once: each is a question to a file system that may be far away. */
async function listFiles(client: Client, root: string): Promise<readonly string[]> {
  const found: string[] = [];
  let folders = 0;
  for (let level = [root]; level.length > 0; ) {
    folders += level.length;
    const below: string[] = [];
    for (const { folder, entries } of await Promise.all(level.map((folder) => readFolder(client, folder))))
      for (const { name, kind } of entries) {
        const path = `${folder}/${name}`;
        if (kind === "file" && isProjectFile(path)) found.push(path);
        if (kind === "folder" && !isSkippedFolder(name)) below.push(path);
      }
    if (isTooMuch(found.length, folders)) {
      client.log(tooMuchIn(root));
      return [];
    }
    level = below;
  }
  return found;
}

async function readFolder(
  { connection, uris }: Client,
  folder: string,
): Promise<{ readonly folder: string; readonly entries: readonly messages.FolderEntry[] }> {
  const params: messages.ReadFolderParams = { uri: uris.uri(folder) };
  const entries = (await connection.request(messages.readFolder, params).catch(() => null)) as messages.ReadFolderResult;
  return { folder: folder.replace(/\/$/u, ""), entries: entries ?? [] };
}
