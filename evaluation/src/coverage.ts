// Coverage in OPA's shape: which expressions and rule heads an evaluation reached, as ranges and as lines.
import type { Checked } from "#analysis/rego/checked.ts";
import { callTerm, exprOf } from "#analysis/rego/tree/make.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { calledName, isUnification } from "#analysis/rego/tree/vars.ts";
import { closureBodies, forEachChild, type Node, walkBody } from "#analysis/rego/tree/walk.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Body, Expr, Module, Range, Rule, Term } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { StepCount } from "./instance.ts";
import { testCaseBuiltin, withTestCases } from "./test-cases.ts";

interface Position {
  readonly row: number;
  /** In code points, from 1. */
  readonly col: number;
}

export interface CoveredRange {
  readonly start: Position;
  readonly end: Position;
  /** Why an expression was not reached: `index_excluded`, its rule could not apply. */
  readonly kinds?: readonly string[];
}

export interface FileCoverage {
  readonly covered?: readonly CoveredRange[];
  readonly not_covered?: readonly CoveredRange[];
  readonly covered_lines?: number;
  readonly not_covered_lines?: number;
  readonly coverage?: number;
}

export interface Coverage {
  readonly files: Readonly<Record<string, FileCoverage>>;
  readonly covered_lines: number;
  readonly not_covered_lines: number;
  /** Percent of the lines. */
  readonly coverage: number;
}

/** The modules with a step at the end of each rule body: it is reached when the rule applies. */
export function markHeads(checked: Checked): Checked {
  return withTestCases(checked, (rule) => (rule.default ? rule : marked(rule)));
}

function marked(rule: Rule): Rule {
  return branchesOf(rule).reduceRight<Rule>((below, branch) => {
    const place = markerPlace(branch);
    const call = exprOf(callTerm(testCaseBuiltin, [{ kind: "array", ...place, items: [] }], place), place, { generated: true });
    return { ...branch, body: [...(branch.body ?? []), call], else: branch.else === undefined ? undefined : below };
  }, rule);
}

/** The rule and its `else` branches. */
function branchesOf(rule: Rule): readonly Rule[] {
  const found = [rule];
  for (let branch = rule.else; branch !== undefined; branch = branch.else) found.push(branch);
  return found;
}

/** Where the marker of a rule stands: no expression of the source is empty, so the place is its own. */
export function markerPlace({ head, start }: Rule): Range {
  return { start: Math.min(head.start, start), end: Math.min(head.start, start) };
}

/** What counts of a module compiled with `markHeads` say. */
export function coverageOf(checked: Checked, module: EmittedModule, counts: readonly StepCount[]): Coverage {
  const reached = new Map<string, StepCount>();
  for (const [at, { location, whole }] of module.steps.entries()) {
    const count = counts[at];
    if (whole || count === undefined) continue;
    const key = `${location.file}:${location.row}:${location.col}-${location.endRow}:${location.endCol}`;
    const before = reached.get(key) ?? { reached: 0, passed: 0 };
    reached.set(key, { reached: before.reached + count.reached, passed: before.passed + count.passed });
  }
  const files: Record<string, FileCoverage> = {};
  let covered = 0;
  let missing = 0;
  for (const one of checked.modules) {
    const index = module.files.indexOf(one.file);
    const found = new FileRanges(one.text, (key) => reached.get(`${index}:${key}`));
    found.module(one.source, one.module);
    const file = found.report();
    if (file.covered === undefined && file.not_covered === undefined) continue;
    files[one.file] = file;
    covered += file.covered_lines ?? 0;
    missing += file.not_covered_lines ?? 0;
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { files: sorted, covered_lines: covered, not_covered_lines: missing, coverage: percent(covered, missing) };
}

function percent(covered: number, missing: number): number {
  return covered + missing === 0 ? 0 : (100 * covered) / (covered + missing);
}

class FileRanges {
  private readonly lines: LineIndex;
  private readonly count: (key: string) => StepCount | undefined;
  private readonly covered = new Map<string, CoveredRange>();
  private readonly missing = new Map<string, CoveredRange>();

  constructor(text: string, count: (key: string) => StepCount | undefined) {
    this.lines = new LineIndex(text);
    this.count = count;
  }

  module(source: Module, compiled: Module): void {
    // The stages add rules behind those of the source and keep their order.
    for (const rule of compiled.rules) {
      for (const branch of branchesOf(rule)) if (!this.reachedBranch(branch, branch !== rule)) break;
    }
    for (const rule of source.rules) for (const branch of branchesOf(rule)) this.unreachedBranch(branch, branch !== rule);
  }

  /** False when the branches behind it count for nothing. */
  private reachedBranch(rule: Rule, isElse: boolean): boolean {
    if (rule.default) {
      if ((this.countAt(rule.head)?.reached ?? 0) > 0) this.cover(rule.head);
      return false;
    }
    if (this.excluding(rule.body ?? []).length > 0) return false;
    if (this.applied(rule)) this.cover(headPlace(rule, isElse));
    // The `true` that stands for a missing body has the place of the head.
    const body = writtenBody(rule).filter((expr) => expr.start !== rule.head.start || expr.end !== rule.head.end);
    this.reachedBody(body, this.applied(rule));
    return true;
  }

  /** `ended`: the body was true at least once. */
  private reachedBody(body: Body, ended: boolean): void {
    let next = ended;
    // From the end: an expression without a step of its own was reached when one behind it was.
    for (let at = body.length - 1; at >= 0; at--) {
      const expr = body[at]!;
      const step = this.stepOf(expr);
      const before = at === 0 ? undefined : this.stepOf(body[at - 1]!);
      const reached = step === undefined ? next || (before?.passed ?? 0) > 0 : step.reached > 0;
      if (reached) this.cover(expr);
      next ||= reached;
      forEachChild(expr, (child) => this.reachedBelow(child));
    }
  }

  /** The bodies of comprehensions and the like. */
  private reachedBelow(node: Node): void {
    const bodies = closureBodies(node);
    if (bodies.length === 0) return forEachChild(node, (child) => this.reachedBelow(child));
    for (const body of bodies) this.reachedBody(body, false);
    if (node.kind === "every") this.reachedBelow(node.domain);
  }

  /** The steps of an expression stand at its own place, or at that of the call in it. */
  private stepOf(expr: Expr): StepCount | undefined {
    const { body } = expr;
    return this.countAt(expr) ?? (body.kind === "call" ? this.countAt(body) : undefined);
  }

  private applied(rule: Rule): boolean {
    return (this.countAt(markerPlace(rule))?.reached ?? 0) > 0;
  }

  private unreachedBranch(rule: Rule, isElse: boolean): void {
    const generated = generatedBody(rule, isElse);
    if (rule.body === undefined && this.applied(rule)) this.cover(generated);
    this.miss(headPlace(rule, isElse), false);
    if (rule.body === undefined) this.miss(generated, false);
    else {
      const excluding = new Set<Expr>(this.excluding(rule.body));
      walkBody(rule.body, (node) => {
        if (node.kind === "expr" && node.body.kind !== "some") this.miss(node, excluding.has(node));
        return undefined;
      });
    }
    const { value } = rule.head;
    if (value !== undefined)
      walkBody([exprOf(value, value)], (node) => {
        if (node.kind === "expr" && node.body !== value && node.body.kind !== "some") this.miss(node, false);
        return undefined;
      });
  }

  /** Expressions for which a rule index passes a rule over: comparisons of documents with constants that never held. */
  private excluding(body: Body): readonly Expr[] {
    return body.filter((expr) => {
      const count = isIndexed(expr) ? this.stepOf(expr) : undefined;
      return count !== undefined && count.reached > 0 && count.passed === 0;
    });
  }

  private countAt(place: Range): StepCount | undefined {
    return this.count(keyOf(this.range(place)));
  }

  private cover(place: Range): void {
    const range = this.range(place);
    this.covered.set(keyOf(range), range);
  }

  private miss(place: Range, excluded: boolean): void {
    const range = this.range(place);
    const key = keyOf(range);
    if (!this.covered.has(key)) this.missing.set(key, excluded ? { ...range, kinds: ["index_excluded"] } : range);
  }

  private range(place: Range): CoveredRange {
    return { start: this.lines.rowCol(place.start), end: this.lines.rowColOfEnd(place.end) };
  }

  report(): FileCoverage {
    const covered = [...this.covered.values()].sort(byPlace);
    const missing = [...this.missing.values()].sort(byPlace);
    const coveredLines = linesOf(covered);
    const missingLines = linesOf(missing);
    return {
      ...(covered.length === 0 ? {} : { covered }),
      ...(missing.length === 0 ? {} : { not_covered: missing }),
      ...(coveredLines === 0 ? {} : { covered_lines: coveredLines }),
      ...(missingLines === 0 ? {} : { not_covered_lines: missingLines }),
      ...(coveredLines === 0 ? {} : { coverage: percent(coveredLines, missingLines) }),
    };
  }
}

/** The body without the marker. */
function writtenBody({ body }: Rule): Body {
  return (body ?? []).filter((expr) => !(expr.generated === true && calledName(expr) === testCaseBuiltin));
}

/** The head of an `else` begins with that word. */
function headPlace({ head, start }: Rule, isElse: boolean): Range {
  return isElse ? { start, end: head.end } : head;
}

/** Where OPA places the `true` of a rule without a body: its value, the word `default`, the name of a set, an `else` as a whole. */
function generatedBody({ default: isDefault, head, start }: Rule, isElse: boolean): Range {
  if (isDefault) return { start, end: start + "default".length };
  if (isElse) return { start, end: head.end };
  return head.contains ? head.reference : (head.value ?? head);
}

/** An equality of a document with a constant: what OPA's rule index looks at. */
function isIndexed(expr: Expr): boolean {
  if (expr.negated || expr.with.length > 0) return false;
  if (expr.body.kind === "ref") return isDocument(expr.body);
  if (expr.body.kind !== "call") return false;
  const [a, b] = expr.body.args;
  if (a === undefined || b === undefined) return false;
  const name = calledName(expr);
  if (!isUnification(expr) && name !== "equal") return false;
  return (isDocument(a) && isConstant(b)) || (isDocument(b) && isConstant(a));
}

function isDocument(term: Term): boolean {
  if (term.kind !== "ref") return false;
  const [root, ...rest] = term.parts;
  return root?.kind === "var" && root.name === "input" && rest.every((part) => isConstant(part));
}

function keyOf({ start, end }: CoveredRange): string {
  return `${start.row}:${start.col}-${end.row}:${end.col}`;
}

function byPlace(a: CoveredRange, b: CoveredRange): number {
  return a.start.row - b.start.row || a.start.col - b.start.col || a.end.row - b.end.row || a.end.col - b.end.col;
}

function linesOf(ranges: readonly CoveredRange[]): number {
  const rows = new Set<number>();
  for (const { start, end } of ranges) for (let row = start.row; row <= end.row; row++) rows.add(row);
  return rows.size;
}
