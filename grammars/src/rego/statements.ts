// The statements of a module: package, imports, rules. A statement that breaks costs itself; reading goes on at the next one.
import type { Steps } from "../text/steps.ts";
import type { Comment, Import, Package, Range, Ref, RegoVersion, StringTerm, Term, Var } from "./ast.ts";
import { type Fault, mostFaults } from "./fault-list.ts";
import { futureKeywords, keywordsOf } from "./keywords.ts";
import { hasFeature, importable, type Language } from "./language.ts";
import { parseQuery } from "./literals.ts";
import { isRoot, partsOf, rangeOf, valueName } from "./nodes.ts";
import { printRef } from "./print-terms.ts";
import { noBuiltins, type Place, Reader } from "./reader.ts";
import { faultOfNoRule, namesKeywords, recoverStatements } from "./recovery.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { ruleFromBody } from "./rule-from-body.ts";
import { parseRules, reportKeywordName } from "./rules.ts";
import { type Dialect, type SoundStatement, type StatementMemory, StatementReader } from "./statement-memory.ts";
import { parseTerm } from "./terms.ts";

export type Statement =
  | { readonly kind: "package"; readonly package: Package }
  | { readonly kind: "import"; readonly import: Import }
  | { readonly kind: "rules"; readonly rules: readonly RuleFacts[] }
  | BodyStatement;

/** What was read as a body, and mostly is a rule without one: `pi := 3.14`. */
export interface BodyStatement extends Range {
  readonly kind: "body";
  /** Its one word, if there is no more in it. */
  readonly word: string | undefined;
  /** The rule that is meant, or why it can be none. */
  readonly rule: RuleFacts | string;
}

/** Statements between two pauses. */
export const perStep = 200;

export interface Statements {
  readonly comments: readonly Comment[];
  /** How deep the trees can be, in steps of the parser. */
  readonly depth: number;
  readonly statements: readonly Statement[];
  /** What OPA reports: the errors of the first broken statement. */
  readonly faults: readonly Fault[];
  /** The errors of the broken statements behind it. */
  readonly further: readonly Fault[];
  /** Where the first broken statement could not be read any more, and where it begins. */
  readonly stopped?: number;
  /** Hints that no fault has taken until there. */
  readonly hints?: readonly string[];
  readonly broken?: number;
}

/** What `ParseOptions` say besides the version. */
interface Options {
  readonly alsoV1?: boolean;
  readonly templateStrings?: boolean;
  readonly language?: Language;
  readonly isBuiltin?: (name: string) => boolean;
  readonly memory?: StatementMemory | undefined;
  readonly allStatements?: boolean;
}

/** Reads statements up to the first error, as OPA does; with `allStatements` again from the broken statement on, so that those behind it are not lost. */
export function* parseStatements(text: string, version: RegoVersion, options: Options): Steps<Statements> {
  const dialect: Dialect = {
    version,
    alsoV1: options.alsoV1 ?? false,
    templateStrings: (options.templateStrings ?? true) && hasFeature(options.language, "template_strings"),
    language: options.language,
    isBuiltin: options.isBuiltin ?? noBuiltins,
  };
  /** A reader behind statements that were read. */
  const readerBehind = (read: readonly SoundStatement[]): Reader => {
    const fresh = new Reader(text, version, dialect.alsoV1);
    fresh.templateStrings = dialect.templateStrings;
    fresh.language = dialect.language;
    fresh.isBuiltin = dialect.isBuiltin;
    fresh.scanner.isKept = options.memory !== undefined;
    for (const { statement, comments } of read) {
      fresh.comments.push(...comments);
      if (statement.kind === "import") switchOn(fresh, statement.import);
    }
    fresh.place = read.at(-1)?.next ?? fresh.place;
    return fresh;
  };
  let r = readerBehind([]);
  const memory = r.scanner.isSuspicious ? undefined : options.memory;
  const known = memory?.of(text, dialect);
  const above = known?.above ?? [];
  if (above.length > 0) r = readerBehind(above);
  const reader = new StatementReader(above.at(-1), known?.below);
  const sound = [...above];
  const statements = sound.map(({ statement }) => statement);
  while (!r.is("eof") && r.place.faults.length < mostFaults) {
    const { statement, noted } = reader.read(r);
    if (statement === undefined) break;
    statements.push(statement);
    const isSound = noted !== undefined && !(statement.kind === "body" && namesKeywords(text, noted.from.start));
    if (isSound && sound.length === statements.length - 1) sound.push(noted);
    r.forget();
    if (statements.length % perStep === 0) yield;
  }
  const faults = r.place.faults.all();
  const { start: stopped, hints } = r.place;
  const whole = faults.length > 0 ? sound : aboveNoRule(sound);
  const recovered =
    whole !== undefined && options.allStatements
      ? yield* recoverStatements(readerBehind(whole), faults, whole, reader)
      : undefined;
  memory?.keep({ text, dialect, above: sound, all: [...above, ...reader.noted] });
  const { depth } = reader;
  const read = recovered ?? { statements, faults, further: [], comments: r.comments };
  if (faults.length === 0) return { ...read, depth, hints };
  return { ...read, depth, stopped, hints, broken: sound.at(-1)?.next.start ?? 0 };
}

/** The statements above one that can be no rule in the middle of a line: what stands before it may have swallowed its beginning. */
function aboveNoRule(sound: readonly SoundStatement[]): readonly SoundStatement[] | undefined {
  const first = sound.findIndex(({ statement, from }) => !from.newline && faultOfNoRule(statement) !== undefined);
  return first < 0 ? undefined : sound.slice(0, first);
}

export function parseStatement(r: Reader): Statement | undefined {
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
      if (statement !== undefined) switchOn(r, read);
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
  const first = body?.[0];
  if (body === undefined || first === undefined) return undefined;
  const word = body.length === 1 && first.body.kind === "var" ? first.body.name : undefined;
  return { kind: "body", word, rule: ruleFromBody(body, r.isBuiltin), ...rangeOf(first.start, first.end) };
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
  const before = r.place;
  const term = r.withoutFutureWords(() => parseTerm(r));
  let path: Ref | Var | undefined;
  if (term?.kind === "var") path = term;
  else if (term?.kind === "ref") {
    for (const part of term.parts.slice(1)) {
      if (part.kind === "string") continue;
      // As in OPA, what was met behind the path is forgotten.
      r.place = before;
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
    r.error(path, `unexpected import path, must begin with one of: {data, future, input, rego}, got: ${printRef([head])}`);
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

/** The place with the keyword that the next word is, which was read before the import brought it. */
function retagged(r: Reader): Place {
  const { place } = r;
  const word = place.kind === "identifier" && r.keywords.has(place.literal);
  return word ? { ...place, kind: place.literal } : place;
}

/** The keywords that `import rego.v1` brings. */
export const wordsOfV1: readonly string[] = ["in", "every", "contains", "if"];

/** Switches on what `import future.keywords…` and `import rego.…` bring. */
export function switchOn(r: Reader, item: Import): void {
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
  const words = importable(r.language);
  if (name !== undefined && !words.includes(name)) {
    r.error(item.path, `unexpected keyword, must be one of [${[...words].sort().join(" ")}]`);
    return;
  }
  bring(r, name === undefined ? words : [name]);
}

function applyRego(r: Reader, item: Import, parts: readonly Term[]): void {
  const second = parts[1];
  const name = parts.length === 2 && second?.kind === "string" ? second.value : undefined;
  if (name !== "v1" && name !== "v2") {
    r.error(item.path, `invalid import \`${printRef(parts)}\`, must be one of: \`rego.v1\`, \`rego.v2\``);
    return;
  }
  const isThere = name === "v1" ? hasFeature(r.language, "rego_v1_import", "rego_v1") : hasFeature(r.language, "rego_v2_import");
  if (!isThere) {
    r.error(item.path, `invalid import, \`rego.${name}\` is not supported by current capabilities`);
    return;
  }
  if (item.alias !== undefined) {
    r.error(item.alias, "`rego` imports cannot be aliased");
    return;
  }
  bring(r, name === "v1" ? wordsOfV1 : futureKeywords);
}

/** Switches keywords on. */
export function bring(r: Reader, words: readonly string[]): void {
  for (const word of words) {
    if (word === "not") r.notBodies = true;
    r.keywords.add(word);
    if (word === "every") r.keywords.add("in");
  }
}
