// Coverage in OPA's shape: which expressions and rule heads an evaluation reached, as ranges and as lines.
import type { Checked, CheckedModule } from "#analysis/rego/checked.ts";
import { callTerm, exprOf, isEmptyBody } from "#analysis/rego/tree/make.ts";
import { calledName } from "#analysis/rego/tree/vars.ts";
import { closureBodies, forEachChild, type Node, walkBody } from "#analysis/rego/tree/walk.ts";
import type { CompileRequest } from "#compiler/compile.ts";
import { branchesOf } from "#compiler/plan/rule-index.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { firstIndex } from "#grammars/first-index.ts";
import type { Body, Expr, Module, Range, Rule } from "#grammars/rego/ast.ts";
import type { RowCol } from "#grammars/text/lines.ts";
import { coveredPlaces, type PlacedRange } from "./covered-places.ts";
import type { StepCount } from "./instance.ts";
import { testCaseBuiltin, withTestCases } from "./test-cases.ts";
import { isUnplaced } from "./unplaced.ts";

/** In the order of OPA's passes. */
export const coverageKinds = ["index_excluded", "early_exit"] as const;

export type CoverageKind = (typeof coverageKinds)[number];

export interface CoveredRange extends PlacedRange {
  /** Why it was not reached: what would have been reached without OPA's rule index, and without its early exits. */
  readonly kinds?: readonly CoverageKind[];
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

/** A module compiled with `markHeads` and `coverageRequest`, and what its evaluations counted. */
export interface Counted {
  readonly module: EmittedModule;
  readonly counts: readonly StepCount[];
}

/** How a module is compiled whose counts say what OPA's interpreter reaches; with a kind what it would reach without that. */
export function coverageRequest(kind?: CoverageKind): Pick<CompileRequest, "watch" | "indexing" | "earlyExit"> {
  return { watch: "counts", indexing: kind === "index_excluded" ? "never" : "always", earlyExit: kind !== "early_exit" };
}

/** The modules with a step at the end of each rule body: it is reached when the rule applies. */
export function markHeads(checked: Checked): Checked {
  return withTestCases(checked, (rule) => (isPlainDefault(rule) ? rule : marked(rule)));
}

/** A default whose value is there without being evaluated. */
function isPlainDefault(rule: Rule): boolean {
  return rule.default && (rule.body === undefined || isEmptyBody(writtenBody(rule)));
}

function marked(rule: Rule): Rule {
  return branchesOf(rule).reduceRight<Rule>((below, branch) => {
    const place = markerPlace(branch);
    const call = exprOf(callTerm(testCaseBuiltin, [{ kind: "array", ...place, items: [] }], place), place, { generated: true });
    return { ...branch, body: [...(branch.body ?? []), call], else: branch.else === undefined ? undefined : below };
  }, rule);
}

/** Where the marker of a rule stands: no expression of the source is empty, so the place is its own. */
export function markerPlace({ chained, head, start }: Rule): Range {
  const place = chained ? start : Math.min(head.start, start);
  return { start: place, end: place };
}

/** What counts say; the kinds of what was not reached come from the counts of the same evaluations without the index or early exits. */
export function coverageOf(checked: Checked, counted: Counted, others: ReadonlyMap<CoverageKind, Counted> = new Map()): Coverage {
  const reached = reachedRanges(checked, counted);
  const reachedBeside = [...others].map(([kind, other]) => [kind, reachedRanges(checked, other)] as const);
  const files: Record<string, FileCoverage> = {};
  let covered = 0;
  let missing = 0;
  for (const [at, module] of checked.modules.entries()) {
    const beside = reachedBeside.map(([kind, ranges]) => [kind, ranges[at]!] as const);
    const found = fileCoverage(reached[at]!, missingRanges(module, reached[at]!, beside));
    files[module.file] = found;
    covered += found.covered_lines ?? 0;
    missing += found.not_covered_lines ?? 0;
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { files: sorted, covered_lines: covered, not_covered_lines: missing, coverage: percent(covered, missing) };
}

/** The coverage of all files but some. */
export function coverageWithout(coverage: Coverage, left: ReadonlySet<string>): Coverage {
  const files = Object.entries(coverage.files).filter(([file]) => !left.has(file));
  const sum = (of: (file: FileCoverage) => number | undefined): number =>
    files.reduce((all, [, file]) => all + (of(file) ?? 0), 0);
  const covered = sum((file) => file.covered_lines);
  const missing = sum((file) => file.not_covered_lines);
  const percentage = percent(covered, missing);
  return { files: Object.fromEntries(files), covered_lines: covered, not_covered_lines: missing, coverage: percentage };
}

/** Of each module. */
function reachedRanges(checked: Checked, { module, counts }: Counted): readonly (readonly CoveredRange[])[] {
  const reached = new Map<string, StepCount>();
  for (const [at, { location, whole }] of module.steps.entries()) {
    const count = counts[at];
    if (whole || count === undefined) continue;
    const key = `${location.file}:${location.row}:${location.col}-${location.endRow}:${location.endCol}`;
    const before = reached.get(key) ?? { reached: 0, passed: 0 };
    reached.set(key, { reached: before.reached + count.reached, passed: before.passed + count.passed });
  }
  return checked.modules.map((one) => {
    const index = module.files.indexOf(one.file);
    return new ReachedRanges(one, (key) => reached.get(`${index}:${key}`)).ranges();
  });
}

function percent(covered: number, missing: number): number {
  return covered + missing === 0 ? 0 : (100 * covered) / (covered + missing);
}

class ReachedRanges {
  private readonly places: ReturnType<typeof coveredPlaces>;
  private readonly source: Module;
  private readonly compiled: Module;
  private readonly count: (key: string) => StepCount | undefined;
  private readonly covered = new Map<string, CoveredRange>();

  constructor(module: CheckedModule, count: (key: string) => StepCount | undefined) {
    this.places = coveredPlaces(module);
    this.source = module.source;
    this.compiled = module.module;
    this.count = count;
  }

  ranges(): readonly CoveredRange[] {
    const { source, compiled } = this;
    for (const rule of compiled.rules) for (const branch of branchesOf(rule)) this.branch(branch, branch !== rule);
    // The stages add rules behind those of the source and keep their order.
    for (const [at, rule] of source.rules.entries()) {
      const branches = branchesOf(compiled.rules[at] ?? rule);
      for (const [below, branch] of branchesOf(rule).entries()) {
        // What a head asks for takes the place of the `true`.
        const isEmpty = isEmptyBody(writtenBody(branches[below] ?? branch));
        if (branch.body === undefined && isEmpty && this.applied(branch)) this.cover(generatedBody(branch, branch !== rule));
      }
    }
    return [...this.covered.values()].sort(byPlace);
  }

  private branch(rule: Rule, isElse: boolean): void {
    const applied = this.applied(rule);
    if (applied) this.cover(headPlace(rule, isElse));
    if (isPlainDefault(rule)) return;
    // The `true` that stands for a missing body has the place of the head.
    const body = writtenBody(rule).filter((expr) => expr.start !== rule.head.start || expr.end !== rule.head.end);
    this.body(body, applied, isElse ? rule : undefined);
  }

  /**
   * `ended`: whether the body was true at least once, so that each expression was reached; undefined where no marker tells. `branch`: the
   * `else` whose body it is.
   */
  private body(body: Body, ended: boolean | undefined, branch?: Rule): void {
    const firsts = new Map(body.map(({ start, end }, at) => [`${start}:${end}`, at] as const).reverse());
    let next = false;
    // From the end: an expression without a step of its own was reached when one behind it was.
    for (let at = body.length - 1; at >= 0; at--) {
      const expr = body[at]!;
      const step = this.stepOf(expr);
      const before = at === 0 ? undefined : this.stepOf(body[at - 1]!);
      const reached: boolean =
        ended === true || (step === undefined ? next || (ended === undefined && (before?.passed ?? 0) > 0) : step.reached > 0);
      if (reached && !isUnplaced(this.source, expr)) this.cover(placeIn(branch, expr));
      // What stands at the place of an expression before it, as the annotations that a head asks for, has the same step.
      next ||= reached && firsts.get(`${expr.start}:${expr.end}`) === at;
      forEachChild(expr, (child) => this.below(child));
    }
  }

  /** The bodies of comprehensions and the like. */
  private below(node: Node): void {
    const bodies = closureBodies(node);
    if (bodies.length === 0) return forEachChild(node, (child) => this.below(child));
    for (const body of bodies) this.body(body, undefined);
    if (node.kind === "every") this.below(node.domain);
  }

  /** The steps of an expression stand at its own place, or at that of the call in it. */
  private stepOf(expr: Expr): StepCount | undefined {
    const { body } = expr;
    return this.countAt(expr) ?? (body.kind === "call" ? this.countAt(body) : undefined);
  }

  /** A plain default value is looked for at the place of its rule, where no marker stands. */
  private applied(rule: Rule): boolean {
    return (this.countAt(isPlainDefault(rule) ? rule : markerPlace(rule))?.reached ?? 0) > 0;
  }

  private countAt(place: Range): StepCount | undefined {
    return this.count(keyOf(this.places.written(place)));
  }

  private cover(place: Range): void {
    const range = this.places.told(place);
    this.covered.set(keyOf(range), range);
  }
}

/** What the source has and was not reached. */
function missingRanges(
  module: CheckedModule,
  reached: readonly CoveredRange[],
  beside: readonly (readonly [CoverageKind, readonly CoveredRange[]])[],
): readonly CoveredRange[] {
  const places = coveredPlaces(module);
  const isReached = holderOf(reached);
  const reasons = beside.map(([kind, ranges]) => [kind, holderOf(ranges)] as const);
  const missing = new Map<string, CoveredRange>();
  const miss = (place: Range): void => {
    const range = places.told(place);
    if (isReached(range)) return;
    const kinds = reasons.flatMap(([kind, isReachedSo]) => (isReachedSo(range) ? [kind] : []));
    missing.set(keyOf(range), kinds.length === 0 ? range : { ...range, kinds });
  };
  // A constant in a hole of a template string is text for OPA, and no expression.
  const texts = new Set<Node>();
  const missIn = (body: Body, apart?: Node, branch?: Rule): void =>
    walkBody(body, (node) => {
      if (node.kind === "templateString")
        for (const part of node.parts) if (part.kind === "expr" && isText(part)) texts.add(part);
      if (node.kind === "expr" && node.body !== apart && node.body.kind !== "some" && !texts.has(node))
        miss(placeIn(branch, node));
      return undefined;
    });
  for (const rule of module.source.rules) {
    for (const branch of branchesOf(rule)) {
      const isElse = branch !== rule;
      miss(headPlace(branch, isElse));
      if (branch.body === undefined) miss(generatedBody(branch, isElse));
      else missIn(branch.body, undefined, isElse ? branch : undefined);
      for (const term of [branch.head.key, branch.head.value]) if (term !== undefined) missIn([exprOf(term, term)], term);
    }
  }
  return [...missing.values()].sort(byPlace);
}

function isText({ body, with: modifiers }: Expr): boolean {
  return modifiers.length === 0 && scalars.has(body.kind);
}

const scalars: ReadonlySet<string> = new Set(["null", "boolean", "number", "string"]);

function fileCoverage(covered: readonly CoveredRange[], missing: readonly CoveredRange[]): FileCoverage {
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

/** The body without the marker. */
function writtenBody({ body }: Rule): Body {
  return (body ?? []).filter((expr) => !(expr.generated === true && calledName(expr) === testCaseBuiltin));
}

/** An expression that is the body of an `else` without braces has the place of what is left of the chain. */
function placeIn(branch: Rule | undefined, expr: Expr): Range {
  return branch !== undefined && expr.start === branch.start ? { start: branch.start, end: branch.end } : expr;
}

/** The head of an `else` begins with that word; that of a further body is the body with its braces. */
function headPlace({ chained, head, start, end }: Rule, isElse: boolean): Range {
  if (chained) return { start, end };
  return isElse ? { start, end: head.end } : head;
}

/** Where OPA places the `true` of a rule without a body: its value, the word `default`, the name of a set, an `else` as a whole. */
function generatedBody({ default: isDefault, head, start }: Rule, isElse: boolean): Range {
  if (isDefault) return { start, end: start + "default".length };
  if (isElse) return { start, end: head.end };
  return head.contains ? head.reference : (head.value ?? head);
}

function keyOf({ start, end }: CoveredRange): string {
  return `${start.row}:${start.col}-${end.row}:${end.col}`;
}

/** Asks whether one of the ranges, which are in order, has all of another. */
function holderOf(ranges: readonly CoveredRange[]): (range: CoveredRange) => boolean {
  const furthest: RowCol[] = [];
  for (const { end } of ranges) {
    const before = furthest.at(-1);
    furthest.push(before !== undefined && isBefore(end, before) ? before : end);
  }
  return ({ start, end }) => {
    const reach = furthest[firstIndex(ranges.length, (at) => !isBefore(start, ranges[at]!.start)) - 1];
    return reach !== undefined && !isBefore(reach, end);
  };
}

function isBefore(a: RowCol, b: RowCol): boolean {
  return a.row < b.row || (a.row === b.row && a.col < b.col);
}

function byPlace(a: CoveredRange, b: CoveredRange): number {
  return a.start.row - b.start.row || a.start.col - b.start.col || a.end.row - b.end.row || a.end.col - b.end.col;
}

function linesOf(ranges: readonly CoveredRange[]): number {
  const rows = new Set<number>();
  for (const { start, end } of ranges) for (let row = start.row; row <= end.row; row++) rows.add(row);
  return rows.size;
}
