// What is debugged: a query or tests of a project, compiled to tell their course.
import type { Checked } from "#analysis/rego/checked.ts";
import { compileSteps } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { courseRequest } from "#evaluation/course.ts";
import { Explained } from "#evaluation/explanation-text.ts";
import { announceCases, withTestCases } from "#evaluation/test-cases.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { packagesWithRepeatedTests, type RuleTest } from "../tests.ts";
import { Places } from "./places.ts";
import { readQuery } from "./queries.ts";

export interface Subject {
  readonly project: Project;
  readonly checked: Checked;
  readonly module: EmittedModule;
  readonly explained: Explained;
  readonly places: Places;
  /** What is evaluated, one behind the other, and what it is called. */
  readonly runs: readonly { readonly entrypoint: string; readonly name: string }[];
  /** Of a query: what the variables of its solutions are called, where they are more than wildcards. */
  readonly results: ReadonlyMap<string, string>;
  /** The text of the query; none for tests. */
  readonly query: string;
}

type Prepared = Subject | { readonly problem: string };

const queryName = "query";

/** A query, read in the package and with the imports of a policy. */
export function* querySubject(project: Project, text: string, file: SourceFile | undefined): Steps<Prepared> {
  const needed = yield* checkedFor(project, text);
  if ("problem" in needed) return needed;
  const read = readQuery(needed, text, file && project.parsed(file).module, true);
  if ("problem" in read) return { problem: `the query: ${read.problem}` };
  const { parsed, query } = read;
  const checked = withTestCases(needed, (rule) => rule);
  const compiled = yield* compileSteps(checked, { queries: [{ name: queryName, text, query }], ...courseRequest });
  if (compiled.module === undefined) return { problem: compiled.diagnostics[0]?.message ?? "the query cannot be compiled" };
  const names = new Map([...query.writtenNames, ...query.vars]);
  const explained = new Explained(checked, compiled.module.files, { text, body: query.body, names });
  const captured = parsed.body.flatMap(({ start, end }) => {
    const name = query.captures.get(start);
    return name === undefined ? [] : [[name, text.slice(start, end)] as const];
  });
  return {
    project,
    checked,
    module: compiled.module,
    explained,
    places: new Places(checked, explained, { text, body: parsed.body }),
    runs: [{ entrypoint: queryName, name: text }],
    results: new Map([...query.vars, ...captured]),
    query: text,
  };
}

/** Test rules, one behind the other; those with one name are tests of their own. */
export function* testSubject(project: Project, tests: readonly RuleTest[]): Steps<Prepared> {
  const repeated = packagesWithRepeatedTests(project);
  const isNumbered = tests.some((test) => repeated.has(test.package));
  const entrypoints = tests.map(({ path }) => entrypointName(path));
  const needed = yield* project.compilation.checkedSteps(entrypoints, isNumbered);
  if ("problem" in needed) return needed;
  const checked = announceCases(needed);
  const { module, diagnostics } = yield* compileSteps(checked, { entrypoints, ...courseRequest });
  if (module === undefined) return { problem: diagnostics[0]?.message ?? "the tests cannot be compiled" };
  const explained = new Explained(checked, module.files);
  return {
    project,
    checked,
    module,
    explained,
    places: new Places(checked, explained, undefined),
    runs: tests.map(({ path }) => ({ entrypoint: entrypointName(path), name: path })),
    results: new Map(),
    query: "",
  };
}

/** All policies, or those that a path leads to where others have errors. */
export function* checkedFor(project: Project, query: string): Steps<Checked | { readonly problem: string }> {
  const { failure } = project.compilation;
  if (failure === undefined) return yield* project.checkedSteps();
  if (!/^data(?:\.\w+)+$/u.test(query.trim())) return failure;
  return yield* project.compilation.checkedSteps([entrypointName(query.trim())]);
}
