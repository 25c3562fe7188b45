// The statements of a module: package, imports, rules. A statement that breaks costs itself; reading goes on at the next one.
import type { Steps } from "../text/steps.ts";
import type { Import, Package, Range, Ref, RegoVersion, StringTerm, Term, Var } from "./ast.ts";
import { futureKeywords, keywordsOf } from "./keywords.ts";
import { parseQuery } from "./literals.ts";
import { isRoot, partsOf, rangeOf, valueName } from "./nodes.ts";
import { printHeadRef } from "./print-ref.ts";
import { type Fault, type Place, Reader } from "./reader.ts";
import { parseRules, type RuleFacts, reportKeywordName } from "./rules.ts";
import { parseTerm } from "./terms.ts";

export type Statement =
  | { readonly kind: "package"; readonly package: Package }
  | { readonly kind: "import"; readonly import: Import }
  | { readonly kind: "rules"; readonly rules: readonly RuleFacts[] }
  | { readonly kind: "body"; readonly body: NonNullable<ReturnType<typeof parseQuery>> };

/** Statements between two pauses. */
const perStep = 200;

export interface Statements {
  readonly statements: readonly Statement[];
  /** What OPA reports: the errors of the first broken statement. */
  readonly faults: readonly Fault[];
  /** The errors of the broken statements behind it. */
  readonly further: readonly Fault[];
}

/** What `ParseOptions` say besides the version. */
interface Dialect {
  readonly alsoV1?: boolean;
  readonly templateStrings?: boolean;
}

/**
 * Reads statements to the end of the text; after an error once more, so that the statements around broken ones are not lost.
 * `strings` are the tokens that lines may lie in.
 */
export function* parseStatements(
  text: string,
  version: RegoVersion,
  dialect: Dialect,
  strings: () => readonly Range[],
): Steps<Statements> {
  const reader = (): Reader => {
    const fresh = new Reader(text, version, dialect.alsoV1 ?? false);
    fresh.templateStrings = dialect.templateStrings ?? true;
    return fresh;
  };
  const r = reader();
  const statements: Statement[] = [];
  while (!r.is("eof")) {
    const statement = parseStatement(r);
    if (statement === undefined) break;
    statements.push(statement);
    if (statements.length % perStep === 0) yield;
  }
  const { faults } = r.place;
  if (faults.length === 0) return { statements, faults, further: [] };
  return yield* recoverStatements(reader(), faults, statementStarts(text, strings()));
}

/**
 * A broken statement ends where another one may begin, whatever is open above it. When the break shows in the middle of a line, the
 * statement before it has swallowed the beginning of that line and is read again without it.
 */
function* recoverStatements(
  r: Reader,
  faults: readonly Fault[],
  nextStart: (offset: number) => number | undefined,
): Steps<Statements> {
  const { text } = r;
  const statements: Statement[] = [];
  const further: Fault[] = [];
  let seen = farthest(faults, 0);
  /** Where the statement before began, while it may still be given back. */
  let before: Place | undefined;
  for (let read = 1; !r.is("eof"); read++) {
    if (read % perStep === 0) yield;
    const from = r.place;
    const statement = parseStatement(r);
    const found = r.place.faults;
    if (found.length === 0 && statement !== undefined) {
      if (statement.kind === "body") bringNamed(r, text, from.start);
      statements.push(statement);
      before = from;
      continue;
    }
    for (const fault of found) if (fault.range.start > seen) further.push(fault);
    seen = farthest(found, seen);
    bringNamed(r, text, from.start);
    const line = text.lastIndexOf("\n", from.start - 1) + 1;
    const swallowing = before !== undefined && !from.newline && before.start < line ? before : undefined;
    const given = swallowing === undefined ? undefined : nextStart(swallowing.start);
    const next = given !== undefined && given < from.start ? given : nextStart(from.start);
    if (swallowing !== undefined) {
      statements.pop();
      const again = r.upTo(Math.min(next ?? line, line), swallowing);
      const whole = parseStatement(again);
      if (whole !== undefined && again.is("eof") && again.place.faults.length === 0) statements.push(whole);
    }
    // What was read may still serve when it ends before the next statement can begin.
    else if (statement !== undefined && (next ?? text.length) >= r.place.lastEnd) statements.push(statement);
    before = undefined;
    if (next === undefined) break;
    const { wildcards } = r.place;
    r.place = { ...from, kind: "start", start: next, end: next, lastEnd: next, newline: true, faults: [], hints: [], wildcards };
    r.scan();
  }
  return { statements, faults, further };
}

function farthest(faults: readonly Fault[], from: number): number {
  return faults.reduce((most, { range }) => Math.max(most, range.start), from);
}

/** A broken import still means the keywords that it names: the rules below are written with them. */
function bringNamed(r: Reader, text: string, start: number): void {
  const line = /.*/.exec(text.slice(start, start + 200))![0];
  if (!/^import\b|^\.?(?:future|keywords|rego)\b/.test(line)) return;
  const words: readonly string[] = line.match(/\w+/g) ?? [];
  if (words.includes("v2")) bring(r, futureKeywords);
  else if (words.includes("v1")) bring(r, wordsOfV1);
  else if (/future|keywords/.test(line)) {
    const named = futureKeywords.filter((word) => words.includes(word));
    bring(r, named.length > 0 ? named : futureKeywords);
  }
}

/** A line that begins a statement: one with a name in the first column, or an indented one that can only be a rule or an import. */
const statementLine =
  /\n(?:(?!else\b)(?=[A-Za-z_])|[ \t]+(?=(?:import|package)[ \t]+[\w.]+[^\S\n]*(?:as\b[^\n]*)?(?:\n|$)|default[ \t]+\w|(?!else\b|default\b)[A-Za-z_][^\n"`#]*[ \t]if(?:[ \t\r]|\n|$)))/g;

/** Finds where the next statement may begin behind an offset, outside of the given strings. */
function statementStarts(text: string, strings: readonly Range[]): (offset: number) => number | undefined {
  let at = 0;
  const within = (offset: number): boolean => {
    if (strings[at - 1] !== undefined && offset < strings[at - 1]!.end) at = 0;
    while (strings[at] !== undefined && strings[at]!.end <= offset) at++;
    return strings[at] !== undefined && strings[at]!.start < offset;
  };
  return (offset) => {
    statementLine.lastIndex = offset;
    for (let found = statementLine.exec(text); found !== null; found = statementLine.exec(text))
      if (!within(statementLine.lastIndex)) return statementLine.lastIndex;
    return undefined;
  };
}

function parseStatement(r: Reader): Statement | undefined {
  if (reportKeywordName(r, false)) return undefined;
  const from = r.place;
  const failed = (): boolean => r.place.faults.length > 0;
  if (r.is("package")) {
    const read = parsePackage(r);
    if (read !== undefined) return afterPath(r, { kind: "package", package: read });
    if (failed()) return undefined;
    r.place = from;
  }
  if (r.is("import")) {
    const read = parseImport(r);
    if (read !== undefined) {
      const statement = afterPath(r, { kind: "import", import: read });
      if (statement !== undefined) applyImport(r, read);
      return statement;
    }
    if (failed()) return undefined;
    r.place = from;
  }
  const rules = parseRules(r);
  if (rules !== undefined) return { kind: "rules", rules };
  if (failed()) return undefined;
  r.place = from;
  const body = parseQuery(r, true, "eof");
  return body === undefined ? undefined : { kind: "body", body };
}

/** A minus behind a path would otherwise begin the next statement. */
function afterPath(r: Reader, statement: Statement): Statement | undefined {
  if (!r.is("-")) return statement;
  r.unexpected();
  return undefined;
}

/** Goes over the keyword to its path; false when the word is a name itself (`package.x`). */
function enterPath(r: Reader): boolean {
  r.scanBlank();
  if (r.is(".") || r.is("[")) return false;
  if (r.is("blank")) r.scan();
  if (r.is("identifier")) return true;
  if (r.mayHeadRef(r.kind)) {
    r.retag("identifier");
    return true;
  }
  r.unexpected();
  return false;
}

// package = "package" ref
function parsePackage(r: Reader): Package | undefined {
  const { start } = r.place;
  if (!enterPath(r)) return undefined;
  const term = parseTerm(r);
  if (term === undefined) {
    if (r.place.faults.length === 0) r.error(r.place, "expected path");
    return undefined;
  }
  if (term.kind !== "var" && term.kind !== "ref") {
    r.unexpected();
    return undefined;
  }
  const path: StringTerm[] = [];
  for (const [i, part] of partsOf(term).entries()) {
    const at = rangeOf(part.start, part.end);
    if (i === 0 && part.kind === "var") path.push({ kind: "string", value: part.name, ...at });
    else if (i > 0 && part.kind === "string") path.push(part);
    else {
      r.error(part, `unexpected ${valueName(part)} token: expecting ${i === 0 ? "var" : "string"}`);
      return undefined;
    }
  }
  return { kind: "package", path, start, end: term.end };
}

const roots = new Set(["data", "future", "input", "rego"]);

// import = "import" ref [ "as" var ]
function parseImport(r: Reader): Import | undefined {
  const { start } = r.place;
  if (!enterPath(r)) return undefined;
  const term = r.withoutFutureWords(() => parseTerm(r));
  r.place = retagged(r);
  let path: Ref | Var | undefined;
  if (term?.kind === "var") path = term;
  else if (term?.kind === "ref") {
    for (const part of term.parts.slice(1)) {
      if (part.kind === "string") continue;
      r.error(part, `unexpected ${valueName(part)} token: expecting string`);
      return undefined;
    }
    path = term;
  }
  if (path === undefined) {
    r.error(r.place, "expected path");
    return undefined;
  }
  const parts = partsOf(path);
  const head = parts[0]!;
  const root = head.kind === "var" ? head.name : "";
  if (!roots.has(root)) {
    r.hint("if this is unexpected, try updating OPA");
    r.error(path, `unexpected import path, must begin with one of: {data, future, input, rego}, got: ${printHeadRef([head])}`);
    return undefined;
  }
  let alias: Var | undefined;
  if (r.is("as")) {
    r.scan();
    if (!r.is("identifier")) {
      r.unexpected("expected var");
      return undefined;
    }
    const read: Term | undefined = parseTerm(r);
    if (read?.kind !== "var") {
      r.unexpected("expected var");
      return undefined;
    }
    if (isRoot(read)) {
      r.error(read, `unexpected import alias, must not be a reserved name, got: ${read.name}`);
      return undefined;
    }
    alias = read;
  } else if (root !== "future" || parts.length === 1) {
    const last = parts.at(-1)!;
    const name = last.kind === "var" ? last.name : last.kind === "string" ? last.value : "";
    if (keywordsOf[r.alsoV1 ? "v1" : r.version].has(name)) {
      r.hint("import a different path or use an alias");
      r.error(last, `unexpected import path, must not end with a keyword, got: ${name}`);
    }
  }
  return { kind: "import", path, alias, start, end: alias?.end ?? path.end };
}

/** The place with the keyword that the next word is, now that keywords count again. */
function retagged(r: Reader): Place {
  const { place } = r;
  const word = place.kind === "identifier" && r.keywords.has(place.literal);
  return word ? { ...place, kind: place.literal } : place;
}

/** The keywords that `import rego.v1` brings. */
const wordsOfV1: readonly string[] = ["in", "every", "contains", "if"];

/** Switches on what `import future.keywords…` and `import rego.…` bring. */
function applyImport(r: Reader, item: Import): void {
  const parts = partsOf(item.path);
  const head = parts[0]!;
  const root = head.kind === "var" ? head.name : "";
  if (root === "future") applyFuture(r, item, parts);
  else if (root === "rego") applyRego(r, item, parts);
  else return;
  r.place = retagged(r);
}

function applyFuture(r: Reader, item: Import, parts: readonly Term[]): void {
  const second = parts[1];
  if (second?.kind !== "string" || second.value !== "keywords") {
    r.error(item.path, "invalid import, must be `future.keywords`");
    return;
  }
  if (item.alias !== undefined) {
    r.error(item.alias, "`future` imports cannot be aliased");
    return;
  }
  const third = parts[2];
  const name = third?.kind === "string" && parts.length === 3 ? third.value : undefined;
  if (name !== undefined && !futureKeywords.some((word) => word === name)) {
    r.error(item.path, `unexpected keyword, must be one of [${[...futureKeywords].sort().join(" ")}]`);
    return;
  }
  bring(r, name === undefined ? futureKeywords : [name]);
}

function applyRego(r: Reader, item: Import, parts: readonly Term[]): void {
  const second = parts[1];
  const name = parts.length === 2 && second?.kind === "string" ? second.value : undefined;
  if (name !== "v1" && name !== "v2") {
    r.error(item.path, `invalid import \`${printHeadRef(parts)}\`, must be one of: \`rego.v1\`, \`rego.v2\``);
    return;
  }
  if (item.alias !== undefined) {
    r.error(item.alias, "`rego` imports cannot be aliased");
    return;
  }
  bring(r, name === "v1" ? wordsOfV1 : futureKeywords);
}

function bring(r: Reader, words: readonly string[]): void {
  for (const word of words) {
    if (word === "not") r.notBodies = true;
    r.keywords.add(word);
    if (word === "every") r.keywords.add("in");
  }
}
