// `rw test --mutate`: each condition of the policies is changed, one at a time; which changes does no test notice?
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import type { Coverage } from "#evaluation/coverage.ts";
import { testHead } from "#evaluation/test-cases.ts";
import { type CompiledTests, compileTests, type FoundTest, type TestOptions } from "#evaluation/test-runner.ts";
import { type Change, type ChangeKind, type Condition, conditionsOf } from "#features/rego/conditions.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { StatementMemory } from "#grammars/rego/statement-memory.ts";
import { LineIndex, type RowCol } from "#grammars/text/lines.ts";

export interface MutationQuestion {
  /** The policies and tests as they are; all tests pass. */
  readonly modules: readonly ParsedModule[];
  /** Files of libraries, which are nobody's to test. */
  readonly library: ReadonlySet<string>;
  readonly coverage: Coverage | undefined;
  readonly options: TestOptions;
  /** The modules checked together; undefined when they have errors. */
  check(modules: readonly ParsedModule[]): Checked | undefined;
  /** Told before each condition. */
  progress(done: number, all: number): void;
}

/** A condition that the tests let be otherwise. */
export interface Unnoticed extends RowCol {
  readonly file: string;
  /** As it is written. */
  readonly condition: string;
  /** `unreached`: no test comes to it. */
  readonly change: ChangeKind | "unreached";
}

export interface MutationReport {
  readonly conditions: number;
  readonly unnoticed: readonly Unnoticed[];
}

interface Place {
  readonly at: number;
  readonly module: ParsedModule;
  readonly condition: Condition;
}

export function mutationCheck(question: MutationQuestion): MutationReport {
  const { modules, library, progress } = question;
  const places = modules.flatMap((module, at) =>
    library.has(module.file) || module.module.rules.some((rule) => testHead(rule) !== undefined)
      ? []
      : conditionsOf(module).map((condition): Place => ({ at, module, condition })),
  );
  const mutants = new Mutants(question);
  const unnoticed: Unnoticed[] = [];
  let conditions = 0;
  for (const [done, { at, module, condition }] of places.entries()) {
    progress(done, places.length);
    const { file, text } = module;
    const place = mutants.linesOf(module).rowCol(condition.range.start);
    const isExpression = condition.changes[0]?.kind !== "value";
    const isReached = !isExpression || reaches(question.coverage, file, place);
    const found = isReached ? mutants.survivor(at, condition) : "unreached";
    if (found === "unchangeable") continue;
    conditions++;
    const change = typeof found === "object" ? found.kind : found;
    if (change === undefined) continue;
    unnoticed.push({ file, ...place, condition: text.slice(condition.range.start, condition.range.end), change });
  }
  return { conditions, unnoticed };
}

/** True unless the coverage says that nothing reached what stands there. */
function reaches(coverage: Coverage | undefined, file: string, { row, col }: RowCol): boolean {
  return !(coverage?.files[file]?.not_covered ?? []).some(
    ({ start, end }) =>
      (row > start.row || (row === start.row && col >= start.col)) && (row < end.row || (row === end.row && col < end.col)),
  );
}

class Mutants {
  readonly #question: MutationQuestion;
  readonly #memories = new Map<ParsedModule, StatementMemory>();
  readonly #lines = new Map<ParsedModule, LineIndex>();
  /** Entrypoints of tests, those that noticed something last before the others. */
  #eager: readonly string[] = [];

  constructor(question: MutationQuestion) {
    this.#question = question;
  }

  linesOf(module: ParsedModule): LineIndex {
    return kept(this.#lines, module, () => new LineIndex(module.text));
  }

  /** The first change that no test notices; `unchangeable` when none of them compiles. */
  survivor(at: number, { changes }: Condition): Change | undefined | "unchangeable" {
    let tried = false;
    for (const change of changes) {
      const tests = this.#compiled(at, change);
      if (tests === undefined) continue;
      tried = true;
      if (!this.#isNoticed(tests)) return change;
    }
    return tried ? undefined : "unchangeable";
  }

  #compiled(at: number, { range, newText }: Change): CompiledTests | undefined {
    const { modules, check, options } = this.#question;
    const before = modules[at]!;
    const { file, version, text } = before;
    const memory = kept(this.#memories, before, () => new StatementMemory());
    const mutated = text.slice(0, range.start) + newText + text.slice(range.end);
    const parsed = parseModule(mutated, { file, version, isBuiltin: isBuiltinName, memory });
    if (parsed.diagnostics.length > 0) return undefined;
    const checked = check(modules.with(at, parsed));
    const tests = checked && compileTests(checked, options);
    return tests?.instance === undefined ? undefined : tests;
  }

  #isNoticed({ tests, run }: CompiledTests): boolean {
    const eagerness = new Map(this.#eager.map((entrypoint, at) => [entrypoint, at]));
    const rank = ({ entrypoint }: FoundTest): number => eagerness.get(entrypoint) ?? this.#eager.length;
    for (const test of [...tests].sort((a, b) => rank(a) - rank(b))) {
      const { outcome } = run(test);
      if (outcome === "pass" || outcome === "skip") continue;
      this.#eager = [test.entrypoint, ...this.#eager.filter((one) => one !== test.entrypoint)].slice(0, 50);
      return true;
    }
    return false;
  }
}

function kept<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** A line for each, and how many the tests know. */
export function mutationText(report: MutationReport): string {
  const { conditions, unnoticed } = report;
  const lines = unnoticed.map(
    ({ file, row, col, condition, change }) => `${file}:${row}:${col}: ${oneLine(condition)}: ${sentenceOf(change, condition)}\n`,
  );
  const tested = conditions - unnoticed.length;
  const share = conditions === 0 ? "" : ` (${percentOf(report).toFixed(1)} %)`;
  return `${lines.join("")}${tested} of ${conditions} conditions are tested${share}\n`;
}

function sentenceOf(change: Unnoticed["change"], condition: string): string {
  switch (change) {
    case "dropped":
      return "no test fails without it";
    case "turned":
      return "no test fails when it is the other way round";
    case "value":
      return `no test fails when it is ${condition === "true" ? "false" : "true"}`;
    case "unreached":
      return "no test reaches it";
  }
}

/** Of the conditions those that tests know; all of none. */
export function percentOf({ conditions, unnoticed }: MutationReport): number {
  return conditions === 0 ? 100 : (100 * (conditions - unnoticed.length)) / conditions;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
