// Asks one thing of a server and writes the answer as text, so that cases can be compared by eye.
import type { LspClient, LspDiagnostic, LspRange, Position } from "./client.ts";

export interface Desk {
  readonly client: LspClient;
  readonly root: string;
  readonly files: ReadonlyMap<string, string>;
  readonly path: string;
  readonly uri: string;
  readonly text: string;
  readonly position: Position;
}

interface Edit {
  readonly range: LspRange;
  readonly newText: string;
}

interface WorkspaceEdit {
  readonly changes?: Readonly<Record<string, readonly Edit[]>>;
  readonly documentChanges?: readonly { readonly textDocument: { readonly uri: string }; readonly edits: readonly Edit[] }[];
}

interface Place {
  readonly uri: string;
  readonly range: LspRange;
}

interface Item {
  readonly label: string;
  readonly kind?: number;
  readonly detail?: string;
  readonly sortText?: string;
  readonly insertText?: string;
  readonly textEdit?: Edit;
  readonly additionalTextEdits?: readonly Edit[];
  readonly documentation?: string | { readonly value: string };
}

interface SymbolItem {
  readonly name: string;
  readonly kind: number;
  readonly range: LspRange;
  readonly children?: readonly SymbolItem[];
}

interface CodeAction {
  readonly title: string;
  readonly kind?: string;
  readonly isPreferred?: boolean;
  readonly edit?: WorkspaceEdit;
  readonly diagnostics?: readonly LspDiagnostic[];
}

const severities = ["", "error", "warning", "information", "hint"];

/** The answer to one ask as text. */
export async function answerOf(desk: Desk, what: string, argument: string): Promise<string> {
  const { client, uri, position } = desk;
  const here = { textDocument: { uri }, position };
  switch (what) {
    case "diagnostics":
      return (await client.diagnostics(uri)).map((one) => drawDiagnostic(desk, one)).join("\n");
    case "hover": {
      const found = await client.request<{ contents: { value: string } } | null>("textDocument/hover", here);
      return found === null ? "none" : found.contents.value;
    }
    case "completion": {
      const items = await completion(desk);
      return items.map(({ label, detail }) => `${label}${detail ? ` (${detail})` : ""}`).join("\n");
    }
    case "accept": {
      const item = (await completion(desk)).find(({ label }) => label === argument);
      if (item === undefined) return `no item ${argument}`;
      const resolved = await client.request<Item>("completionItem/resolve", item);
      const own = resolved.textEdit ?? {
        range: { start: position, end: position },
        newText: resolved.insertText ?? resolved.label,
      };
      return applied(desk.text, [own, ...(resolved.additionalTextEdits ?? [])]);
    }
    case "resolve": {
      const item = (await completion(desk)).find(({ label }) => label === argument);
      if (item === undefined) return `no item ${argument}`;
      const { documentation } = await client.request<Item>("completionItem/resolve", item);
      return typeof documentation === "string" ? documentation : (documentation?.value ?? "none");
    }
    case "signature":
      return drawSignature(await client.request("textDocument/signatureHelp", here));
    case "definition":
    case "declaration":
    case "typeDefinition":
    case "implementation":
      return drawPlaces(desk, await client.request(`textDocument/${what}`, here));
    case "references":
      return drawPlaces(
        desk,
        await client.request("textDocument/references", { ...here, context: { includeDeclaration: argument !== "uses" } }),
      );
    case "highlights": {
      const found = await client.request<readonly { range: LspRange; kind?: number }[] | null>(
        "textDocument/documentHighlight",
        here,
      );
      return (found ?? [])
        .map(({ range, kind }) => `${drawStart(range)} ${textOf(desk.text, range)} ${kind === 3 ? "write" : "read"}`)
        .join("\n");
    }
    case "prepareRename": {
      const { result, error } = await client.ask("textDocument/prepareRename", here).answer;
      if (error !== undefined) return `refused: ${error.message}`;
      if (result === null || result === undefined) return "refused";
      const range = ((result as { range?: LspRange }).range ?? result) as LspRange;
      return textOf(desk.text, range);
    }
    case "rename": {
      const { result, error } = await client.ask("textDocument/rename", { ...here, newName: argument }).answer;
      return error !== undefined ? `refused: ${error.message}` : drawWorkspaceEdit(desk, result as WorkspaceEdit | null);
    }
    case "format": {
      const params = { textDocument: { uri }, options: { tabSize: 4, insertSpaces: true } };
      const { result, error } = await client.ask("textDocument/formatting", params).answer;
      if (error !== undefined) return `refused: ${error.message}`;
      return result === null ? "null" : applied(desk.text, result as readonly Edit[]);
    }
    case "type": {
      const params = { ...here, ch: argument === "newline" ? "\n" : argument, options: { tabSize: 4, insertSpaces: true } };
      return applied(desk.text, (await client.request<readonly Edit[] | null>("textDocument/onTypeFormatting", params)) ?? []);
    }
    case "symbols": {
      const draw = (item: SymbolItem, indent: string): string[] => [
        `${indent}${item.name} ${item.kind} ${item.range.start.line + 1}-${item.range.end.line + 1}`,
        ...(item.children ?? []).flatMap((child) => draw(child, `${indent}  `)),
      ];
      return (await client.request<readonly SymbolItem[]>("textDocument/documentSymbol", here))
        .flatMap((item) => draw(item, ""))
        .join("\n");
    }
    case "workspaceSymbols": {
      const found = await client.request<readonly { name: string; containerName?: string; location: Place }[]>(
        "workspace/symbol",
        { query: argument },
      );
      return found
        .filter(({ location }) => location.uri.startsWith(desk.root))
        .map(
          ({ name, containerName, location }) =>
            `${name} ${containerName ?? ""} ${relative(desk, location.uri)}:${drawStart(location.range)}`,
        )
        .join("\n");
    }
    case "folding": {
      const found = await client.request<readonly { startLine: number; endLine: number; kind?: string }[]>(
        "textDocument/foldingRange",
        here,
      );
      return found.map(({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1}${kind ? ` ${kind}` : ""}`).join("\n");
    }
    case "selection": {
      type Step = { range: LspRange; parent?: Step };
      const [first] = await client.request<readonly Step[]>("textDocument/selectionRange", {
        textDocument: { uri },
        positions: [position],
      });
      const lines: string[] = [];
      for (let step: Step | undefined = first; step !== undefined; step = step.parent)
        lines.push(JSON.stringify(textOf(desk.text, step.range)));
      return lines.join("\n");
    }
    case "actions": {
      const found = await actions(desk, argument);
      return found
        .map(({ title, kind, isPreferred }) => `${title} [${kind ?? ""}]${isPreferred === true ? " preferred" : ""}`)
        .join("\n");
    }
    case "apply": {
      const action = (await actions(desk, "")).find(({ title }) => title === argument);
      return action === undefined ? `no action ${argument}` : drawWorkspaceEdit(desk, action.edit ?? null);
    }
    case "mends":
      return mends(desk, argument);
    case "tokens":
      return tokens(desk);
    case "inlay": {
      const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
      const found = await client.request<readonly { position: Position; label: string }[]>("textDocument/inlayHint", {
        textDocument: { uri },
        range,
      });
      return applied(
        desk.text,
        found.map((hint) => ({ range: { start: hint.position, end: hint.position }, newText: `‹${hint.label}›` })),
      );
    }
    case "lenses": {
      const found = await client.request<readonly { range: LspRange; command?: { title: string } }[]>(
        "textDocument/codeLens",
        here,
      );
      return found.map(({ range, command }) => `${range.start.line + 1} ${command?.title ?? ""}`).join("\n");
    }
    case "links": {
      const found = await client.request<readonly { range: LspRange; target?: string }[]>("textDocument/documentLink", here);
      return found
        .map(({ range, target }) => `${textOf(desk.text, range)} → ${(target ?? "").replace(`${desk.root}/`, "")}`)
        .join("\n");
    }
    case "incoming":
    case "outgoing": {
      const [item] = (await client.request<readonly { name: string }[] | null>("textDocument/prepareCallHierarchy", here)) ?? [];
      if (item === undefined) return "none";
      type Call = { from?: { name: string }; to?: { name: string }; fromRanges: readonly LspRange[] };
      const calls = await client.request<readonly Call[]>(`callHierarchy/${what}Calls`, { item });
      return calls.map(({ from, to, fromRanges }) => `${(from ?? to)!.name} ×${fromRanges.length}`).join("\n");
    }
    case "move": {
      const [oldPath, newPath] = argument.split(" ");
      const files = [{ oldUri: `${desk.root}/${oldPath}`, newUri: `${desk.root}/${newPath}` }];
      return drawWorkspaceEdit(desk, await client.request("workspace/willRenameFiles", { files }));
    }
    case "command": {
      const [command, given = "[]"] = [argument.slice(0, argument.indexOf(" ")), argument.slice(argument.indexOf(" ") + 1)];
      const { result, error } = await client.ask("workspace/executeCommand", {
        command,
        arguments: JSON.parse(given.replaceAll("$uri", uri)) as unknown,
      }).answer;
      return error !== undefined ? `refused: ${error.message}` : JSON.stringify(result);
    }
    default:
      throw new Error(`no such ask: ${what}`);
  }
}

async function completion({ client, uri, position }: Desk): Promise<readonly Item[]> {
  const found = await client.request<{ items: readonly Item[] } | readonly Item[] | null>("textDocument/completion", {
    textDocument: { uri },
    position,
    context: { triggerKind: 1 },
  });
  const items = found === null ? [] : "items" in found ? found.items : found;
  return [...items].sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

async function actions({ client, uri, text, position }: Desk, only: string): Promise<readonly CodeAction[]> {
  const all = await client.diagnostics(uri);
  const end = { line: text.split("\n").length, character: 0 };
  const range =
    position.line === 0 && position.character === 0
      ? { start: { line: 0, character: 0 }, end }
      : { start: position, end: position };
  const context = { diagnostics: all, ...(only === "" ? {} : { only: [only] }) };
  const found = await client.request<readonly CodeAction[]>("textDocument/codeAction", { textDocument: { uri }, range, context });
  return Promise.all(
    found.map((action) => (action.edit === undefined ? client.request<CodeAction>("codeAction/resolve", action) : action)),
  );
}

/** Applies an action, sends the new text as an edit, and gives the findings that are left. */
async function mends(desk: Desk, title: string): Promise<string> {
  const action = (await actions(desk, "")).find((one) => one.title === title);
  if (action === undefined)
    return `no action ${title}; there are: ${(await actions(desk, "")).map((one) => one.title).join("; ")}`;
  const edits = editsOf(action.edit ?? null).get(desk.uri) ?? [];
  const text = applied(desk.text, edits);
  const { client, uri } = desk;
  client.notify("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: [{ text }] });
  const left = (await client.diagnostics(uri)).filter((one) => one.severity === 1);
  client.notify("textDocument/didChange", { textDocument: { uri, version: 3 }, contentChanges: [{ text: desk.text }] });
  return left.length === 0 ? text : `${text}\nleft: ${left.map((one) => drawDiagnostic({ ...desk, text }, one)).join("\n")}`;
}

async function tokens({ client, uri, text }: Desk): Promise<string> {
  const capabilities = (client as LspClient & { legend?: { tokenTypes: string[]; tokenModifiers: string[] } }).legend;
  const { data } = await client.request<{ data: readonly number[] }>("textDocument/semanticTokens/full", {
    textDocument: { uri },
  });
  const lines: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    line += data[at]!;
    character = data[at]! === 0 ? character + data[at + 1]! : data[at + 1]!;
    const range = { start: { line, character }, end: { line, character: character + data[at + 2]! } };
    const modifiers = (capabilities?.tokenModifiers ?? []).filter((_, bit) => (data[at + 4]! >> bit) & 1);
    lines.push(`${textOf(text, range)} ${[capabilities?.tokenTypes[data[at + 3]!] ?? data[at + 3], ...modifiers].join(".")}`);
  }
  return lines.join("\n");
}

function drawDiagnostic(desk: Desk, { range, severity, code, message, relatedInformation, tags }: LspDiagnostic): string {
  const related = (relatedInformation ?? []).map(
    (one) => ` {${relative(desk, one.location.uri)}:${drawStart(one.location.range)} ${one.message}}`,
  );
  const marks = (tags ?? []).map((tag) => (tag === 1 ? " unnecessary" : " deprecated"));
  const where = `${drawStart(range)}-${range.end.line === range.start.line ? "" : `${range.end.line + 1}:`}${range.end.character + 1}`;
  return `${where} ${severities[severity ?? 0]} ${code} ${message.replaceAll("\n", " | ")}${marks.join("")}${related.join("")}`;
}

function drawSignature(
  found: {
    signatures: readonly {
      label: string;
      parameters?: readonly { label: string | readonly [number, number]; documentation?: { value: string } }[];
    }[];
    activeSignature?: number;
    activeParameter?: number;
  } | null,
): string {
  if (found === null) return "none";
  return found.signatures
    .map(({ label, parameters }, at) => {
      const active = parameters?.[found.activeParameter ?? 0]?.label;
      const mark = at === (found.activeSignature ?? 0) ? "> " : "  ";
      if (active === undefined) return `${mark}${label}`;
      const [from, to] = typeof active === "string" ? [label.indexOf(active), label.indexOf(active) + active.length] : active;
      const about = parameters?.[found.activeParameter ?? 0]?.documentation?.value;
      return `${mark}${label.slice(0, from)}«${label.slice(from, to)}»${label.slice(to)}${about === undefined ? "" : ` · ${about}`}`;
    })
    .join("\n");
}

function drawPlaces(
  desk: Desk,
  found: Place | readonly (Place & { targetUri?: string; targetSelectionRange?: LspRange })[] | null,
): string {
  const places = found === null ? [] : "uri" in found ? [found] : found;
  return places
    .map((place) => `${relative(desk, place.uri)}:${drawStart(place.range)} ${textOf(fileText(desk, place.uri), place.range)}`)
    .sort()
    .join("\n");
}

function editsOf(edit: WorkspaceEdit | null): Map<string, readonly Edit[]> {
  const found = new Map<string, readonly Edit[]>(Object.entries(edit?.changes ?? {}));
  for (const { textDocument, edits } of edit?.documentChanges ?? []) found.set(textDocument.uri, edits);
  return found;
}

function drawWorkspaceEdit(desk: Desk, edit: WorkspaceEdit | null): string {
  const changed = [...editsOf(edit)].map(([uri, edits]) => [relative(desk, uri), applied(fileText(desk, uri), edits)] as const);
  if (changed.length === 0) return "no edit";
  if (changed.length === 1 && changed[0]![0] === desk.path) return changed[0]![1];
  return changed
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => `#- ${path}\n${text}`)
    .join("");
}

function fileText(desk: Desk, uri: string): string {
  return desk.files.get(relative(desk, uri)) ?? "";
}

function relative(desk: Desk, uri: string): string {
  return decodeURIComponent(uri.replace(`${desk.root}/`, ""));
}

const drawStart = ({ start }: LspRange): string => `${start.line + 1}:${start.character + 1}`;

function offsetOf(text: string, { line, character }: Position): number {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) starts.push(at + 1);
  }
  return Math.min((starts[line] ?? text.length) + character, text.length);
}

function textOf(text: string, range: LspRange): string {
  return text.slice(offsetOf(text, range.start), offsetOf(text, range.end));
}

/** Applies edits as LSP says: all in terms of the old text, none overlapping. */
function applied(text: string, edits: readonly Edit[]): string {
  let out = text;
  let last = Number.POSITIVE_INFINITY;
  const ordered = edits
    .map((edit, at) => ({
      from: offsetOf(text, edit.range.start),
      to: offsetOf(text, edit.range.end),
      newText: edit.newText,
      at,
    }))
    .sort((a, b) => b.from - a.from || b.at - a.at);
  for (const { from, to, newText } of ordered) {
    if (to > last) throw new Error("two edits overlap");
    out = out.slice(0, from) + newText + out.slice(to);
    last = from;
  }
  return out;
}
