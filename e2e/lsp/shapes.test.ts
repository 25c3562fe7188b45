// Every answer has the shape that the protocol gives it, at any place of sound and of torn texts, in both encodings.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { random } from "../../fuzz/random.ts";
import { root } from "../programs/run.ts";
import { LspClient, type LspRange, type Position, richCapabilities } from "./client.ts";

const folder = join(root, "examples/orders");
const texts = [
  ...readdirSync(join(folder, "policy"))
    .filter((name) => name.endsWith(".rego"))
    .map((name) => ({ name: `policy/${name}`, text: readFileSync(join(folder, "policy", name), "utf8"), language: "rego" })),
  {
    name: "policy/odd.rego",
    language: "rego",
    text: '# METADATA\r\n# title: "漢字 😀"\r\n# custom:\r\n#   a: 1\r\npackage odd.path["x-y"]\r\n\r\nimport data.limits as l\r\n\r\nf(x, {"k": [y]}) := $"é {x} 😀 {l.max}" if every k, v in y { k == v } else := `raw\r\n😀` if not x in y\r\n\r\nu[a].b contains c if some a, c in input.漢\r\n',
  },
  { name: "inputs/odd.conf", language: "hocon", text: 'a { b = ${c.d} "😀", e += [1, 2]\r\n}\nc.d = """x\ny"""\n# end\n' },
];

/** A text in the units of an encoding. */
class Lined {
  readonly lines: readonly string[];
  readonly width: (text: string) => number;
  constructor(text: string, encoding: string) {
    this.lines = text.split(/\r\n|\r|\n/u);
    this.width = encoding === "utf-8" ? (piece) => Buffer.byteLength(piece) : (piece) => piece.length;
  }
  has({ line, character }: Position): boolean {
    const text = this.lines[line];
    return text !== undefined && character >= 0 && character <= this.width(text);
  }
}

const before = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.character <= b.character);
const within = (outer: LspRange, inner: LspRange): boolean => before(outer.start, inner.start) && before(inner.end, outer.end);

const { below } = random(7);

/** The text with a piece cut out, so that it rarely reads. */
function torn(text: string): string {
  const at = below(text.length);
  return text.slice(0, at) + text.slice(at + 1 + below(12));
}

const client = new LspClient();
const other = new LspClient();
afterAll(() => {
  client.child.kill();
  other.child.kill();
});

test.each(["utf-16", "utf-8"])("in %s", async (encoding) => {
  const server = encoding === "utf-16" ? client : other;
  const { capabilities } = await server.initialize([pathToFileURL(folder).href], {
    ...richCapabilities,
    general: { positionEncodings: [encoding] },
  });
  const legend = (capabilities["semanticTokensProvider"] as { legend: { tokenTypes: string[]; tokenModifiers: string[] } })
    .legend;
  let version = 1;
  for (const { name, text, language } of texts) {
    const uri = pathToFileURL(join(folder, name)).href;
    server.open(uri, text, language, version);
    for (let round = 0; round < 5; round++) {
      const now = round === 0 ? text : torn(text);
      version += 1;
      server.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text: now }] });
      await look(server, uri, new Lined(now, encoding), legend);
    }
    server.notify("textDocument/didClose", { textDocument: { uri } });
  }
});

async function look(
  server: LspClient,
  uri: string,
  lined: Lined,
  legend: { tokenTypes: string[]; tokenModifiers: string[] },
): Promise<void> {
  const textDocument = { uri };
  const lastLine = lined.lines.length - 1;
  const whole = { start: { line: 0, character: 0 }, end: { line: lastLine, character: lined.width(lined.lines[lastLine]!) } };
  const isIn = (range: LspRange, what: string) => {
    expect([what, range, lined.has(range.start), lined.has(range.end)]).toEqual([what, range, true, true]);
    expect(before(range.start, range.end), what).toBe(true);
  };
  const own = (place: { uri: string; range: LspRange }) => place.uri === uri && isIn(place.range, "place");

  const { items } = await server.request<{ items: { range: LspRange; severity: number; message: string; code: string }[] }>(
    "textDocument/diagnostic",
    { textDocument },
  );
  for (const one of items) {
    isIn(one.range, one.message);
    expect(one.severity).toBeGreaterThan(0);
    expect(one.code).not.toBe("");
    expect(one.code).not.toBe("rw-internal");
  }
  const actions = await server.request<{ edit: { changes: Record<string, { range: LspRange }[]> } }[]>(
    "textDocument/codeAction",
    {
      textDocument,
      range: whole,
      context: { diagnostics: items },
    },
  );
  for (const { edit } of actions) notOverlapping(edit.changes[uri]!, isIn);

  type Symbol = { name: string; range: LspRange; selectionRange: LspRange; children?: Symbol[] };
  const symbol = (one: Symbol) => {
    isIn(one.range, "symbol");
    expect([one.name, within(one.range, one.selectionRange)]).toEqual([one.name, true]);
    expect(one.name).not.toBe("");
    for (const child of one.children ?? []) symbol(child);
  };
  for (const one of await server.request<Symbol[]>("textDocument/documentSymbol", { textDocument })) symbol(one);
  for (const { startLine, endLine } of await server.request<{ startLine: number; endLine: number }[]>(
    "textDocument/foldingRange",
    {
      textDocument,
    },
  ))
    expect([startLine < endLine, endLine <= lastLine]).toEqual([true, true]);
  for (const link of await server.request<{ range: LspRange }[]>("textDocument/documentLink", { textDocument }))
    isIn(link.range, "link");
  for (const lens of await server.request<{ range: LspRange; command: { title: string } }[]>("textDocument/codeLens", {
    textDocument,
  })) {
    isIn(lens.range, "lens");
    expect(lens.range.start.line).toBe(lens.range.end.line);
  }
  for (const { position } of await server.request<{ position: Position }[]>("textDocument/inlayHint", {
    textDocument,
    range: whole,
  }))
    expect(lined.has(position)).toBe(true);

  const full = await server.request<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument });
  const ranged = await server.request<{ data: number[] }>("textDocument/semanticTokens/range", { textDocument, range: whole });
  expect(ranged.data).toEqual(full.data);
  let at = { line: 0, character: 0 };
  let end = 0;
  for (let i = 0; i < full.data.length; i += 5) {
    const [down, over, length, type, modifiers] = full.data.slice(i, i + 5) as [number, number, number, number, number];
    at = { line: at.line + down, character: down === 0 ? at.character + over : over };
    expect([at, down > 0 || at.character >= end, length > 0]).toEqual([at, true, true]);
    end = at.character + length;
    expect([at, lined.has({ line: at.line, character: end })]).toEqual([at, true]);
    expect(type).toBeLessThan(legend.tokenTypes.length);
    expect(modifiers).toBeLessThan(2 ** legend.tokenModifiers.length);
  }
  const formatted = await server.request<{ range: LspRange }[] | null>("textDocument/formatting", {
    textDocument,
    options: { tabSize: 4, insertSpaces: false },
  });
  notOverlapping(formatted ?? [], isIn);

  for (let tries = 0; tries < 12; tries++) {
    const line = below(lined.lines.length);
    const position = { line, character: below(lined.width(lined.lines[line]!) + 1) };
    const here = { textDocument, position };
    const hover = await server.request<{ range: LspRange; contents: { value: string } } | null>("textDocument/hover", here);
    if (hover !== null) {
      isIn(hover.range, "hover");
      expect(hover.contents.value.trim()).not.toBe("");
    }
    const list = await server.request<{ items: { label: string; textEdit: { range: LspRange } }[] }>(
      "textDocument/completion",
      here,
    );
    for (const item of list.items) {
      expect(item.label).not.toBe("");
      isIn(item.textEdit.range, item.label);
      expect(item.textEdit.range.start.line).toBe(item.textEdit.range.end.line);
      expect(before(item.textEdit.range.start, position)).toBe(true);
    }
    const help = await server.request<{ signatures: { label: string; parameters: object[] }[]; activeSignature: number } | null>(
      "textDocument/signatureHelp",
      here,
    );
    if (help !== null) expect(help.activeSignature).toBeLessThan(help.signatures.length);
    for (const method of ["definition", "declaration", "typeDefinition", "implementation"])
      for (const place of await server.request<{ uri: string; range: LspRange }[]>(`textDocument/${method}`, here)) own(place);
    const references = await server.request<{ uri: string; range: LspRange }[]>("textDocument/references", {
      ...here,
      context: { includeDeclaration: true },
    });
    for (const place of references) own(place);
    const highlights = await server.request<{ range: LspRange; kind: number }[]>("textDocument/documentHighlight", here);
    for (const one of highlights) isIn(one.range, "highlight");
    expect(references.filter((place) => place.uri === uri).length).toBe(highlights.length);
    const prepared = (await server.ask("textDocument/prepareRename", here).answer).result as
      | { range: LspRange }
      | null
      | undefined;
    if (prepared) isIn(prepared.range, "rename");
    type Step = { range: LspRange; parent?: Step };
    const [first] = await server.request<Step[]>("textDocument/selectionRange", { textDocument, positions: [position] });
    for (let step: Step | undefined = first; step !== undefined; step = step.parent) {
      isIn(step.range, "selection");
      expect([step.range, position, within(step.range, { start: position, end: position })]).toEqual([
        step.range,
        position,
        true,
      ]);
      if (step.parent !== undefined) expect(within(step.parent.range, step.range)).toBe(true);
    }
    const calls = await server.request<{ range: LspRange; selectionRange: LspRange }[] | null>(
      "textDocument/prepareCallHierarchy",
      here,
    );
    for (const item of calls ?? []) {
      expect(within(item.range, item.selectionRange)).toBe(true);
      await server.request("callHierarchy/incomingCalls", { item });
      await server.request("callHierarchy/outgoingCalls", { item });
    }
  }
}

function notOverlapping(edits: readonly { range: LspRange }[], isIn: (range: LspRange, what: string) => void): void {
  const sorted = [...edits].sort((a, b) => (before(a.range.start, b.range.start) ? -1 : 1));
  for (const [at, { range }] of sorted.entries()) {
    isIn(range, "edit");
    const next = sorted[at + 1];
    if (next !== undefined) expect(before(range.end, next.range.start)).toBe(true);
  }
}
