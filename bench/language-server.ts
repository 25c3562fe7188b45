// One language server with one document open, ours or a peer's: how long it takes to start and to answer, and what memory it holds.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LspClient, type Position, type Published } from "../e2e/lsp/client.ts";

export interface Desk {
  readonly client: LspClient;
  readonly uri: string;
  readonly text: string;
  /** Milliseconds from the start of the process to the first findings of the document. */
  readonly started: number;
}

/** Starts a server, `rw lsp --stdio` where no other command is given, and opens a file of a folder in it. */
export async function openDesk(folder: string, file: string, command: readonly string[] | undefined): Promise<Desk> {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const uri = pathToFileURL(path).href;
  const begun = performance.now();
  const [program, ...args] = command ?? [];
  const client =
    program === undefined
      ? new LspClient()
      : new LspClient(args, {}, spawn(program, args, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] }));
  // As it is shipped: the client of the tests has lint switched off.
  await client.initialize([pathToFileURL(folder).href], undefined, { initializationOptions: {} });
  const first = client.next(
    ({ method, params }) => method === "textDocument/publishDiagnostics" && (params as Published).uri === uri,
    600_000,
  );
  client.open(uri, text, "rego");
  await first;
  return { client, uri, text, started: performance.now() - begun };
}

/** Times in milliseconds, by operation, with nothing else in flight; operations that the server refuses are left out. */
export async function requestTimes({ client, uri, text }: Desk): Promise<ReadonlyMap<string, readonly number[]>> {
  const at = (word: RegExp): Position => {
    const offset = Math.max(text.search(word), 0);
    const before = text.slice(0, offset);
    return { line: before.split("\n").length - 1, character: offset - before.lastIndexOf("\n") };
  };
  const textDocument = { uri };
  const builtin = at(/\b(?:count|sprintf|startswith|concat)\(/u);
  const requests: readonly (readonly [string, string, object])[] = [
    ["hover", "textDocument/hover", { textDocument, position: builtin }],
    ["definition", "textDocument/definition", { textDocument, position: at(/\bsvc\d+\.helper|_valid_request/u) }],
    ["symbols", "textDocument/documentSymbol", { textDocument }],
    ["folding", "textDocument/foldingRange", { textDocument }],
    ["semantic tokens", "textDocument/semanticTokens/full", { textDocument }],
    ["completion", "textDocument/completion", { textDocument, position: builtin }],
  ];
  const times = new Map<string, readonly number[]>();
  for (const [operation, method, params] of requests) {
    const taken: number[] = [];
    for (let round = 0; round < 25; round++) {
      const sent = performance.now();
      const { error } = await client.ask(method, params).answer;
      if (error !== undefined) break;
      if (round >= 5) taken.push(performance.now() - sent);
    }
    if (taken.length > 0) times.set(operation, taken);
  }
  return times;
}

/** Bytes in memory of the server and of what it started, where the system tells them. */
export function memoryOf({ client }: Desk): number | undefined {
  const kilobytesOf = (pid: number): number => {
    const own = Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    return childrenOf(pid).reduce((sum, child) => sum + kilobytesOf(child), own);
  };
  try {
    return kilobytesOf(client.child.pid ?? 0) * 1024;
  } catch {
    // Only Linux has these files.
    return undefined;
  }
}

/** Waits until the server uses less than a tenth of a processor over a second; for half a minute at most. */
export async function untilIdle({ client }: Desk): Promise<void> {
  const ticksOf = (pid: number): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ");
    return childrenOf(pid).reduce((sum, child) => sum + ticksOf(child), Number(fields[11]) + Number(fields[12]));
  };
  try {
    let before = ticksOf(client.child.pid ?? 0);
    for (let second = 0; second < 30; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const now = ticksOf(client.child.pid ?? 0);
      if (now - before < 10) return;
      before = now;
    }
  } catch {
    // Only Linux has these files; elsewhere the figures are taken at once.
  }
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}
