// The modules that one moment of a project is compiled to: for entrypoints, what they lead to and nothing else.
import type { Checked } from "#analysis/rego/checked.ts";
import { type Compiled, compileSteps, IncrementalCompiler } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { coverageRequest, markHeads } from "#evaluation/coverage.ts";
import { announceCases, numberTests } from "#evaluation/test-cases.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { rulePath } from "./config.ts";
import type { Kept } from "./kept.ts";
import { relative } from "./paths.ts";
import { refersTo, type Scopes } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";

export interface CompiledProject {
  readonly module: EmittedModule;
  /** Another module has another key. */
  readonly key: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiled so that its evaluations count. */
export interface CountingProject extends CompiledProject {
  readonly checked: Checked;
}

/** The sentence that says why policies cannot be evaluated. */
export interface NotCompiled {
  readonly problem: string;
  /** The first error, where they have some. */
  readonly fault?: Diagnostic;
}

let nextModule = 1;

const isError = (found: Diagnostic): boolean => found.severity === "error";

/** What of a project is compiled. */
interface Source {
  readonly root: string;
  readonly policies: readonly SourceFile[];
  readonly modules: readonly ParsedModule[];
  /** The modules whose text has faults. */
  readonly broken: readonly ParsedModule[];
  readonly checked: Checked;
  readonly scopes: Scopes<ParsedModule>;
  /** Packages of policies that are too large to be checked with the others. */
  readonly largePackages: readonly string[];
  readonly find: (path: string) => SourceFile | undefined;
  checkedSteps(): Steps<Checked>;
  /** Some modules alone, as if the project had no others. */
  checkAlone(modules: readonly ParsedModule[]): Steps<Checked>;
  /** Computes a value once for this moment of the project. */
  onceInSteps<T>(key: string, steps: () => Steps<T>): Steps<T>;
}

export class Compilation {
  readonly #project: Source;
  readonly #kept: Kept;

  constructor(project: Source, kept: Kept) {
    this.#project = project;
    this.#kept = kept;
  }

  /** Why the policies cannot be compiled all together; undefined where they can. */
  get failure(): NotCompiled | undefined {
    const { policies, broken, checked } = this.#project;
    const fault = broken.flatMap(({ diagnostics }) => diagnostics).find(isError);
    const isRead = policies.every(({ unreadable }) => unreadable === undefined);
    if (isRead && fault === undefined && checked.complete) return undefined;
    return this.#errorsSuchAs(fault ?? checked.diagnostics.find(isError));
  }

  /** The module with these entrypoints (`storage/allow`). */
  module(entrypoints: readonly string[]): CompiledProject | NotCompiled {
    return finish(this.moduleSteps(entrypoints));
  }

  /** `module` with pauses; one of a project is finished or dropped before the next one begins. */
  moduleSteps(entrypoints: readonly string[]): Steps<CompiledProject | NotCompiled> {
    return this.#project.onceInSteps(`compiled:${keyOf(entrypoints)}`, () => this.#compile(entrypoints));
  }

  /** `moduleSteps` where each test rule is one of its own: of those with one name the second is `p/test_x#01`. */
  numberedTestsSteps(entrypoints: readonly string[]): Steps<CompiledProject | NotCompiled> {
    return this.#project.onceInSteps(`numbered:${keyOf(entrypoints)}`, () => this.#compile(entrypoints, true));
  }

  *#compile(entrypoints: readonly string[], numbered = false): Steps<CompiledProject | NotCompiled> {
    const checked = yield* this.checkedSteps(entrypoints, numbered);
    if ("problem" in checked) return checked;
    // What is kept knows rules by their text, and numbered tests have another name than that.
    const compiler = (numbered ? undefined : this.#kept.compiler) ?? new IncrementalCompiler();
    if (!numbered) this.#kept.compiler = compiler;
    return compiledProject(yield* compiler.compileSteps(announceCases(checked), entrypoints));
  }

  /** `moduleSteps` whose evaluations count the steps that they reach; where one clause of a rule is true, the others are asked all the same. */
  *countedSteps(entrypoints: readonly string[]): Steps<CompiledProject | NotCompiled> {
    const checked = yield* this.checkedSteps(entrypoints);
    if ("problem" in checked) return checked;
    const request = { entrypoints, ...coverageRequest("early_exit") };
    return compiledProject(yield* compileSteps(markHeads(checked), request));
  }

  /** `moduleSteps` whose evaluations count what OPA's interpreter reaches, and the policies as they were compiled for that. */
  *coverageSteps(entrypoints: readonly string[], numbered: boolean): Steps<CountingProject | NotCompiled> {
    const found = yield* this.checkedSteps(entrypoints, numbered);
    if ("problem" in found) return found;
    const checked = markHeads(found);
    const compiled = compiledProject(yield* compileSteps(checked, { entrypoints, ...coverageRequest() }));
    return "problem" in compiled ? compiled : { ...compiled, checked };
  }

  /** The checked policies that entrypoints lead to, whatever errors others have. */
  *checkedSteps(entrypoints: readonly string[], numbered = false): Steps<Checked | NotCompiled> {
    const { scopes, modules: all } = this.#project;
    const needed = scopes.closureOfPaths(entrypoints.map(rulePath));
    const broken = [...needed].flatMap(({ diagnostics }) => diagnostics).find(isError);
    if (broken !== undefined) return this.#errorsSuchAs(broken);
    const large = this.#largeAmong(needed);
    if (large !== undefined) return large;
    const modules = all.filter((parsed) => needed.has(parsed));
    const checked = yield* numbered ? this.#project.checkAlone(numberTests(modules)) : this.#checkedOnly(modules);
    if (!checked.complete) return this.#errorsSuchAs(checked.diagnostics.find(isError));
    const files = new Set(modules.map(({ file }) => file));
    return { ...checked, modules: checked.modules.filter(({ file }) => files.has(file)) };
  }

  /** Those of the paths that errors keep from being evaluated, with why; the others can be compiled together. */
  *stoppedSteps(paths: readonly string[]): Steps<ReadonlyMap<string, NotCompiled>> {
    const { scopes, modules, broken, largePackages } = this.#project;
    const stopped = new Map<string, NotCompiled>();
    let checked = yield* this.#project.checkedSteps();
    if (checked.complete && broken.length === 0 && largePackages.length === 0) return stopped;
    const reasons = new Map<ParsedModule, NotCompiled>();
    const blame = (parsed: ParsedModule | undefined, why: NotCompiled): void => {
      if (parsed === undefined) return;
      for (const one of scopes.leadingTo(parsed)) if (!reasons.has(one)) reasons.set(one, why);
    };
    for (const parsed of broken) {
      const fault = parsed.diagnostics.find(isError);
      if (fault !== undefined) blame(parsed, this.#errorsSuchAs(fault));
    }
    for (const parsed of modules) {
      const large = this.#largeAmong([parsed]);
      if (large !== undefined) blame(parsed, large);
    }
    const open = new Set(paths);
    // Checking ends with the first stage that finds errors: what is left without their files may have others.
    for (;;) {
      const faults = checked.diagnostics.filter(isError);
      for (const fault of faults)
        blame(
          modules.find(({ file }) => file === fault.file),
          this.#errorsSuchAs(fault),
        );
      const before = open.size;
      for (const path of open) {
        const stop = scopes.at(path).find((parsed) => reasons.has(parsed));
        if (stop === undefined) continue;
        stopped.set(path, reasons.get(stop)!);
        open.delete(path);
      }
      if (open.size === 0 || checked.complete) return stopped;
      const left = scopes.closureOfPaths([...open]);
      const next = yield* this.#checkedOnly(modules.filter((parsed) => left.has(parsed)));
      if (next === checked && open.size === before) {
        for (const path of open) stopped.set(path, this.#errorsSuchAs(faults[0]));
        return stopped;
      }
      checked = next;
    }
  }

  #largeAmong(modules: Iterable<ParsedModule>): NotCompiled | undefined {
    const large = this.#project.largePackages.find((name) => [...modules].some((parsed) => refersTo(parsed, name)));
    return large === undefined ? undefined : { problem: `the file of ${large} is too large to be evaluated while typing` };
  }

  /** Only some modules, where others have errors. */
  *#checkedOnly(modules: readonly ParsedModule[]): Steps<Checked> {
    const all = yield* this.#project.checkedSteps();
    if (all.complete || modules.length === this.#project.modules.length) return all;
    const files = modules.map(({ file }) => file);
    return yield* this.#project.onceInSteps(`checked:${keyOf(files)}`, () => this.#project.checkAlone(modules));
  }

  #errorsSuchAs(fault: Diagnostic | undefined): NotCompiled {
    const file = fault && this.#project.find(fault.file);
    if (fault === undefined || file === undefined) return { problem: "the policies have errors" };
    const { row } = new LineIndex(file.text).rowCol(fault.range.start);
    const place = `${relative(this.#project.root, fault.file)}:${row}`;
    return { problem: `the policies have errors: ${place}: ${fault.message.split("\n")[0]}`, fault };
  }
}

function compiledProject({ module, diagnostics }: Compiled): CompiledProject | NotCompiled {
  if (module === undefined) return { problem: diagnostics[0]?.message ?? "the policies cannot be compiled" };
  return { module, key: `module:${nextModule++}`, diagnostics };
}

function keyOf(names: readonly string[]): string {
  return [...names].sort().join(" ");
}
