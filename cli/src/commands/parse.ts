// `rw parse`: the syntax tree of a policy as `opa parse` prints it, as an outline or as JSON.

import { annotatedRules } from "#analysis/rego/annotated-rules.ts";
import { annotationJson } from "#analysis/rego/annotation-json.ts";
import { blockText, moduleToJson } from "#analysis/rego/ast-json.ts";
import { base64Of } from "#analysis/rego/base64.ts";
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import { unwritableNumberOf } from "#analysis/rego/json-numbers.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { isTooDeepForJson } from "#grammars/rego/tree-depth.ts";
import { decodePolicy, encodePolicy } from "#grammars/text/broken-bytes.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type Command, usageError } from "../command.ts";
import { configuredDialects } from "../configured-dialect.ts";
import { bytesIn, foreignUrl, kindAt, whyMissing } from "../disk-files.ts";
import { type ErrorItem, errorItems, goJson, jsonItems, unwritableNumber } from "../errors.ts";
import { bracketBeyondDepth } from "../json-depth.ts";
import { v0Flag, v1Flag } from "../load-flags.ts";
import { pathOf } from "../load-parts.ts";
import { writeLongJson } from "../long-json.ts";
import { withMetadata } from "../metadata-faults.ts";
import { writeTreeOutline } from "../tree-outline.ts";

export const parse: Command = {
  name: "parse",
  usage: "parse <path> [flags]",
  summary: "Print the syntax tree of a policy",
  flags: [
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "set output format" },
    {
      name: "json-include",
      kind: "string",
      help: "include or exclude optional elements: locations, comments (included unless -comments)",
    },
    v0Flag,
    v1Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const [argument] = call.positionals;
    if (argument === undefined) {
      io.err(usageError(parse, "no source file specified"));
      return 1;
    }
    const file = pathOf(argument);
    const failed = (errors: readonly ErrorItem[]): number => {
      io.err(`${goJson({ errors: jsonItems(errors) })}\n`);
      return 1;
    };
    const locations = includes(call.flag("json-include"), "locations", false);
    const foreign = foreignUrl(argument);
    if (foreign !== undefined) return failed([{ message: foreign }]);
    const kind = kindAt(io, file);
    if (kind === undefined) return failed([{ message: `open ${file}: ${whyMissing(io, file)}` }]);
    if (kind === "folder") return failed([{ message: `read ${file}: is a directory` }]);
    const faults: ErrorItem[] = [];
    const bytes = bytesIn(io, file, (message) => faults.push({ message }));
    if (bytes === undefined) return failed(faults);
    const text = decodePolicy(bytes);
    const isAnnotated = text.includes("METADATA");
    const version = configuredDialects(io)(file) ?? (call.on("v0-compatible") ? "v0" : "v1");
    // What a block stands above is known after a check, which goes less deep than the writing of trees.
    const parsed = parseModule(text, { file, version, isBuiltin: isBuiltinName, onlyFormatted: !isAnnotated });
    const refused = (diagnostics: readonly Diagnostic[]): number => {
      const items = errorItems(diagnostics, [parsed]);
      return failed(locations ? items.map((item, at) => withText(item, parsed, diagnostics[at])) : items);
    };
    const { diagnostics } = withMetadata(parsed);
    if (diagnostics.length > 0) return refused(diagnostics);
    const deep = parsed.module.rules.find(isTooDeepForJson);
    if (deep !== undefined) {
      const { row } = new LineIndex(text).rowCol(deep.start);
      return failed([{ message: `${file}:${row}: this rule nests too deeply to be printed as a tree` }]);
    }
    const { annotations, modules } = checkModules(isAnnotated ? [parsed] : [], { annotations: true }).compilation;
    const rulesOf = annotatedRules(
      modules.flatMap(({ rules }) => rules),
      annotations.all,
    );
    const asJson = call.flag("format") === "json";
    const written = annotations.all.map((one) => ({ one, json: annotationJson(one, locations) }));
    const unwritable = asJson ? unwritableNumber(written.map(({ json }) => json)) : undefined;
    if (unwritable !== undefined)
      return failed([
        { message: `json: error calling MarshalJSON for type *ast.Annotations: json: unsupported value: ${unwritable}` },
      ]);
    const literal = asJson && /\.\d/u.test(text) ? unwritableNumberOf(parsed.module) : undefined;
    if (literal !== undefined) {
      const within = literal.within.map((type) => `json: error calling MarshalJSON for type ${type}: `).join("");
      return failed([{ message: `${within}json: invalid number literal ${JSON.stringify(literal.text)}` }]);
    }
    const tree = moduleToJson(parsed, {
      comments: includes(call.flag("json-include"), "comments", true),
      locations: asJson && locations,
      spelled: !asJson,
      annotations: written.map(({ one, json }) => ({
        json,
        range: one.range,
        rules: rulesOf.get(one) ?? [],
      })),
    });
    const beyond = asJson && text.length >= shortestDeepText ? bracketBeyondDepth(tree) : undefined;
    if (beyond !== undefined) return failed([{ message: `invalid character '${beyond}' exceeded max depth` }]);
    if (asJson) writeJson(tree, isAnnotated, io.out);
    else writeTreeOutline(tree, io.out);
    return 0;
  },
};

/** Each level of a tree that is too deep takes a character at least, and gives two levels of JSON or three. */
const shortestDeepText = 3_000;

function writeJson(tree: unknown, isAnnotated: boolean, write: (text: string) => void): void {
  const text = wholeText(tree, isAnnotated);
  if (text === undefined) writeLongJson(tree, write);
  else write(text);
  write("\n");
}

/** Undefined where the lines, each as far in as it is deep, are longer than a text can be, or the tree is deeper than the engine goes. */
function wholeText(tree: unknown, isAnnotated: boolean): string | undefined {
  try {
    return goJson(tree, 2, isAnnotated);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * With the text of what is wrong, which OPA writes wherever it writes places: of statements that a word begins it is the word, of a
 * block that cannot be read its first line, of another one what its comments say, of blanks the first one, of what begins a ref all
 * with the parentheses around it, or the sign of a number.
 */
function withText(item: ErrorItem, { text, module }: ParsedModule, diagnostic: Diagnostic | undefined): ErrorItem {
  if (item.location === undefined || diagnostic === undefined) return item;
  const { range } = diagnostic;
  const told = item.message.startsWith("illegal ref") ? headOf(text, range) : range;
  const whole = text.slice(told.start, told.end);
  // A piece of a template may begin with a blank.
  const isPiece = /template-string|^illegal |^non-terminated (?!expression)/u.test(item.message);
  const keyword = /^(?:package|import|default)\b(?![.[])/u.exec(whole)?.[0];
  const word = keyword ?? (isPiece ? undefined : /^[\t\n\r ]/u.exec(whole)?.[0]);
  const comment = diagnostic.details === undefined ? blockText(module, range) : text.slice(range.start).split("\n", 1)[0]!;
  const shown = word ?? (whole.startsWith("#") ? comment : range.end === text.length ? withoutLastBytes(whole) : whole);
  return shown === "" ? item : { ...item, location: { ...item.location, text: base64Of(shown) } };
}

function headOf(text: string, { start, end }: Range): Range {
  const opened = /\(\s*$/u.exec(text.slice(0, start));
  const closed = /^\s*\)/u.exec(text.slice(end));
  if (opened !== null && closed !== null) return headOf(text, { start: opened.index, end: end + closed[0].length });
  return { start, end: /[-.]/u.test(text[start]!) ? start + 1 : end };
}

/** What ends with the text ends, as in OPA, behind the first byte of the last character. */
function withoutLastBytes(text: string): string {
  const bytes = encodePolicy(text);
  const last = encodePolicy(Array.from(text).at(-1) ?? "").length;
  return last < 2 ? text : decodePolicy(bytes.subarray(0, bytes.length - last + 1));
}

/** Whether a list like `locations,-comments` takes an element; the last word on it counts. */
function includes(list: string | undefined, element: string, otherwise: boolean): boolean {
  const word = (list ?? "").split(",").findLast((one) => one.endsWith(element));
  return word === undefined ? otherwise : !word.startsWith("-");
}
