// What loading files and loading bundles share: names that are passed over, one document, one text.
import { posix } from "node:path";
import { readJsonText, writeJsonText } from "#evaluation/json-text.ts";
import type { Value } from "#evaluation/value.ts";
import { readYaml } from "#evaluation/yaml/read.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { futureKeywords } from "#grammars/rego/keywords.ts";
import { hasFeature, type Language } from "#grammars/rego/language.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import type { ErrorItem } from "./errors.ts";
import type { Io } from "./io.ts";

/** The files of a bundle, and how their paths are shown. */
export interface ArchivedFiles {
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly show: (path: string) => string;
}

export interface LoadOptions {
  /** Names or patterns that are passed over (`--ignore`). */
  readonly ignore: readonly string[];
  readonly version: RegoVersion;
  /** What of the language there is, where a capabilities file says so. */
  readonly language?: Language;
  /**
   * What is wrong with an archive that is named. Where this is asked, archives that lie in folders give nothing, as in `opa build`:
   * they are what was built before.
   */
  readonly archiveFault?: (archive: ArchivedFiles) => string | undefined;
  /** Documents of bundles are not read, as in `opa inspect`. */
  readonly withoutData?: boolean;
  /** METADATA is not read, as in `opa deps`: nothing that is wrong in it counts. */
  readonly withoutMetadata?: boolean;
  /** The roles files of projects give `data.rms` as of this time. */
  readonly rolesAt?: () => bigint;
  /** Bundles are told as a running OPA tells them, as in `opa exec`: by their numbers, the files of folders by their paths inside. */
  readonly byNumber?: boolean;
  /** Takes the time of a phase, by OPA's name for it. */
  readonly timed?: Timed;
}

/** Does a piece of work and takes its time; undefined is no phase. */
export type Timed = <T>(name: string | undefined, work: () => T) => T;

export function untimed<T>(_name: string | undefined, work: () => T): T {
  return work();
}

/** What OPA says where capabilities do not have the dialect that is to be read, or have what there is not; undefined where all is well. */
export function missingDialect({ version, language }: Pick<LoadOptions, "version" | "language">): ErrorItem | undefined {
  if (version === "v0" || hasFeature(language, "rego_v1")) return unknownKeyword(language);
  return { message: "illegal capabilities: rego_v1 feature required for parsing v1 Rego", code: "rego_parse_error" };
}

/** What OPA says of a keyword that no version of it has. */
export function unknownKeyword(language: Language | undefined): ErrorItem | undefined {
  const unknown = language?.futureKeywords.find((word) => !futureKeywords.some((known) => known === word));
  if (unknown === undefined) return undefined;
  return { message: `illegal capabilities: unknown keyword: ${unknown}`, code: "rego_parse_error" };
}

/** A sentence that names the file, or the module with its syntax errors. */
export type LoadFault = string | ErrorItem | ParsedModule;

export type ReadValue = { readonly value: Value; readonly text: string } | { readonly fault: string };

/** One JSON document, and its text without broken bytes; the faults in OPA's words. */
export function jsonValue(text: string): ReadValue {
  const read = readJsonText(text);
  if (!("fault" in read)) return { value: read.value, text: text.toWellFormed() };
  return { fault: read.fault === "unexpected end of JSON input" ? "unexpected EOF" : read.fault };
}

/** The first YAML document of a text. */
export function yamlValue(text: string): ReadValue {
  const read = readYaml(text);
  if ("fault" in read) return { fault: `error converting YAML to JSON: ${read.fault}` };
  return { value: read.value, text: writeJsonText(read.value) };
}

export function textOf(path: string, io: Io): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(io.readFile(path));
}

/** The text of a YAML file: UTF-16 where its first bytes say so; broken UTF-8 stays visible, for YAML to refuse it. */
export function yamlTextOf(bytes: Uint8Array): string {
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
  return wide === undefined ? decodePolicy(bytes) : new TextDecoder(wide).decode(bytes);
}

/** True for names that one of the patterns (`--ignore`) names, as Go's filepath.Match reads them. */
export function ignores(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => nameMatcher(pattern)?.test(name) === true);
}

/** `*` and `?` stand for characters, `[a-z]` and `[^a-z]` for some of them; undefined for a pattern that is none. */
function nameMatcher(pattern: string): RegExp | undefined {
  let source = "";
  const piece = /\*|\?|\\(.)|\[(\^?)((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]|[^\\[]/suy;
  while (piece.lastIndex < pattern.length) {
    const [text, escaped, negated, members] = piece.exec(pattern) ?? [];
    if (text === undefined) return undefined;
    if (members !== undefined) source += `[${negated}${members.replace(/\\(.)|[^-]/gsu, (one, inner) => literal(inner ?? one))}]`;
    else if (text === "*") source += "[^/]*";
    else if (text === "?") source += "[^/]";
    else source += literal(escaped ?? text);
  }
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return undefined;
  }
}

function literal(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}

export function join(folder: string, name: string): string {
  return posix.join(folder, name);
}

export function normalize(path: string): string {
  return posix.normalize(path);
}

/** The path that an argument names, which may be written as a URL of a file: its host says nothing. */
export function pathOf(argument: string): string {
  const [, inner] = /^file:\/\/[^/?#]*([^?#]*)/iu.exec(argument) ?? [];
  return inner === undefined ? argument : inner.replace(/(?:%[0-9a-f]{2})+/giu, decoded);
}

/** What an argument names: a path, or below `data` where its documents go and a path behind that, as in `a.b:path`. */
export function splitPrefix(argument: string, io: Io): { readonly prefix: readonly string[]; readonly path: string } {
  const colon = argument.indexOf(":");
  // A letter before a slash is a drive of Windows.
  const isPath = colon <= 0 || argument.startsWith("://", colon) || /^[a-z]:[\\/]/iu.test(argument);
  if (isPath || io.kind(argument) !== undefined) return { prefix: [], path: pathOf(argument) };
  return { prefix: argument.slice(0, colon).split("."), path: argument.slice(colon + 1) };
}

function decoded(escapes: string): string {
  return new TextDecoder().decode(Uint8Array.from(escapes.slice(1).split("%"), (hex) => Number.parseInt(hex, 16)));
}
