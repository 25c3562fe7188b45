// HOCON while typing: from a change of a large document to its findings on the wire, through the built language server.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LspClient, type Published } from "../e2e/lsp/client.ts";
import { p95 } from "./measure.ts";
import { printRow } from "./report.ts";

/** Rounds before the clock counts, as in a server that somebody works with. */
const WARM = 8;

/** Types and deletes a bad substitution in the 1 MB document of `documents`; prints the 95th percentile over all changes. */
export async function hoconTypingRows(documents: string, folder: string, short: boolean): Promise<void> {
  const text = readFileSync(join(documents, "doc-1m.conf"), "utf8");
  mkdirSync(join(folder, "typing", "inputs"), { recursive: true });
  const path = join(folder, "typing", "inputs", "sample.conf");
  writeFileSync(path, text);
  const client = new LspClient();
  try {
    const uri = pathToFileURL(path).href;
    await client.initialize([pathToFileURL(join(folder, "typing")).href]);
    client.open(uri, text, "hocon");
    await client.diagnostics(uri);
    let times: number[] = [];
    const lines = text.split("\n");
    const typed = "broken = ${no.such.path}\n";
    const change = async (range: object, inserted: string, version: number, broken: boolean): Promise<void> => {
      const answered = client.next(({ method, params }) => {
        if (method !== "textDocument/publishDiagnostics") return false;
        const published = params as Published;
        const found = published.diagnostics.some(({ code }) => code === "hocon_unresolved");
        return published.uri === uri && published.version === version && found === broken;
      });
      const started = performance.now();
      client.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range, text: inserted }],
      });
      await answered;
      times.push(performance.now() - started);
    };
    let version = 2;
    const rounds = short ? 20 : 60;
    for (let round = -WARM; round < rounds; round++) {
      if (round === 0) times = [];
      const line = topLevelLine(lines, Math.floor((lines.length * Math.abs(round)) / rounds));
      const start = { line, character: 0 };
      await change({ start, end: start }, typed, version++, true);
      await change({ start, end: { line: line + 1, character: 0 } }, "", version++, false);
    }
    printRow({ operation: "HOCON 1 MB: key to findings, p95", ours: p95(times), limit: 50 });
  } finally {
    await client.stop();
  }
}

/** The next line that begins a field of the root. */
function topLevelLine(lines: readonly string[], from: number): number {
  for (let line = from; line < lines.length; line++) if (/^[a-z][\w-]* \{$/u.test(lines[line]!)) return line;
  return 0;
}
