// The YAML of a METADATA block: its fields with their types, and errors in the words of OPA's YAML reader.

import { escapePath, parseUri } from "#grammars/text/go-url.ts";
import { trim } from "#grammars/text/white-space.ts";
import { characterFault } from "#grammars/yaml/characters.ts";
import { YamlFault } from "#grammars/yaml/fault.ts";
import { parseFirst } from "#grammars/yaml/parser.ts";
import { LooseMap, readTyped, type Shape, type YamlRecord, YamlTime, type YamlValue } from "#grammars/yaml/typed.ts";

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
  /** How a policy is to be compiled to a filter; refs as written, nothing for what is no text. */
  readonly compile: { readonly unknowns: readonly (string | undefined)[]; readonly maskRule: string | undefined } | undefined;
}

export type MetadataResult = { readonly metadata: Metadata } | { readonly error: string; readonly line?: number };

const text: Shape = { kind: "string" };
const any: Shape = { kind: "any" };
const map: Shape = { kind: "map" };
const list = (of: Shape): Shape => ({ kind: "list", of });

const fields: Readonly<Record<string, Shape>> = {
  scope: text,
  title: text,
  description: text,
  entrypoint: { kind: "bool" },
  organizations: list(text),
  related_resources: list(any),
  authors: list(any),
  schemas: list(map),
  compile: map,
  custom: map,
  labels: map,
};

const block: Shape = { kind: "record", name: "ast.rawAnnotation", fields };

/** The names of the fields: what is called otherwise is passed over. */
export const metadataAttributes: ReadonlySet<string> = new Set(Object.keys(fields));

/** Reads the lines of a block; `firstRow` is the row of the first one, for hints. */
export function readMetadata(lines: readonly string[], firstRow: number): MetadataResult {
  const source = `${lines.join("\n")}\n`;
  if (trim(source) === "") return { error: "expected METADATA block, found whitespace" };
  const unread = (message: string): MetadataResult => ({
    error: `${message}${spaceHint(lines, firstRow)}`,
    line: Number(/^yaml:(?: unmarshal errors:\s*)? ?line (\d+):/u.exec(message)?.[1] ?? 0),
  });
  const fault = characterFault(source);
  if (fault !== undefined) return unread(fault);
  try {
    const node = parseFirst(source);
    if (node === undefined) return meaningOf({});
    const { value, misfits } = readTyped(node, block);
    if (misfits.length > 0) return unread(`yaml: unmarshal errors:${misfits.map((one) => `\n  ${one}`).join("")}`);
    return meaningOf(value === undefined || value === null ? {} : (value as YamlRecord));
  } catch (error) {
    if (error instanceof YamlFault) return unread(error.message);
    throw error;
  }
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
      wrong.push(`'${plainCharacter(char ?? "\ufffd")}'`);
    }
    if (wrong.length > 0)
      hint += `\n  Hint: on line ${firstRow + i}, symbol(s) [${wrong.join(" ")}] immediately following a key/value separator ':' is not a legal yaml space character`;
  });
  return hint;
}

function meaningOf(raw: YamlRecord): MetadataResult {
  const textOf = (key: string): string => String(raw[key] ?? "");
  const listOf = (key: string): readonly YamlValue[] => (Array.isArray(raw[key]) ? (raw[key] as readonly YamlValue[]) : []);
  const mapOf = (key: string): YamlRecord => (raw[key] ?? {}) as YamlRecord;
  const relatedResources: { ref: string; description: string }[] = [];
  for (const item of listOf("related_resources")) {
    const loose = looseKey(item, []);
    const resource = loose ?? resourceOf(item instanceof YamlTime ? null : plain(item));
    if (typeof resource === "string") return { error: `invalid related-resource definition ${goText(item)}: ${resource}` };
    relatedResources.push(resource);
  }
  const schemas = listOf("schemas").map((pair): readonly [string, unknown] => {
    const [path, definition] = Object.entries((pair ?? {}) as YamlRecord)[0] ?? ["", null];
    // A definition whose keys are no texts is none, nor is a time.
    return [path, definition instanceof LooseMap || definition instanceof YamlTime ? null : plain(definition)];
  });
  const authors: { name: string; email: string }[] = [];
  for (const item of listOf("authors")) {
    const author = looseKey(item, []) ?? authorOf(item instanceof YamlTime ? null : plain(item));
    if (typeof author === "string") return { error: `invalid author definition ${goText(item)}: ${author}` };
    authors.push(author);
  }
  for (const field of ["custom", "labels"]) {
    for (const value of Object.values(mapOf(field))) {
      const loose = looseKey(value, []);
      if (loose !== undefined) return { error: loose };
    }
  }
  return {
    metadata: {
      scope: textOf("scope"),
      title: textOf("title"),
      description: textOf("description"),
      entrypoint: raw["entrypoint"] === true,
      organizations: listOf("organizations").map(String),
      relatedResources,
      authors,
      schemas,
      custom: plain(mapOf("custom")) as Readonly<Record<string, unknown>>,
      labels: plain(mapOf("labels")) as Readonly<Record<string, unknown>>,
      compile: raw["compile"] === undefined || raw["compile"] === null ? undefined : compileOf(mapOf("compile")),
    },
  };
}

function compileOf({ unknowns, mask_rule: mask }: YamlRecord): Metadata["compile"] {
  const items = Array.isArray(unknowns) ? (unknowns as readonly YamlValue[]) : [];
  const refs = items.map((one) => (typeof one === "string" ? one : undefined));
  return { unknowns: refs, maskRule: typeof mask === "string" ? mask : undefined };
}

/** Where a mapping has keys that are no texts, in OPA's words; it looks below such mappings and below lists, not below others. */
function looseKey(value: YamlValue, path: readonly string[]): string | undefined {
  const entries = Array.isArray(value)
    ? (value as readonly YamlValue[]).map((item, at) => [String(at), item] as const)
    : value instanceof LooseMap
      ? value.entries
      : [];
  for (const [key, item] of entries) {
    const found = typeof key === "string" ? looseKey(item, [...path, key]) : `invalid map key type(s): ${path.join("/")}`;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** JSON-like values: every key is a text. */
function plain(value: YamlValue): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof YamlTime) return value.text;
  if (Array.isArray(value)) return (value as readonly YamlValue[]).map(plain);
  const entries = value instanceof LooseMap ? value.entries : Object.entries(value as YamlRecord);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), plain(item)]));
}

function field(value: unknown, key: string): string {
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "string" ? trim(found) : "";
}

function resourceOf(item: unknown): { ref: string; description: string } | string {
  if (typeof item === "string")
    return item === "" ? "ref URL may not be empty string" : (badUrl(item) ?? { ref: writtenUrl(item), description: "" });
  if (item === null || typeof item !== "object" || Array.isArray(item)) return "invalid value type, must be string or map";
  const ref = field(item, "ref");
  if (ref === "") return "'ref' value required in object";
  return badUrl(ref) ?? { ref: writtenUrl(ref), description: field(item, "description") };
}

/** Why Go does not take the text for a URL. */
function badUrl(text: string): string | undefined {
  const parsed = parseUri(text);
  return "fault" in parsed ? parsed.fault : undefined;
}

/** A URL as Go writes it again: a path or a fragment with characters that it cannot hold is escaped as a whole. */
function writtenUrl(text: string): string {
  const parsed = parseUri(text);
  if ("fault" in parsed) return text;
  const [, scheme = "", host = "", path = "", query = "", fragment = ""] =
    /^([a-z][a-z0-9+.-]*:)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/isu.exec(text) ?? [];
  const { path: wholePath, fragment: whole } = parsed.value;
  const isPlainPath = wholePath === "" || /^[\w.~!$&'()*+,;=:@[\]%/-]*$/u.test(path);
  const isPlain = /^#[\w.~!$&'()*+,;=:@[\]%/?-]*$/u.test(fragment);
  return [
    scheme.toLowerCase(),
    host.replace(/[^\u0000-\u007f]/gu, encodeURIComponent),
    isPlainPath ? path : escapePath(wholePath),
    query,
    whole === "" ? "" : isPlain ? fragment : `#${whole.replace(/[^\w.~$&+,/:;=?@!()*-]/gu, escaped)}`,
  ].join("");
}

/** As encodeURIComponent, which leaves an apostrophe. */
function escaped(char: string): string {
  return char === "'" ? "%27" : encodeURIComponent(char);
}

function authorOf(item: unknown): { name: string; email: string } | string {
  if (typeof item === "string") {
    const words = item.split(/\s+/).filter((word) => word !== "");
    const last = words.at(-1);
    if (last === undefined) return "author is an empty string";
    const email = /^<(.*)>$/.exec(last)?.[1];
    return { name: (email === undefined ? words : words.slice(0, -1)).join(" "), email: email ?? "" };
  }
  if (item === null || typeof item !== "object" || Array.isArray(item)) return "invalid value type, must be string or map";
  const author = { name: field(item, "name"), email: field(item, "email") };
  return author.name === "" && author.email === "" ? "'name' and/or 'email' values required in object" : author;
}

/** A value as Go's `%s` prints it: whatever is no text says so, but nothing inside of something. */
function goText(value: YamlValue): string {
  if (typeof value === "string") return value;
  if (value === null) return "%!s(<nil>)";
  if (typeof value === "boolean") return `%!s(bool=${value})`;
  if (typeof value === "bigint") return `%!s(int=${value})`;
  if (typeof value === "number") return `%!s(float64=${goFloat(value)})`;
  if (value instanceof YamlTime) return timeOfDay(value.text);
  const inner = (item: YamlValue): string => (item === null ? "<nil>" : goText(item));
  if (Array.isArray(value)) return `[${(value as readonly YamlValue[]).map(inner).join(" ")}]`;
  const entries = value instanceof LooseMap ? value.entries : Object.entries(value as YamlRecord);
  const shown = entries.map(([key, item]) => `${inner(key)}:${inner(item)}`);
  return `map[${shown.sort().join(" ")}]`;
}

function goFloat(value: number): string {
  return Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}

/** `2020-01-01 00:00:00 +0000 UTC`, as Go prints a time. */
function timeOfDay(text: string): string {
  const [, day, clock, zone = "Z"] = /^(.*)T(.*?)(Z|[+-]\d\d:\d\d)$/u.exec(text) ?? [];
  const offset = zone === "Z" ? "+0000" : zone.replace(":", "");
  return `${day} ${clock} ${offset} ${zone === "Z" ? "UTC" : offset}`;
}

/** A character in ASCII, as Go's `%+q` quotes it. */
function plainCharacter(char: string): string {
  const code = char.codePointAt(0)!;
  if (code >= 0x20 && code < 0x7f) return char === "'" || char === "\\" ? `\\${char}` : char;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
