// Random edits and every request at random places, sent without waiting: answers come in order, none is a failure of the server, and in the end
// all is as after a fresh open.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awkward } from "../../fuzz/mutate.ts";
import { type Random, random } from "../../fuzz/random.ts";
import { root } from "../programs/run.ts";
import type { LspClient, Position } from "./client.ts";
import { connect, workspace } from "./desk.ts";

const seed = Number(process.env["RW_SEED"] ?? 1);
const edits = Number(process.env["RW_EDITS"] ?? 2_000);
/** After so many edits the text begins anew, so that not all of it is noise. */
const life = 40;

const pieces = [
  ...["if ", "not ", "some ", "every ", "with ", "else ", "in ", "import ", "default ", "input.", "data.", "x", "f(1)"],
  ...["include ", "required(", "# METADATA\n# title: t\n", "p := q\n", "\n\n", "\r\n", '$"{x}"', "é"],
  ...awkward.filter((piece) => !/[\uD800-\uDFFF]/u.test(piece) && piece !== "\r"),
];

/** As it is shipped. */
const withLint = { initializationOptions: {} };

const examples = join(root, "examples/orders");
const files = Object.fromEntries(
  readdirSync(examples, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(rego|conf|json|yaml)$/u.test(name))
    .map((name) => [name, readFileSync(join(examples, name), "utf8")]),
);
const edited = Object.keys(files).filter((name) => /\.(rego|conf)$/u.test(name));

/** Each request of the protocol at a place. */
function requests(uri: string, text: string, { below, pick }: Random): readonly (readonly [string, object])[] {
  const textDocument = { uri };
  const position = positionOf(text, below(text.length + 1));
  const range = { start: { line: below(position.line + 1), character: 0 }, end: position };
  const options = { tabSize: 2, insertSpaces: true };
  const here = { textDocument, position };
  return [
    ...["hover", "completion", "signatureHelp", "definition", "declaration", "typeDefinition", "implementation"].map(at),
    ...["documentHighlight", "prepareRename", "prepareCallHierarchy", "documentSymbol", "foldingRange"].map(at),
    ...["documentLink", "codeLens", "semanticTokens/full", "diagnostic"].map(at),
    ["textDocument/references", { ...here, context: { includeDeclaration: below(2) === 0 } }],
    ["textDocument/rename", { ...here, newName: pick(["renamed", "input", "1x", "a b", "allow"]) }],
    ["textDocument/selectionRange", { textDocument, positions: [position, range.start] }],
    ["textDocument/inlayHint", { textDocument, range }],
    ["textDocument/semanticTokens/range", { textDocument, range }],
    ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [] } }],
    ["textDocument/formatting", { textDocument, options }],
    ["textDocument/rangeFormatting", { textDocument, range, options }],
    ["textDocument/onTypeFormatting", { ...here, ch: pick(["}", "\n"]), options }],
    ["workspace/symbol", { query: pick(["", "allow", "r"]) }],
  ];
  function at(name: string): readonly [string, object] {
    return [`textDocument/${name}`, here];
  }
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/u);
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** Ways to a place between characters: not inside a surrogate pair or a line's end. */
const outOf = (text: string, at: number): number =>
  /^[\uDC00-\uDFFF]/u.test(text.slice(at)) || text.slice(at - 1, at + 1) === "\r\n" ? at + 1 : at;

const languageOf = (name: string): string => (name.endsWith(".rego") ? "rego" : "hocon");

test(`${edits} random edits with requests between them, seed ${seed}`, async () => {
  const source = random(seed);
  const { uri } = workspace(files);
  const client = connect();
  await client.initialize([uri], undefined, withLint);
  const texts = new Map(edited.map((name) => [name, files[name]!]));
  for (const [name, text] of texts) client.open(`${uri}/${name}`, text, languageOf(name));
  // Until the project is loaded, what needs it waits and the rest does not.
  await client.diagnostics(`${uri}/${edited[0]}`);
  let sent: Promise<unknown>[] = [];
  const order: number[] = [];
  let name = edited[0]!;
  for (let version = 2; version <= edits + 1; version++) {
    const isNew = version % life === 0;
    if (isNew) name = source.pick(edited);
    const text = isNew ? files[name]! : texts.get(name)!;
    const from = outOf(text, source.below(text.length + 1));
    const to = outOf(text, Math.min(text.length, from + (source.below(4) === 0 ? source.below(8) : 0)));
    const piece = source.below(4) === 0 ? "" : source.pick(pieces);
    const range = { start: positionOf(text, from), end: positionOf(text, to) };
    const change = isNew ? { text } : { range, text: piece };
    const now = isNew ? text : text.slice(0, from) + piece + text.slice(to);
    texts.set(name, now);
    const textDocument = { uri: `${uri}/${name}`, version };
    client.notify("textDocument/didChange", { textDocument, contentChanges: [change] });
    if (version % 7 > 0) continue;
    for (const [method, params] of requests(textDocument.uri, now, source)) sent.push(answered(client, order, method, params));
    if (version % 21 > 0) continue;
    await Promise.all(sent);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    sent = [];
  }
  await Promise.all(sent);
  const fresh = connect();
  await fresh.initialize([uri], undefined, withLint);
  for (const [name, text] of texts) fresh.open(`${uri}/${name}`, text, languageOf(name));
  for (const name of edited)
    for (const method of ["semanticTokens/full", "documentSymbol", "diagnostic", "codeLens"]) {
      const params = { textDocument: { uri: `${uri}/${name}` } };
      const [seen, first] = await Promise.all(
        [client, fresh].map((one) => one.request<object>(`textDocument/${method}`, params)),
      );
      expect({ ...seen, resultId: "" }, `${method} of ${name}`).toEqual({ ...first, resultId: "" });
    }
});

/** Waits for an answer that is no failure of the server; notes its number in `order`. */
async function answered(client: LspClient, order: number[], method: string, params: object): Promise<void> {
  const { id, answer } = client.ask(method, params);
  const { error } = await answer;
  // Lint has turns of its own, which come after everything that somebody waits for.
  if (method !== "textDocument/diagnostic") order.push(id);
  // A rename that cannot be is refused with a reason.
  if (error !== undefined) expect([method, params, error]).toEqual([method, params, expect.objectContaining({ code: -32803 })]);
}
