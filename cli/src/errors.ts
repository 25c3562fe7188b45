// Errors as OPA prints them: one sentence or a list, with the source line and a caret for syntax errors; and the JSON form.

import type { StackFrame } from "#evaluation/stack-trace.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { errorList, placeText, errorText as wordedError } from "#grammars/error-text.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { goEscapes } from "./json-text.ts";

export interface ErrorItem {
  readonly message: string;
  readonly code?: string;
  readonly location?: { readonly file: string; readonly row: number; readonly col: number; readonly text?: string };
  readonly details?: unknown;
  /** Where it is, if OPA reports it elsewhere: for formats that OPA does not have. */
  readonly standsAt?: { readonly row: number; readonly col: number };
  /** What the text form has below the message; no part of the JSON form. */
  readonly lines?: readonly string[];
  /** The queries that were open, the innermost first. */
  readonly stack_trace?: readonly { readonly query_id: number; readonly location: object }[];
  /** The same, a line each; no part of the JSON form. */
  readonly traceback?: readonly string[];
  /** How the text form names the place, where not by file and row; no part of the JSON form. */
  readonly place?: string;
}

/** Diagnostics in OPA's shape and order; `limit` cuts as `--max-errors` does. */
export function errorItems(
  diagnostics: readonly Diagnostic[],
  modules: readonly Pick<ParsedModule, "file" | "text">[],
  limit = 0,
): readonly ErrorItem[] {
  const lines = new Map(modules.map(({ file, text }) => [file, new LineIndex(text)]));
  const items = diagnostics
    .filter((one) => one.severity === "error")
    .map((one): ErrorItem => {
      const index = lines.get(one.file);
      const nowhere = one.message === "empty module" ? { row: 0, col: 0 } : undefined;
      const place = nowhere ?? index?.rowCol((one.reported ?? one.range).start) ?? { row: 1, col: 1 };
      return {
        message: one.message,
        code: one.code,
        ...((one.file === "" && index === undefined) || one.placeless ? {} : { location: { file: one.file, ...place } }),
        ...(one.details === undefined ? {} : { details: one.details }),
        ...(one.reported === undefined || index === undefined ? {} : { standsAt: index.rowCol(one.range.start) }),
        ...(one.lines === undefined ? {} : { lines: one.lines }),
      };
    });
  if (limit <= 0 || items.length <= limit) return items;
  return [...items.slice(0, limit), { message: "error limit reached", code: "rego_compile_error" }];
}

/** `1 error occurred: …`, or the list below a count. */
export function errorText(items: readonly ErrorItem[], loading = false): string {
  return `${errorList(items.map(itemText), loading ? " during loading" : "")}\n`;
}

/** The same as OPA's parser says it: without a count where a module is empty. */
export function parserText(items: readonly ErrorItem[]): string {
  const text = errorText(items);
  return items[0]?.message === "empty module" ? text.replace(/^1 error occurred: /u, "") : text;
}

function itemText({ message, code, location, lines = [], traceback = [], place: named }: ErrorItem): string {
  if (code === undefined) return [message, ...lines].join("\n\t");
  const text = wordedError({ place: named ?? (location && placeText(location)), code, message, lines });
  return traceback.length === 0 ? text : [text, "", "Traceback:", ...traceback.map((line) => `  ${line}`)].join("\n");
}

/** What an error of an evaluation has of the queries that were open then. */
export function stackOf(stack: readonly StackFrame[]): Pick<ErrorItem, "stack_trace" | "traceback"> {
  if (stack.length === 0) return {};
  return {
    stack_trace: stack.map(({ id, place }) => ({ query_id: id, location: place })),
    traceback: stack.map(({ line }) => line),
  };
}

/** What is wrong in METADATA, which is read with the text: it keeps the modules from being compiled. */
export function unreadMetadata(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => code === "rego_parse_error");
}

/** The items in their JSON form. */
export function jsonItems(items: readonly ErrorItem[]): readonly Omit<ErrorItem, "place" | "lines" | "traceback" | "standsAt">[] {
  return items.map(({ place: _, lines: __, traceback: ___, standsAt: ____, ...item }) => item);
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Big integers keep their digits, zero its sign, and keys that are numbers their place. */
function exact(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return rawJson(String(value));
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return hasNumberKey(value) ? inKeyOrder(value) : value;
  return Object.is(value, -0) ? rawJson("-0") : value;
}

/** Stands before keys while they are written: an object holds those that are numbers before all others, and by their size. */
const keyMark = "\uFDD0\uFDD1";

function hasNumberKey(value: object): boolean {
  for (const key in value) return /^\d/u.test(key);
  return false;
}

/** The keys by their text, as Go writes those of maps. */
function inKeyOrder(value: object): object {
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [keyMark + key, item]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first number that JSON has no way to write, as Go names it: YAML has `.inf` and `.nan`. */
export function unwritableNumber(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : value > 0 ? "+Inf" : value < 0 ? "-Inf" : "NaN";
  if (typeof value !== "object" || value === null) return undefined;
  for (const item of Object.values(value)) {
    const found = unwritableNumber(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * JSON as Go's encoder writes it. Who knows that there are no big integers, no zeros with a sign
 * and no keys that are numbers says so: large trees are written much faster then.
 */
export function goJson(value: unknown, indent = 2, hasExact = true): string {
  if (!hasExact) return goEscapes(JSON.stringify(value, undefined, indent));
  return goEscapes(JSON.stringify(value, exact, indent).replaceAll(`"${keyMark}`, '"'));
}
