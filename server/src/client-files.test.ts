// Files of the client beside those of the disk: each is read where it lies, and what cannot be read is not there.
import { expect, test } from "vitest";
import * as messages from "#protocol/messages.ts";
import { memoryHost } from "#workspace/host.ts";
import { maxFileBytes } from "#workspace/source-file.ts";
import { withClientFiles } from "./client-files.ts";
import { UriBook } from "./uris.ts";

type Entries = readonly (readonly [name: string, kind: messages.FolderEntry["kind"]])[];

function host(folders: Readonly<Record<string, Entries>>, asked: string[] = []) {
  const uris = new UriBook();
  uris.fileSystems = new Set(["vscode-vfs"]);
  const logged: string[] = [];
  const request = async (method: string, params: unknown): Promise<unknown> => {
    const { uri } = params as { uri: string };
    asked.push(uri);
    if (method === messages.readFolder) return folders[uri]?.map(([name, kind]) => ({ name, kind })) ?? null;
    if (uri.endsWith("large.json")) return { length: maxFileBytes + 5 };
    if (uri.endsWith("lost.rego")) throw new Error("the client has no such file system");
    return uri.endsWith("none.rego") ? null : { base64: btoa("package a # \u00c3\u00bc") };
  };
  const disk = memoryHost({ "/p/disk.rego": "package disk" });
  return { ...withClientFiles(disk, { connection: { request }, uris, log: (text) => logged.push(text) }), logged };
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

test("each file is read where it lies", async () => {
  const asked: string[] = [];
  const { readFile, list } = host({}, asked);
  expect(text(await readFile("/p/disk.rego"))).toBe("package disk");
  expect(await list("/p")).toEqual(["/p/disk.rego"]);
  expect(asked).toEqual([]);
  expect(text(await readFile("/vscode-vfs:github/acme/a b.rego"))).toBe("package a # ü");
  expect(asked).toEqual(["vscode-vfs://github/acme/a%20b.rego"]);
});

test("what the client does not have is not there; what is too long is only known to be so", async () => {
  const { readFile, list } = host({});
  expect(await readFile("/vscode-vfs:github/none.rego")).toBeUndefined();
  expect(await readFile("/vscode-vfs:github/lost.rego")).toBeUndefined();
  expect(await list("/vscode-vfs:github/none")).toEqual([]);
  expect((await readFile("/vscode-vfs:github/large.json"))?.length).toBeGreaterThan(maxFileBytes);
});

test("folders are read level by level, without those that hold no policies", async () => {
  const root = "vscode-vfs://github/acme";
  const { list } = host({
    [root]: [
      ["a.rego", "file"],
      ["logo.png", "file"],
      ["node_modules", "folder"],
      ["policy", "folder"],
    ],
    [`${root}/policy`]: [["b.rego", "file"]],
    [`${root}/node_modules`]: [["c.rego", "file"]],
  });
  expect(await list("/vscode-vfs:github/acme")).toEqual([
    "/vscode-vfs:github/acme/a.rego",
    "/vscode-vfs:github/acme/policy/b.rego",
  ]);
});

test("a folder with too many files is not read, and that is told", async () => {
  const many = Array.from({ length: 6000 }, (_, at) => [`${at}.rego`, "file"] as const);
  const { list, logged } = host({ "vscode-vfs://github/many": many });
  expect(await list("/vscode-vfs:github/many")).toEqual([]);
  expect(logged.join()).toContain("holds too many files");
});
