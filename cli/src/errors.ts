// Errors as OPA prints them: one sentence or a list, with the source line and a caret for syntax errors; and the JSON form.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";

export interface ErrorItem {
  readonly message: string;
  readonly code?: string;
  readonly location?: { readonly file: string; readonly row: number; readonly col: number };
  readonly details?: unknown;
  /** What the text form has below the message; no part of the JSON form. */
  readonly lines?: readonly string[];
  /** How the text form names the place, where not by file and row; no part of the JSON form. */
  readonly place?: string;
}

/** What OPA says about a module that is read already: these errors come without the source line. */
const aboutModule =
  /cannot be used for (rule (name|head)|function signature)|keyword is required|must have value assignment|conflicts with built-in function|^empty module|^(package expected|unexpected package)|annotation|^invalid rule head/u;

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
      const place = nowhere ?? index?.rowCol(one.range.start) ?? { row: 1, col: 1 };
      const details =
        one.details ??
        (one.code === "rego_parse_error" && index !== undefined && !aboutModule.test(one.message)
          ? { line: index.lineText(place.row - 1), idx: place.col - 1 }
          : undefined);
      return {
        message: one.message,
        code: one.code,
        ...((one.file === "" && index === undefined) || one.placeless ? {} : { location: { file: one.file, ...place } }),
        ...(details === undefined ? {} : { details }),
        ...(one.lines === undefined ? {} : { lines: one.lines }),
      };
    });
  if (limit <= 0 || items.length <= limit) return items;
  return [...items.slice(0, limit), { message: "error limit reached", code: "rego_compile_error" }];
}

/** `1 error occurred: …`, or the list below a count. */
export function errorText(items: readonly ErrorItem[], loading = false): string {
  const during = loading ? " during loading" : "";
  const texts = items.map(itemText);
  return items.length === 1
    ? `1 error occurred${during}: ${texts[0]}\n`
    : `${items.length} errors occurred${during}:\n${texts.join("\n")}\n`;
}

function itemText({ message, code, location, details, lines, place: named }: ErrorItem): string {
  const place =
    named !== undefined
      ? `${named}: `
      : location === undefined
        ? ""
        : location.file === ""
          ? `${location.row}:${location.col}: `
          : `${location.file}:${location.row}: `;
  const head = code === undefined ? message : `${place}${code}: ${message}`;
  if (lines !== undefined) return [head, ...lines].join("\n\t");
  const { line, idx } = (details ?? {}) as { line?: string; idx?: number };
  if (code !== "rego_parse_error" || line === undefined || idx === undefined) return head;
  const indent = line.length - line.trimStart().length;
  return `${head}\n\t${line.trimStart()}\n\t${" ".repeat(Math.max(0, idx - indent))}^`;
}

/** True for errors that stop a file from being read. */
export function isLoading(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.code === "rego_parse_error");
}

/** The items in their JSON form. */
export function jsonItems(items: readonly ErrorItem[]): readonly Omit<ErrorItem, "place" | "lines">[] {
  return items.map(({ place: _, lines: __, ...item }) => item);
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Big integers keep their digits. */
function exact(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJson(String(value)) : value;
}

/** JSON as Go's encoder writes it, indented by two. */
export function goJson(value: unknown): string {
  return JSON.stringify(value, exact, 2).replace(
    /[<>&\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
