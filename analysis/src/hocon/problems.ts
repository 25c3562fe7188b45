// The problems of one resolution: diagnostics for people, and the first error as the reference names it.
import type { Diagnostic, QuickFix, RelatedPlace, Severity } from "#grammars/diagnostic.ts";
import { lineAt } from "#grammars/hocon/lines.ts";
import type { ArrayNode, IncludeNode, LateProblem, Member, ObjectNode, ParsedHocon, ValueNode } from "#grammars/hocon/parse.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import { TokenKind, tokenAt, tokenEnd } from "#grammars/hocon/tokens.ts";
import type { MixedPieces } from "./concatenate.ts";
import type { Place, ReferenceNode, Source, Value } from "./value.ts";

export type Stage = "parse" | "resolve" | "json";
export type ErrorKind = "Parse" | "BadPath" | "WrongType" | "UnresolvedSubstitution" | "IO" | "NotJson";

/** The error that the reference stops at. */
export interface FirstFailure {
  readonly stage: Stage;
  readonly kind: ErrorKind;
  readonly file: string;
  readonly offset: number;
  /** From 1; undefined where the reference names none. */
  readonly line: number | undefined;
  readonly message: string;
}

export class Problems {
  readonly diagnostics: Diagnostic[] = [];
  private failure: FirstFailure | (() => FirstFailure | undefined) | undefined;
  private readonly seen = new Set<ParsedHocon>();

  private add(
    place: Place,
    severity: Severity,
    code: string,
    message: string,
    more: { related?: RelatedPlace[]; fixes?: QuickFix[] } = {},
  ): void {
    const { source, start, end } = place;
    this.diagnostics.push({ file: source.file, range: { start, end }, severity, code, message, ...more });
  }

  private fail(
    { source, start }: Place,
    stage: Stage,
    kind: ErrorKind,
    message: string,
    line = referenceLine(source, start),
  ): void {
    this.failure ??= { stage, kind, file: source.file, offset: start, line, message };
  }

  /** The reference gives up somewhere. */
  get failed(): boolean {
    return this.failure !== undefined;
  }

  /** Where it gives up first. */
  get first(): FirstFailure | undefined {
    if (typeof this.failure === "function") this.failure = this.failure();
    return this.failure;
  }

  /**
   * Takes over what the parser found, once per file. Problems of the second pass are met later, in their places. `exact` tells the first
   * failure where the reference reads the text in its own way.
   */
  parse(source: Source, parsed: ParsedHocon, exact: () => FirstFailure | undefined): void {
    const written = () => parsed.firstError && ({ stage: "parse", file: source.file, ...parsed.firstError } as const);
    if (parsed.broken) this.failure ??= parsed.exact === undefined ? written() : () => exact() ?? written();
    if (this.seen.has(parsed)) return;
    this.seen.add(parsed);
    for (const diagnostic of parsed.diagnostics) this.diagnostics.push(diagnostic);
  }

  late(source: Source, { kind, offset, line, message }: LateProblem): void {
    this.failure ??= { stage: "parse", kind, file: source.file, offset, line, message };
  }

  limitation(place: Place, what: string): void {
    const message = `${what}: the reference refuses it ("current limitations of the config parser")`;
    this.fail(place, "parse", "Parse", message, lineByBreaks(place));
    this.add(place, "error", "hocon_limitation", message);
  }

  badUrl(place: Place, url: string): void {
    const message = `${JSON.stringify(url)} is not an absolute URL`;
    this.fail(place, "parse", "Parse", message, lineByBreaks(place));
    this.add(place, "error", "hocon_bad_include", message);
  }

  depth(place: Place, trace: readonly string[]): void {
    const name = trace.at(-1)!;
    const first = trace.indexOf(name);
    const cycle = first >= 0 && first < trace.length - 1 ? trace.slice(first) : trace.slice(-3);
    const message = `this include never ends: ${cycle.join(" → ")}`;
    this.fail(place, "parse", "Parse", message);
    this.add(place, "error", "hocon_include_cycle", message);
  }

  /** Where the list of diagnostics and the first error stand, for `swallow`. */
  mark(): { readonly count: number; readonly failure: Problems["failure"] } {
    return { count: this.diagnostics.length, failure: this.failure };
  }

  /** A missing required file inside a file that was included by its base name makes only that file count as missing. */
  swallow({ count, failure }: ReturnType<Problems["mark"]>): void {
    // Another fault met before it in that file ends the reading all the same.
    if (typeof this.failure === "object" && this.failure.kind === "IO") this.failure = failure;
    for (let index = count; index < this.diagnostics.length; index++) {
      const diagnostic = this.diagnostics[index]!;
      if (diagnostic.code !== "hocon_missing_include" || diagnostic.severity !== "error") continue;
      this.diagnostics[index] = {
        ...diagnostic,
        severity: "warning",
        explanation: "The whole file then counts as missing, because it was included without its extension.",
      };
    }
  }

  missingInclude(place: Place, name: string, tried: readonly string[], required: boolean): void {
    const where = tried.length === 0 ? "" : ` (tried ${tried.join(", ")})`;
    const message = `${required ? "the required file" : "the included file"} ${JSON.stringify(name)} does not exist${where}`;
    if (required) this.fail(place, "parse", "IO", message);
    this.add(place, required ? "error" : "warning", "hocon_missing_include", message);
  }

  refused(place: Place, name: string, reason: string): void {
    const message = `the include of ${name} is refused: ${reason}`;
    this.fail(place, "parse", "IO", message);
    this.add(place, "error", "hocon_refused_include", message);
  }

  mixed(place: Place, { left, right, tooLarge }: MixedPieces, stage: "parse" | "resolve"): void {
    if (tooLarge) {
      this.tooLarge(place);
      return;
    }
    const message = `${describe(left)} and ${describe(right)} cannot stand in one value: only arrays join arrays, objects join objects, and scalars make strings`;
    this.fail(left, stage, "WrongType", message);
    const related = [left, right].map((value) => placed(value, `${describe(value)} comes from here`));
    this.add(place, "error", "hocon_type_mixture", message, { related });
  }

  unresolved(reference: ReferenceNode): void {
    const path = renderPath(reference.path);
    const message = `no value for \`${path}\` in this file, its includes, the profile or the environment`;
    this.fail(reference, "resolve", "UnresolvedSubstitution", message);
    this.add(reference, "error", "hocon_unresolved", message, { fixes: [makeOptional(reference)] });
  }

  cycle(reference: ReferenceNode, links: readonly ReferenceNode[]): void {
    const path = renderPath(reference.path);
    const message = `\`${path}\` refers to itself: its value is needed to find its value`;
    this.fail(reference, "resolve", "UnresolvedSubstitution", message);
    const related = links.map((link) => placed(link, `\`${renderPath(link.path)}\` is needed here`));
    this.add(reference, "error", "hocon_cycle", message, { related, fixes: [makeOptional(reference)] });
  }

  notJson(place: Place, message: string): void {
    this.fail(place, "json", "NotJson", message);
    this.add(place, "error", "hocon_not_json", message);
  }

  tooLarge(place: Place): void {
    const message = "this value grows too large";
    this.fail(place, "json", "NotJson", message);
    this.add(place, "error", "hocon_too_large", message);
  }

  tooDeep(place: Place): void {
    this.fail(place, "parse", "Parse", deepNesting.message);
    this.add(place, "error", deepNesting.code, deepNesting.message);
  }
}

/** What is said where values are nested more deeply than `most` levels: those are refused, so that the stack holds wherever this runs. */
export const deepNesting = { most: 1000, code: "hocon_too_deep", message: "this value is nested too deeply" } as const;

/**
 * The line that the reference names where it builds values: one more than the line breaks before `place`, without those inside strings and
 * inside includes.
 */
function lineByBreaks({ source, start }: Place): number | undefined {
  if (source.parsed === undefined) return undefined;
  const { tokens, tree } = source.parsed;
  let line = 1;
  for (let index = 0; index < tokens.count && tokens.starts[index]! < start; index++)
    if (tokens.kinds[index] === TokenKind.newline) line++;
  for (const include of includesBefore(tree.body, start))
    for (let index = tokenAt(tokens, include.start); tokens.starts[index]! < Math.min(include.end, start); index++)
      if (tokens.kinds[index] === TokenKind.newline) line--;
  return line;
}

/** The includes that begin before `end`, however deep they stand. */
function includesBefore(body: ObjectNode | ArrayNode, end: number): readonly IncludeNode[] {
  const found: IncludeNode[] = [];
  const waiting: (Member | ValueNode)[] = [body];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.start >= end) continue;
    if (node.kind === "include") found.push(node);
    else if (node.kind === "object") waiting.push(...node.members);
    else if (node.kind === "array") waiting.push(...node.items);
    else if (node.kind === "concatenation") waiting.push(...node.pieces);
    else if (node.kind === "field" && node.value !== undefined) waiting.push(node.value);
  }
  return found;
}

/** The line of a value: a triple-quoted string, and the whitespace before one, has the line where the string ends. */
export function referenceLine({ parsed }: Source, start: number): number | undefined {
  if (parsed === undefined || parsed.syntax === "properties") return undefined;
  const { text, tokens } = parsed;
  let index = tokenAt(tokens, start);
  if (tokens.kinds[index] === TokenKind.whitespace) index++;
  return lineAt(text, tokens.kinds[index] === TokenKind.tripleString ? tokenEnd(tokens, index) : start);
}

function makeOptional({ start }: ReferenceNode): QuickFix {
  return {
    title: "Make the substitution optional",
    edits: [{ range: { start: start + 2, end: start + 2 }, newText: "?" }],
  };
}

function placed({ source, start, end }: Place, message: string): RelatedPlace {
  return { file: source.file, range: { start, end }, message };
}

function describe(value: Value): string {
  switch (value.kind) {
    case "array":
      return "an array";
    case "object":
      return "an object";
    case "string":
      return "a string";
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    case "null":
      return "null";
    default:
      return "a substitution";
  }
}
