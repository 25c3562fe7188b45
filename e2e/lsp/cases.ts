// Reads and runs case files: `=== name`, files after `#- path` with `$0` as cursor, then `--- ask` blocks with what must come back.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LspClient, Position } from "./client.ts";
import { answerOf, type Desk } from "./render.ts";

export interface Ask {
  readonly what: string;
  readonly argument: string;
  readonly wanted: string;
}

export interface Case {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  readonly cursor: { readonly path: string; readonly offset: number } | undefined;
  readonly asks: readonly Ask[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), "cases");

export function caseFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort();
}

/** `\r` and `\t` at places where an editor would hide them are written as `␍` and `⇥`. */
const plain = (text: string): string => text.replaceAll("␍", "\r").replaceAll("⇥", "\t");

export function readCases(name: string): readonly Case[] {
  const text = readFileSync(join(folder, name), "utf8");
  return text
    .split(/^=== /mu)
    .slice(1)
    .map((chunk) => {
      const title = chunk.slice(0, chunk.indexOf("\n")).trim();
      const [fixture, ...blocks] = chunk.slice(chunk.indexOf("\n") + 1).split(/^--- /mu);
      const files = new Map<string, string>();
      let cursor: Case["cursor"];
      const pieces = /^#- /mu.test(fixture!) ? fixture!.split(/^#- /mu).slice(1) : [`policy.rego\n${fixture}`];
      for (const piece of pieces) {
        const path = piece.slice(0, piece.indexOf("\n")).trim();
        let content = plain(piece.slice(piece.indexOf("\n") + 1));
        const at = content.indexOf("$0");
        if (at >= 0) {
          content = content.slice(0, at) + content.slice(at + 2);
          cursor = { path, offset: at };
        }
        files.set(path, content);
      }
      const asks = blocks.map((block) => {
        const head = block.slice(0, block.indexOf("\n")).trim();
        const [what = "", ...rest] = head.split(" ");
        return { what, argument: rest.join(" "), wanted: plain(block.slice(block.indexOf("\n") + 1)).trimEnd() };
      });
      return { name: title, files, cursor, asks };
    });
}

/** Runs one case in a folder of its own, which joins the workspace of a running server for that time. Gives what differs. */
export async function runCase(client: LspClient, one: Case): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), "rw-lsp-"));
  const uri = pathToFileURL(root).href;
  try {
    for (const [path, text] of one.files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [{ uri, name: "case" }], removed: [] } });
    const path = one.cursor?.path ?? [...one.files.keys()][0]!;
    const text = one.files.get(path)!;
    const document = pathToFileURL(join(root, path)).href;
    client.open(document, text, languageOf(path));
    const desk: Desk = {
      client,
      root: uri,
      files: one.files,
      path,
      uri: document,
      text,
      position: positionAt(text, one.cursor?.offset ?? 0),
    };
    const differences: string[] = [];
    for (const ask of one.asks) {
      const got = await answerOf(desk, ask.what, ask.argument);
      const difference = compare(ask, got);
      if (difference !== undefined) differences.push(difference);
    }
    client.notify("textDocument/didClose", { textDocument: { uri: document } });
    client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri, name: "case" }] } });
    return differences;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Lines after `+` must be part of some line of the answer, lines after `!` of none; without such lines the whole answer must be the same. */
function compare({ what, argument, wanted }: Ask, got: string): string | undefined {
  const lines = wanted.split("\n");
  const loose = lines.some((line) => /^[+!] /u.test(line));
  const held = got.split("\n");
  const wrong = loose
    ? lines.filter((line) => {
        const found = held.some((other) => other.includes(line.slice(2)));
        return line.startsWith("+ ") ? !found : line.startsWith("! ") && found;
      })
    : got.trimEnd() === wanted
      ? []
      : lines;
  return wrong.length === 0
    ? undefined
    : `--- ${what} ${argument}\nwanted:\n${wrong.join("\n")}\ngot:\n${held.slice(0, 40).join("\n")}`;
}

function languageOf(path: string): string {
  if (path.endsWith(".rego")) return "rego";
  if (/\.(?:conf|hocon)$/u.test(path)) return "hocon";
  return path.endsWith(".json") ? "json" : "yaml";
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/u);
  return { line: before.length - 1, character: before.at(-1)!.length };
}
