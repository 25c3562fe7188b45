// A rule with what is known of it: small values in the place of refs, conditions that always hold left away, itself where one never does.

import { branches, type ModuleUnit, type RuleUnit } from "#analysis/rego/rule-units.ts";
import { type Globals, globalsOf, importsDocument } from "#analysis/rego/stages/01-resolve-refs.ts";
import { isScalar } from "#analysis/rego/tree/refs.ts";
import { isAssignment, varsOf } from "#analysis/rego/tree/vars.ts";
import { contains, forEachChild, type Node } from "#analysis/rego/tree/walk.ts";
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Body, Expr, Range, Ref } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { withEdits } from "#grammars/text/edits.ts";
import { type KnownRules, nodesOf } from "./known-rules.ts";

/**
 * What is asked of the compiled policies: the value of a term as Rego text, `undefined` while it is not known and where there is none;
 * of one that is written in the dialect of a module, or the same in all.
 */
export type Values = (term: string, module?: ModuleUnit) => string | undefined;

export interface Surroundings {
  readonly known: KnownRules;
  readonly valueOf: Values;
  /** Names of the rules of a unit's package. */
  readonly ruleNames: (unit: RuleUnit) => Iterable<string>;
}

export interface Simplified {
  /** The rule's text, its names as in a file without imports; undefined when it never holds. */
  readonly text: string | undefined;
  readonly isChanged: boolean;
  /** Refs below `data` that are left. */
  readonly refs: readonly Ref[];
}

/** A value that is longer than this costs more in each place than it saves. */
const longestValue = 100;

/** The rules of one document, with their names resolved. */
export function simplifiedRules(units: readonly RuleUnit[], around: Surroundings): readonly Simplified[] {
  // Where all rules give one constant, OPA stops at the first that holds: what would fail behind it must not be passed over.
  const isQuietAll = units.every((unit) => branches(unit).every(({ body }) => body.every((expr) => isQuiet(expr, around))));
  return units.map((unit) => simplified(new RuleWriter(unit, around, isQuietAll), unit));
}

function simplified(writer: RuleWriter, unit: RuleUnit): Simplified {
  for (const branch of branches(unit)) if (!writer.write(branch)) return { text: undefined, isChanged: true, refs: [] };
  return writer.result();
}

class RuleWriter {
  readonly #unit: RuleUnit;
  readonly #around: Surroundings;
  readonly #text: string;
  readonly #imports: Globals;
  readonly #names: Globals;
  readonly #foldsValues: boolean;
  readonly #edits: TextEdit[] = [];
  readonly #refs: Ref[] = [];
  #isChanged = false;

  constructor(unit: RuleUnit, around: Surroundings, foldsValues: boolean) {
    this.#unit = unit;
    this.#foldsValues = foldsValues;
    this.#around = around;
    const { module } = unit;
    this.#text = module.text;
    this.#imports = globalsOf(module.package, [], module.imports);
    this.#names = globalsOf(module.package, around.ruleNames(unit), module.imports);
  }

  result(): Simplified {
    const { start, end } = this.#unit.source;
    return { text: sliced(this.#text, { start, end }, this.#edits), isChanged: this.#isChanged, refs: this.#refs };
  }

  /** False when the rule never holds. */
  write(branch: RuleUnit): boolean {
    const { reference, args = [], key, value } = branch.head;
    const { source } = branch;
    // An `else` has the name and the arguments of its rule, and what it does not say itself.
    if (!branch.isBranch)
      for (const node of [...(reference.kind === "ref" ? reference.parts.slice(1) : []), ...args]) this.#visit(node, "none");
    if (source.head.key !== undefined && key !== undefined) this.#visit(key, "scalars");
    if (source.head.value !== undefined && value !== undefined) this.#visit(value, this.#foldsValues ? "scalars" : "none");
    return source.body === undefined || this.#writeBody(branch);
  }

  #writeBody(branch: RuleUnit): boolean {
    const { body } = branch;
    const isLone = this.#unit.else === undefined;
    const removed = new Set<Expr>();
    for (const [at, expr] of body.entries()) {
      const holds = this.#isDecided(branch, expr) ? this.#holds(expr) : undefined;
      const isFirst = body.slice(0, at).every((before) => removed.has(before) || isQuiet(before, this.#around));
      if (holds === false && isLone && isFirst) return false;
      if (holds === true) removed.add(expr);
      // By a comparison with a constant OPA passes rules over: what would fail before it must not be passed over.
      else this.#visit(expr, isFirst || !isIndexed(expr) ? "scalars" : "none");
    }
    if (removed.size > 0) this.#remove(body, removed);
    return true;
  }

  /** Whether what an expression comes to is the same in every decision, and nothing else in the rule shares its variables. */
  #isDecided(branch: RuleUnit, expr: Expr): boolean {
    if (expr.body.kind === "some" || expr.body.kind === "boolean" || isAssignment(expr) || tells(branch)) return false;
    if (!this.#around.known.reads(expr)) return false;
    const own = varsOf(expr, { skipCallHead: true });
    return nodesOf(branch).every(
      (node) => node === expr || [...varsOf(node, { skipCallHead: true }).keys()].every((name) => isRoot(name) || !own.has(name)),
    );
  }

  #holds(expr: Expr): boolean | undefined {
    const edits: TextEdit[] = [];
    this.#rename(expr, this.#names, edits);
    const value = this.#around.valueOf(`{1 | ${sliced(this.#text, rangeOf(expr), edits)}\n}`, this.#unit.module);
    return value === undefined ? undefined : value === "{1}";
  }

  #remove(body: Body, removed: ReadonlySet<Expr>): void {
    this.#isChanged = true;
    const kept = body.filter((expr) => !removed.has(expr));
    if (kept.length === 0) {
      this.#edits.push({ range: { start: rangeOf(body[0]!).start, end: rangeOf(body.at(-1)!).end }, newText: "true" });
      return;
    }
    // What separates two expressions goes with the first one, in front of the end with the second one.
    const last = body.lastIndexOf(kept.at(-1)!);
    for (const [at, expr] of body.entries())
      if (at < last && removed.has(expr))
        this.#edits.push({ range: { start: rangeOf(expr).start, end: rangeOf(body[at + 1]!).start }, newText: "" });
    if (last < body.length - 1)
      this.#edits.push({ range: { start: rangeOf(body[last]!).end, end: rangeOf(body.at(-1)!).end }, newText: "" });
  }

  /** Refs get small values, or the paths that their names stand for; `folds` says which values have a place. */
  #visit(node: Node, folds: Folds): void {
    if (node.kind === "call") {
      this.#visit(node.operator, "none");
      for (const arg of node.args) this.#visit(arg, folds === "none" ? folds : "all");
      return;
    }
    if (node.kind === "expr") {
      this.#visit(node.body, folds);
      for (const { target, value } of node.with) {
        this.#visit(target, "none");
        this.#visit(value, folds);
      }
      return;
    }
    if (node.kind !== "ref" || !isDocument(node)) {
      forEachChild(node, (child) => this.#visit(child, folds === "all" ? "scalars" : folds));
      return;
    }
    const value = folds === "none" ? undefined : knownValue(node, this.#around);
    if (value !== undefined && fits(value, folds, this.#text.slice(0, node.start))) {
      this.#edits.push({ range: { start: node.start, end: node.end }, newText: value });
      this.#isChanged = true;
      return;
    }
    this.#refs.push(node);
    rename(this.#text, node, this.#imports, this.#edits);
    // With constant keys OPA passes over rules with others: what would fail there must not be passed over.
    for (const part of writtenParts(node)) this.#visit(part, "none");
  }

  #rename(node: Node, names: Globals, edits: TextEdit[]): void {
    if (node.kind === "ref" && isDocument(node)) rename(this.#text, node, names, edits);
    for (const child of node.kind === "ref" ? writtenParts(node) : childrenOf(node)) this.#rename(child, names, edits);
  }
}

/** What a module imports of the language. */
export function dialectOf({ text, imports }: ModuleUnit): readonly string[] {
  const own = imports.filter((one) => !importsDocument(one)).map(({ start, end }) => text.slice(start, end));
  return [...new Set(own)].sort();
}

function childrenOf(node: Node): readonly Node[] {
  const found: Node[] = [];
  forEachChild(node, (child) => void found.push(child));
  return found;
}

/** True for refs below `data` and `input`. */
function isDocument({ parts: [root] }: Ref): boolean {
  return root?.kind === "var" && isRoot(root.name);
}

function isRoot(name: string): boolean {
  return name === "data" || name === "input";
}

/** The parts that a ref is written with, but for its name. */
function writtenParts({ parts, start }: Ref): readonly Node[] {
  return parts.filter((part, at) => at > 0 && part.start > start);
}

/** The path that the first name of a ref stands for, where names are those of `globals`. */
function rename(text: string, ref: Ref, globals: Globals, edits: TextEdit[]): void {
  const [name] = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(ref.start, ref.end)) ?? [];
  const path = name === undefined ? undefined : globals.get(name);
  if (name === undefined || isRoot(name) || path === undefined) return;
  edits.push({ range: { start: ref.start, end: ref.start + name.length }, newText: printRef(path) });
}

/** True for refs whose keys are constants and other such refs. */
function isClosedRef({ parts }: Ref): boolean {
  return parts.every((part, at) => at === 0 || isScalar(part) || (part.kind === "ref" && isDocument(part) && isClosedRef(part)));
}

/** Which values may stand in the place of a ref. */
type Folds = "none" | "scalars" | "all";

/** True for a small value that is not taken together with what stands before it. */
function fits(value: string, folds: Folds, before: string): boolean {
  const isCollection = /^[[{]|^set\(/u.test(value);
  if (value.length > longestValue || (isCollection && folds !== "all")) return false;
  return !/^[-[{]/u.test(value) || /(?:[(,=<>]|\bin)\s*$/u.test(before);
}

const told = new Set(["print", "trace"]);

function tells(branch: RuleUnit): boolean {
  return nodesOf(branch).some((node) => contains(node, (one) => one.kind === "call" && told.has(calledFunction(one)!)));
}

const comparisons = new Set(["eq", "equal", "neq", "lt", "lte", "gt", "gte", "assign", "internal.member_2", "internal.member_3"]);

/** True for what can neither fail nor conflict: no function, no builtin but comparisons, and no rule but those that are known to have a value. */
function isQuiet(expr: Expr, around: Surroundings): boolean {
  return !contains(expr, (one) => {
    if (one.kind === "call") return !comparisons.has(calledFunction(one)!);
    return (
      one.kind === "ref" && one.parts[0]?.kind === "var" && one.parts[0].name === "data" && knownValue(one, around) === undefined
    );
  });
}

/** The value of a ref that comes to the same in every decision. */
function knownValue(ref: Ref, around: Surroundings): string | undefined {
  return isClosedRef(ref) && around.known.reads(ref) ? around.valueOf(printRef(ref.parts)) : undefined;
}

const indexed = new Set(["assign", "eq", "equal", "startswith", "glob.match", "internal.member_2", "internal.member_3"]);

/** True for what OPA may index rules by. */
function isIndexed({ body }: Expr): boolean {
  return body.kind === "some" || (body.kind === "call" && indexed.has(calledFunction(body)!));
}

/** The range of an expression with the parentheses around it. */
function rangeOf(expr: Expr): Range {
  const grouped = "grouped" in expr.body ? expr.body.grouped : undefined;
  return { start: Math.min(expr.start, grouped?.start ?? expr.start), end: Math.max(expr.end, grouped?.end ?? expr.end) };
}

/** A part of a text with those edits that lie in it. */
function sliced(text: string, { start, end }: Range, edits: readonly TextEdit[]): string {
  const inside = edits.filter(({ range }) => range.start >= start && range.end <= end);
  return withEdits(
    text.slice(start, end),
    inside.map(({ range, newText }) => ({ range: { start: range.start - start, end: range.end - start }, newText })),
  );
}
