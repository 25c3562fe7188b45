// Rego while typing: from the start of the built language server, and from a change of a document, to what the client gets to see.
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LspClient, type Position, type Published } from "../e2e/lsp/client.ts";
import { p95 } from "./measure.ts";
import { printRow } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

interface Subject {
  readonly name: string;
  readonly folder: string;
  /** The document that is typed in. */
  readonly file: string;
  /** Milliseconds in the 95th percentile to compile findings and to the decision, where the design names them. */
  readonly compile: number | undefined;
  readonly decision: number | undefined;
}

/** Rounds before the clock counts, as in a server that somebody works with. */
const WARM = 6;

/** Prints the rows of W1 beside 5.9 MB of data, of W2, and of W3 in three sizes. */
export async function regoTypingRows(generate: Generate, folder: string, short: boolean): Promise<void> {
  const w2 = generate("w2");
  const domain = join(folder, "w2-workspace");
  mkdirSync(domain, { recursive: true });
  for (const part of ["src", "data.json", "input.json"]) cpSync(join(w2, part), join(domain, part), { recursive: true });
  const users = generate("w1-100k", "--users", "100000");
  const service = join("team0", "svc0010.rego");
  const subjects: readonly Subject[] = [
    { name: "W1, 100k users", folder: join(users, "index"), file: "policy.rego", compile: undefined, decision: 50 },
    { name: "W2", folder: domain, file: join("src", "policy.rego"), compile: 25, decision: 50 },
    { name: "W3-50", folder: generate("w3-50", "--files", "50"), file: service, compile: undefined, decision: undefined },
    { name: "W3-200", folder: generate("w3-200", "--files", "200"), file: service, compile: 50, decision: 100 },
    ...(short
      ? []
      : [{ name: "W3-1000", folder: generate("w3-1000", "--files", "1000"), file: service, compile: 100, decision: undefined }]),
  ];
  for (const subject of subjects) await typingRows(subject, short ? 8 : 25);
}

async function typingRows({ name, folder, file, compile, decision }: Subject, rounds: number): Promise<void> {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const uri = pathToFileURL(path).href;
  const client = new LspClient();
  try {
    const started = performance.now();
    await client.initialize([pathToFileURL(folder).href]);
    const first = client.next(
      ({ method, params }) => method === "textDocument/publishDiagnostics" && (params as Published).uri === uri,
      600_000,
    );
    client.open(uri, text, "rego");
    await first;
    printRow({ operation: `${name}: server start to findings`, ours: performance.now() - started });
    await client.next(({ method }) => method === "rw/live", 600_000).catch(() => undefined);
    printMemory(name, "after start", client);

    let version = 1;
    const end: Position = { line: text.split("\n").length - 1, character: text.length - text.lastIndexOf("\n") - 1 };
    /** Types a text at the end and takes it back; the times until `seen` accepts what is published, and until the decisions come. */
    const type = async (typed: string, seen: (published: Published) => boolean, lives = false): Promise<readonly number[]> => {
      const times: number[] = [];
      const lines = typed.split("\n");
      const after: Position = {
        line: end.line + lines.length - 1,
        character: lines.at(-1)!.length + (lines.length === 1 ? end.character : 0),
      };
      for (let round = -WARM; round < rounds; round++) {
        for (const forth of [true, false]) {
          version++;
          const done = client.next(({ method, params }) => {
            if (lives)
              return (
                method === "rw/live" &&
                (params as { version?: number }).version === version &&
                !(params as { stale?: boolean }).stale
              );
            if (method !== "textDocument/publishDiagnostics") return false;
            const published = params as Published;
            return published.uri === uri && published.version === version && seen(published) === forth;
          }, 60_000);
          const range = forth ? { start: end, end } : { start: end, end: after };
          const sent = performance.now();
          client.notify("textDocument/didChange", {
            textDocument: { uri, version },
            contentChanges: [{ range, text: forth ? typed : "" }],
          });
          await done;
          if (round >= 0) times.push(performance.now() - sent);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      return times;
    };
    const says = (word: RegExp) => (published: Published) => published.diagnostics.some(({ message }) => word.test(message));
    const row = (operation: string, times: readonly number[], limit: number | undefined): void =>
      printRow({ operation: `${name}: ${operation}, p95`, ours: p95(times), ...(limit === undefined ? {} : { limit }) });
    row(
      "key to syntax findings",
      await type("\nbroken := := 1\n", ({ diagnostics }) => diagnostics.some(({ code }) => code === "rego_parse_error")),
      10,
    );
    row("key to compile findings", await type("\nloose if undeclared > 1\n", says(/undeclared is unsafe/u)), compile);
    row("key to type findings", await type('\nodd if upper(1) == "x"\n', says(/upper/u)), compile);
    row("key to decisions", await type("\n# typed\n", () => false, true), decision);
    await requestRows(client, uri, text, (operation, times, limit) => row(operation, times, limit));
    printMemory(name, "after edits", client);
  } finally {
    await client.stop();
  }
}

async function requestRows(
  client: LspClient,
  uri: string,
  text: string,
  row: (operation: string, times: readonly number[], limit: number | undefined) => void,
): Promise<void> {
  const at = (word: RegExp): Position => {
    const offset = Math.max(text.search(word), 0);
    const before = text.slice(0, offset);
    return { line: before.split("\n").length - 1, character: offset - before.lastIndexOf("\n") };
  };
  const textDocument = { uri };
  const requests: readonly (readonly [string, string, object, number])[] = [
    ["hover", "textDocument/hover", { textDocument, position: at(/\b(?:count|sprintf|startswith|concat)\(/u) }, 20],
    ["definition", "textDocument/definition", { textDocument, position: at(/\bsvc\d+\.helper|_valid_request/u) }, 20],
    ["symbols", "textDocument/documentSymbol", { textDocument }, 20],
    ["folding", "textDocument/foldingRange", { textDocument }, 20],
    ["semantic tokens", "textDocument/semanticTokens/full", { textDocument }, 50],
    ["completion", "textDocument/completion", { textDocument, position: at(/\b(?:count|sprintf|startswith|concat)\(/u) }, 40],
  ];
  for (const [operation, method, params, limit] of requests) {
    const times: number[] = [];
    for (let round = 0; round < 25; round++) {
      const sent = performance.now();
      await client.request(method, params);
      if (round >= 5) times.push(performance.now() - sent);
    }
    row(operation, times, limit);
  }
}

/** The resident memory of the server and of what it started, where the system tells it. */
function printMemory(name: string, when: string, client: LspClient): void {
  const kilobytesOf = (pid: number): number => {
    const own = Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter((child) => child !== "");
    return children.reduce((sum, child) => sum + kilobytesOf(Number(child)), own);
  };
  try {
    const kilobytes = kilobytesOf(client.child.pid ?? 0);
    printRow({ operation: `${name}: server memory ${when}`, ours: kilobytes * 1024, unit: "bytes" });
  } catch {
    // Only Linux has these files.
  }
}
