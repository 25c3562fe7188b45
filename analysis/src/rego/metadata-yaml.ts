// The YAML of a METADATA block: its fields with their types, and errors in the words of OPA's YAML reader.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, parseDocument, visit } from "yaml";
import { timeText } from "./metadata-times.ts";

export interface Metadata {
  readonly scope: string;
  readonly title: string;
  readonly description: string;
  readonly entrypoint: boolean;
  readonly organizations: readonly string[];
  readonly relatedResources: readonly { readonly ref: string; readonly description: string }[];
  readonly authors: readonly { readonly name: string; readonly email: string }[];
  readonly schemas: readonly (readonly [string, unknown])[];
  readonly custom: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
}

export type MetadataResult = { readonly metadata: Metadata } | { readonly error: string; readonly line?: number };

/** What Go calls the type that a field is read into. */
const fieldTypes: Readonly<Record<string, string>> = {
  scope: "string",
  title: "string",
  description: "string",
  entrypoint: "bool",
  organizations: "[]string",
  related_resources: "[]interface {}",
  authors: "[]interface {}",
  schemas: "[]map[string]interface {}",
  compile: "map[string]interface {}",
  custom: "map[string]interface {}",
  labels: "map[string]interface {}",
};

/** Reads the lines of a block; `firstRow` is the row of the first one, for hints. */
export function readMetadata(lines: readonly string[], firstRow: number): MetadataResult {
  const text = `${lines.join("\n")}\n`;
  if (text.trim() === "") return { error: "expected METADATA block, found whitespace" };
  const document = parseDocument(text, { prettyErrors: false, intAsBigInt: true, uniqueKeys: false });
  const broken = document.errors[0];
  if (broken !== undefined) return syntaxError(broken.code, text, broken.pos[0], lines);
  const unknown = unknownAnchor(document);
  if (unknown !== undefined) return { error: `yaml: unknown anchor '${unknown}' referenced`, line: 0 };
  const misfits = misfitsOf(document.contents, text);
  if (misfits.length > 0) {
    const first = /^line (\d+)/.exec(misfits[0]!);
    const error = `yaml: unmarshal errors:${misfits.map((one) => `\n  ${one}`).join("")}${spaceHint(lines, firstRow)}`;
    return { error, line: Number(first?.[1] ?? 0) };
  }
  nameTimes(document.contents);
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  return meaningOf(value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {});
}

/** Points in time below the fields that take any value become their JSON text. */
function nameTimes(root: unknown): void {
  if (!isMap(root)) return;
  for (const { key, value } of root.items) {
    if (!isScalar(key) || (key.value !== "custom" && key.value !== "labels") || !isNode(value)) continue;
    visit(value, {
      Scalar(place, node) {
        if (place === "key" || node.type !== "PLAIN" || node.tag !== undefined || typeof node.value !== "string") return;
        node.value = timeText(node.value) ?? node.value;
      },
    });
  }
}

/** The first alias whose anchor does not stand before it. */
function unknownAnchor(document: Document): string | undefined {
  const anchors = new Set<string>();
  let unknown: string | undefined;
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      if (anchors.has(node.source)) return undefined;
      unknown = node.source;
      return visit.BREAK;
    }
    if (isNode(node) && "anchor" in node && typeof node.anchor === "string") anchors.add(node.anchor);
    return undefined;
  });
  return unknown;
}

function syntaxError(code: string, text: string, offset: number, lines: readonly string[]): MetadataResult {
  const at = text.slice(0, offset).split("\n").length;
  const line = Math.min(at, lines.length);
  if (code === "TAB_AS_INDENT" || /^\t/m.test(text)) {
    const tab = lines.findIndex((one) => one.startsWith("\t")) + 1;
    return { error: `yaml: line ${tab || line}: found character that cannot start any token`, line: tab || line };
  }
  if (code === "MISSING_CHAR" && /["']/.test(text[offset - 1] ?? "") === false && /^[^"]*"[^"]*$/s.test(text))
    return { error: `yaml: line ${lines.length + 1}: found unexpected end of stream`, line: lines.length };
  if (code === "BAD_INDENT" || code === "MISSING_CHAR" || code === "FLOW_IN_BLOCK")
    return { error: `yaml: line ${line === lines.length + 1 ? lines.length : line}: did not find expected node content`, line };
  return { error: `yaml: line ${line}: did not find expected key`, line };
}

function lineAt(text: string, node: unknown): number {
  const offset = (node as Node | null)?.range?.[0] ?? 0;
  return text.slice(0, offset).split("\n").length;
}

/** Values whose kind their field cannot take. */
function misfitsOf(root: unknown, text: string): readonly string[] {
  if (!isMap(root)) {
    if (root === null) return [];
    return [`line ${lineAt(text, root)}: cannot unmarshal ${shown(root)} into ast.rawAnnotation`];
  }
  const found: string[] = [];
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const type = fieldTypes[name];
    if (type === undefined || value === null || (isScalar(value) && value.value === null) || isAlias(value)) continue;
    const misfit = (node: unknown, want: string): void => {
      found.push(`line ${lineAt(text, node)}: cannot unmarshal ${shown(node)} into ${want}`);
    };
    if (type === "string" ? !isScalar(value) : type === "bool" ? !isScalar(value) || typeof value.value !== "boolean" : false)
      misfit(value, type);
    else if (type.startsWith("map") && !isMap(value)) misfit(value, type);
    else if (type.startsWith("[]")) {
      if (!isSeq(value)) misfit(value, type);
      else if (type === "[]string") for (const item of value.items) if (!isScalar(item)) misfit(item, "string");
      if (isSeq(value) && type.startsWith("[]map"))
        for (const item of value.items) if (!isMap(item)) misfit(item, "map[string]interface {}");
    }
  }
  return found;
}

function shown(node: unknown): string {
  if (isSeq(node)) return "!!seq";
  if (isMap(node)) return "!!map";
  const value = isScalar(node) ? node.value : undefined;
  const tag =
    typeof value === "string" ? "str" : typeof value === "boolean" ? "bool" : typeof value === "bigint" ? "int" : "float";
  const source = isScalar(node) ? (node.source ?? String(value)) : "";
  const short = source.length > 10 ? `${source.slice(0, 7)}...` : source;
  return `!!${tag} \`${short}\``;
}

/** A colon without a space behind it is the usual mistake. */
function spaceHint(lines: readonly string[], firstRow: number): string {
  let hint = "";
  lines.forEach((line, i) => {
    const parts = line.split(":").slice(1);
    const wrong: string[] = [];
    for (const [at, part] of parts.entries()) {
      const char = part[0];
      if (char === undefined ? at === parts.length - 1 : char === " " || char === "\t") break;
      wrong.push(`'${char ?? "\\ufffd"}'`);
    }
    if (wrong.length > 0)
      hint += `\n  Hint: on line ${firstRow + i}, symbol(s) [${wrong.join(" ")}] immediately following a key/value separator ':' is not a legal yaml space character`;
  });
  return hint;
}

function meaningOf(raw: Readonly<Record<string, unknown>>): MetadataResult {
  const text = (key: string): string => (raw[key] === undefined || raw[key] === null ? "" : String(raw[key]));
  const list = (key: string): readonly unknown[] => (Array.isArray(raw[key]) ? raw[key] : []);
  const map = (key: string): Readonly<Record<string, unknown>> =>
    raw[key] !== null && typeof raw[key] === "object" && !Array.isArray(raw[key]) ? (raw[key] as Record<string, unknown>) : {};
  const relatedResources: { ref: string; description: string }[] = [];
  for (const item of list("related_resources")) {
    const resource = resourceOf(item);
    if (typeof resource === "string") return { error: `invalid related-resource definition ${goText(item)}: ${resource}` };
    relatedResources.push(resource);
  }
  const mask = map("compile")["mask_rule"];
  if (typeof mask === "string" && !/^[A-Za-z_][\w.[\]"]*$/.test(mask))
    return { error: `invalid mask_rule annotation type ${JSON.stringify(mask)}: string` };
  const authors: { name: string; email: string }[] = [];
  for (const item of list("authors")) {
    const author = authorOf(item);
    if (typeof author === "string") return { error: `invalid author definition ${goText(item)}: ${author}` };
    authors.push(author);
  }
  const schemas = list("schemas").flatMap((pair) => Object.entries(pair as Record<string, unknown>).slice(0, 1));
  return {
    metadata: {
      scope: text("scope"),
      title: text("title"),
      description: text("description"),
      entrypoint: raw["entrypoint"] === true,
      organizations: list("organizations").map(String),
      relatedResources,
      authors,
      schemas,
      custom: map("custom"),
      labels: map("labels"),
    },
  };
}

/** A value as Go's `%s` prints it. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (value !== null && typeof value === "object")
    return `map[${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}:${goText(item)}`)
      .join(" ")}]`;
  return String(value);
}

function field(value: unknown, key: string): string {
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "string" ? found.trim() : "";
}

function resourceOf(item: unknown): { ref: string; description: string } | string {
  if (typeof item === "string")
    return item === "" ? "ref URL may not be empty string" : (badUrl(item) ?? { ref: item, description: "" });
  if (item === null || typeof item !== "object") return "invalid value type, must be string or map";
  const ref = field(item, "ref");
  if (ref === "") return "'ref' value required in object";
  return badUrl(ref) ?? { ref, description: field(item, "description") };
}

/** Why Go does not take the text for a URL. */
function badUrl(text: string): string | undefined {
  if (text.startsWith(":")) return `parse ${JSON.stringify(text)}: missing protocol scheme`;
  const host = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1];
  const wrong = host === undefined ? undefined : /[ <>"^`{}|\\]/.exec(host)?.[0];
  return wrong === undefined
    ? undefined
    : `parse ${JSON.stringify(text)}: invalid character ${JSON.stringify(wrong)} in host name`;
}

function authorOf(item: unknown): { name: string; email: string } | string {
  if (typeof item === "string") {
    const words = item.split(/\s+/).filter((word) => word !== "");
    const last = words.at(-1);
    if (last === undefined) return "author is an empty string";
    const email = /^<(.*)>$/.exec(last)?.[1];
    return { name: (email === undefined ? words : words.slice(0, -1)).join(" "), email: email ?? "" };
  }
  if (item === null || typeof item !== "object") return "invalid value type, must be string or map";
  const author = { name: field(item, "name"), email: field(item, "email") };
  return author.name === "" && author.email === "" ? "'name' and/or 'email' values required in object" : author;
}
