// Why a test failed: the expression that failed last and the values it saw, told from a second run that notes its steps.
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { markHeads } from "#evaluation/coverage.ts";
import type { HeardStep, LookedAt } from "#evaluation/heard-steps.ts";
import { Tracer, traceRequest } from "#evaluation/trace.ts";
import { failureLines, lastFailed } from "#evaluation/trace-text.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";

export interface TestFailure {
  readonly file: string;
  readonly range: Range;
  /** The expression with the values below it, as `rw test --var-values` shows them. */
  readonly lines: readonly string[];
}

export interface TracedTests {
  readonly module: EmittedModule;
  readonly lookedAt: LookedAt;
  failureOf(steps: readonly HeardStep[]): TestFailure | undefined;
}

/** The module in which tests tell their steps; undefined where the project cannot be compiled as a whole. */
export function tracedTests(project: Project, entrypoints: readonly string[]): TracedTests | undefined {
  if (!project.checked.complete) return undefined;
  const checked = markHeads(project.checked);
  const { module } = compile(checked, { entrypoints, ...traceRequest });
  if (module === undefined) return undefined;
  const tracer = new Tracer(checked, module);
  const failureOf = (steps: readonly HeardStep[]): TestFailure | undefined => {
    tracer.reset();
    tracer.replay(steps);
    const events = tracer.finish();
    const failed = lastFailed(events);
    if (failed?.expr === undefined) return undefined;
    const { start, end } = failed.expr;
    // The first line is the place, which is told beside them.
    const [, ...lines] = failureLines(events, (file) => project.find(file)?.text);
    return { file: failed.file, range: { start, end }, lines };
  };
  return { module, lookedAt: tracer.lookedAt, failureOf };
}
