// Why a rule is what it is: its clauses with the expressions that held and those that did not, and the rules that these asked.

import type { Checked } from "#analysis/rego/checked.ts";
import { compileSteps } from "#compiler/compile.ts";
import { branchesOf } from "#compiler/plan/rule-index.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import { type ExplainedEvent, explain } from "#evaluation/explanation.ts";
import { Explained } from "#evaluation/explanation-text.ts";
import { failureAt } from "#evaluation/failure-text.ts";
import type { HeardMark, LookedAt } from "#evaluation/heard-marks.ts";
import { withTestValues } from "#evaluation/test-values.ts";
import type { Expr, Range, Rule } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { entrypointName } from "./live.ts";
import { type Declared, namesOf } from "./rego/project-names.ts";

export interface TracedRule {
  readonly module: EmittedModule;
  readonly lookedAt: LookedAt;
  /** The lines that tell why, from the marks of one evaluation. */
  why(heard: readonly HeardMark[]): readonly string[];
}

/** Rules within rules are told so deep. */
const deepest = 5;

/** The module in which a rule tells its course; a problem where it cannot be evaluated. */
export function* tracedRule(project: Project, path: string): Steps<TracedRule | { readonly problem: string }> {
  const entrypoints = [entrypointName(path)];
  const needed = yield* project.compilation.checkedSteps(entrypoints);
  if ("problem" in needed) return needed;
  const checked = withTestValues(needed, (rule) => !rule.default);
  // Every clause is tried, also where the rule index, or a clause before it, would leave it out.
  const request = { entrypoints, ...courseRequest, indexing: "never", earlyExit: false } as const;
  const { module } = yield* compileSteps(checked, request);
  if (module === undefined) return { problem: "the policies cannot be compiled" };
  const course = new CourseListener(module);
  const why = (heard: readonly HeardMark[]): readonly string[] => {
    course.reset();
    course.replay(heard);
    return new Why(project, checked, new Explained(checked, module.files), explain(course.reached, "full")).lines(path);
  };
  return { module: { ...module, marks: [] }, lookedAt: module.marks.map(({ names }) => names.length), why };
}

/** What became of one compiled expression: how often it was asked and failed, and its place in its body. */
interface Part {
  readonly range: Range;
  readonly index: number;
  asked: number;
  failed: number;
  last: ExplainedEvent;
}

class Why {
  readonly #project: Project;
  readonly #checked: Checked;
  readonly #explained: Explained;
  /** By file. */
  readonly #parts = new Map<string, Part[]>();
  readonly #inner = new Set<number>();
  readonly #entered = new Set<string>();
  readonly #held = new Set<string>();

  constructor(project: Project, checked: Checked, explained: Explained, events: readonly ExplainedEvent[]) {
    this.#project = project;
    this.#checked = checked;
    this.#explained = explained;
    for (const event of events) this.#note(event);
  }

  #note(event: ExplainedEvent): void {
    const { op, node } = event;
    const file = this.#explained.fileOf(event);
    if (node.kind === "rule") {
      const key = `${file}:${node.rule.start}`;
      if (op === "Enter") this.#entered.add(key);
      if (op === "Exit") this.#held.add(key);
    }
    // What stands within an expression, below `not` or in a comprehension, is told with it.
    if (op === "Enter" && node.kind === "body") this.#inner.add(event.query);
    if (node.kind !== "expr" || (op !== "Eval" && op !== "Fail") || this.#inner.has(event.query)) return;
    const range = this.#explained.rangeOf(event);
    const parts = this.#parts.get(file) ?? [];
    this.#parts.set(file, parts);
    let part = parts.find((one) => one.range.start === range.start && one.range.end === range.end && one.index === node.index);
    if (part === undefined) {
      part = { range, index: node.index, asked: 0, failed: 0, last: event };
      parts.push(part);
    }
    if (op === "Eval") part.asked += 1;
    else {
      part.failed += 1;
      part.last = event;
    }
  }

  lines(path: string): readonly string[] {
    const names = namesOf(this.#project);
    if (names.rule(path).length > 0) return this.#rule(path, [], "");
    // Of a package each of its rules.
    return [...names.rulesUnder(path)].flatMap(([own, clauses]) =>
      clauses[0]!.rule.head.args === undefined ? this.#rule(own, [], "") : [],
    );
  }

  /** A rule with its clauses; of those told already the name alone. */
  #rule(path: string, above: readonly string[], indent: string): readonly string[] {
    const clauses = namesOf(this.#project).rule(path);
    const title = `${indent}${path.replace(/^data\./u, "")}`;
    if (above.includes(path) || above.length >= deepest) return [`${title} …`];
    const holds = clauses.some(
      ({ rule, file }) => !rule.default && branchesOf(rule).some(({ start }) => this.#held.has(`${file.path}:${start}`)),
    );
    const told = clauses.flatMap((clause) => this.#clause(clause, [...above, path], `${indent}  `, holds));
    return [title, ...told];
  }

  #clause({ rule, file }: Declared, above: readonly string[], indent: string, holds: boolean): readonly string[] {
    const { row } = new LineIndex(file.text).rowCol(rule.start);
    const place = `${relative(this.#project.root, file.path)}:${row}`;
    if (rule.default) return [`${indent}${holds ? "○" : "✓"} ${place} default`];
    const out: string[] = [];
    for (const branch of branchesOf(rule)) {
      const key = `${file.path}:${branch.start}`;
      const mark = this.#held.has(key) ? "✓" : this.#entered.has(key) || this.#isAsked(file.path, branch) ? "✗" : "○";
      out.push(`${indent}${mark} ${branch === rule ? place : `else`}`);
      for (const expr of branch.body ?? []) out.push(...this.#expression(expr, branch, file, above, `${indent}  `));
    }
    return out;
  }

  #isAsked(file: string, { body = [] }: Rule): boolean {
    return body.some((expr) => this.#partsOf(file, expr).length > 0);
  }

  #partsOf(file: string, { start, end }: Range): readonly Part[] {
    return (this.#parts.get(file) ?? []).filter(({ range }) => start <= range.start && range.end <= end);
  }

  #expression(expr: Expr, branch: Rule, file: SourceFile, above: readonly string[], indent: string): readonly string[] {
    const written = expr.start < branch.head.end ? { start: expr.body.start, end: expr.end } : expr;
    const parts = this.#partsOf(file.path, written);
    const text = file.text.slice(written.start, written.end);
    const last = parts.toSorted((a, b) => a.index - b.index).at(-1);
    const [first = "", ...rest] = text.split("\n");
    const mark = last === undefined ? "○" : last.asked > last.failed ? "✓" : "✗";
    const head = [`${indent}${mark} ${first}`, ...rest.map((line) => `${indent}  ${line.trimStart()}`)];
    if (mark !== "✗" || last === undefined) return head;
    const behind = this.#rulesIn(written, file);
    const values = failureAt(this.#checked, this.#explained, last.last)?.values ?? [];
    // What a rule is, is told below it.
    const told = values.filter(
      ({ title, value }) => text.includes(title) && (value !== "undefined" || !(behind.has(title) || isRootName(title))),
    );
    const named = told.map(({ title, value }) => (title === text ? value : `${title} is ${value}`));
    const seen = named.length === 0 && behind.size === 0 ? ["undefined"] : named;
    const why = seen.length === 0 ? [] : [`${indent}    ${seen.join(", ")}`];
    return [...head, ...why, ...[...behind.values()].flatMap((path) => this.#rule(path, above, `${indent}  `))];
  }

  /** The rules of the project that an expression names, by what is written. */
  #rulesIn({ start, end }: Range, file: SourceFile): ReadonlyMap<string, string> {
    const names = namesOf(this.#project);
    const found = new Map<string, string>();
    for (const { range, meaning } of names.names(file).occurrences) {
      if (meaning.kind !== "place" || !meaning.last || range.start < start || range.end > end) continue;
      const path = names.ruleBehind(meaning.path);
      const isOwn = path !== undefined && names.rule(path).some((one) => this.#project.files.has(one.file.path));
      if (isOwn && ![...found.values()].includes(path)) found.set(file.text.slice(range.start, range.end), path);
    }
    return found;
  }
}
