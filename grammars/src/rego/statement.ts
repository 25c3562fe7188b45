// One statement of a module: the package, an import, rules, or what only reads as a body.
import type { Import, Package, Range, Ref, StringTerm, Term, Var } from "./ast.ts";
import type { Fault } from "./fault-list.ts";
import { switchOn } from "./keyword-imports.ts";
import { keywordsOf } from "./keywords.ts";
import { parseQuery } from "./literals.ts";
import { isRoot, partsOf, rangeOf, valueName } from "./nodes.ts";
import { printRef } from "./print-terms.ts";
import type { Reader } from "./reader.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { ruleFromBody } from "./rule-from-body.ts";
import { parseRules, reportKeywordName } from "./rules.ts";
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

/** What is told of a statement that was read without a fault and still can be no rule. */
export function faultOfNoRule(statement: Statement | undefined): Fault | undefined {
  return statement?.kind === "body" && typeof statement.rule === "string"
    ? { range: statement, message: statement.rule }
    : undefined;
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
