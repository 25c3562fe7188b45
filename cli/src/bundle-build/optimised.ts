// Policies of a bundle optimised for its entrypoints: written anew by what our own module decides before there is any input.
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked, CheckOptions } from "#analysis/rego/checked.ts";
import { formatPolicy } from "#analysis/rego/fmt.ts";
import type { RuleUnit } from "#analysis/rego/rule-units.ts";
import { type OptimiseRequest, optimise } from "#bundles/optimise/optimise.ts";
import { type BundledFile, optimisedFiles } from "#bundles/optimise/optimised-files.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { readRegoText, writeRegoText } from "#evaluation/rego-text.ts";
import { RegoObject, RegoSet, type Value } from "#evaluation/value.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { systemTime } from "../system-time.ts";

export interface OptimisedPolicies {
  /** All policies; those that nothing was done to are the same ones as before. */
  readonly modules: readonly ParsedModule[];
  /** Entrypoints that no input decides. */
  readonly undecided: readonly string[];
}

interface Request {
  readonly modules: readonly ParsedModule[];
  readonly entrypoints: readonly string[];
  readonly roots: readonly string[];
  /** The base document as JSON. */
  readonly data: string;
  readonly options: CheckOptions;
}

/** What cannot be written anew stays as it is. */
export function optimisedPolicies(checked: Checked, request: Request): OptimisedPolicies {
  const { options } = request;
  const kept = new Set<RuleUnit>();
  const before = new Map(request.modules.map((module) => [module.file, module]));
  const evaluate: OptimiseRequest["evaluate"] = (terms, imports) => evaluated(request, terms, imports);
  for (;;) {
    const optimised = optimise(checked, { ...request, evaluate, kept });
    const files = optimisedFiles(checked, optimised).map(inNewDialect);
    const modules = files.map((file) => {
      const source = before.get(file.file);
      return source !== undefined && source.text === file.text ? source : parseModule(file.text, file);
    });
    const faults = modules.flatMap(({ diagnostics }) => diagnostics);
    if (faults.length === 0) faults.push(...checkModules(modules, options).diagnostics);
    const wrong = faults.filter(({ severity }) => severity === "error");
    if (wrong.length === 0) return { modules, undecided: optimised.undecided };
    const refused = wrong.flatMap((fault) => writtenAt(fault, files));
    // What others do not take is no fault of one rule.
    if (refused.every((unit) => kept.has(unit))) return { modules: request.modules, undecided: optimised.undecided };
    for (const unit of refused) kept.add(unit);
  }
}

/** A file that was written anew, as one that v0 and v1 read alike where its rules are those of v0. */
function inNewDialect(file: BundledFile): BundledFile {
  if (file.places === undefined || file.version !== "v0") return file;
  const fmt = formatPolicy(file.text, { file: file.file, from: "v0", version: "v0", upTo: "v1" });
  // What is refused is told of when it is read.
  if ("refused" in fmt) return file;
  return { ...file, text: fmt.text, places: [{ units: file.places.flatMap(({ units }) => units), end: fmt.text.length }] };
}

/** The rules that a fault is in. */
function writtenAt({ file, range }: Diagnostic, files: readonly BundledFile[]): readonly RuleUnit[] {
  const { places = [] } = files.find((one) => one.file === file) ?? {};
  return places.find(({ end }) => range.start < end)?.units ?? places.at(-1)?.units ?? [];
}

/** The values of terms, as Rego text; those that are undefined or cannot be evaluated are not among them. */
function evaluated(
  { modules, data, options }: Request,
  terms: readonly string[],
  imports: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const asked = checkedTerms(modules, options, terms, imports);
  const { module } = compile(asked.checked, { entrypoints: asked.terms.map((_, at) => entrypointOf(at)) });
  if (module === undefined) return values;
  const instance = createInstance(module, { now: systemTime });
  if (instance.setData(data) !== undefined) return values;
  for (const [at, term] of asked.terms.entries()) {
    const outcome = instance.evaluate(entrypointOf(at), undefined, { format: "rego", strictBuiltinErrors: true, fuel: longest });
    const value = outcome.kind === "result" ? only(readRegoText(outcome.text)) : undefined;
    if (value !== undefined) values.set(term, writeRegoText(value));
  }
  return values;
}

/** The policies with a rule for each term: in queries OPA compiles some terms otherwise. Terms that no rule can have are left out. */
function checkedTerms(
  modules: readonly ParsedModule[],
  options: CheckOptions,
  terms: readonly string[],
  imports: readonly string[],
): { readonly checked: Checked; readonly terms: readonly string[] } {
  const file = "";
  const header = [`package ${home}`, ...imports, ""].join("\n\n");
  const sound = terms.filter((term, at) => parseModule(`${header}${nameOf(at)} := ${term}\n`, { file }).diagnostics.length === 0);
  let text = header;
  const ends = sound.map((term, at) => {
    text += `\n${nameOf(at)} := ${term}\n`;
    return text.length;
  });
  const checked = checkModules([...modules, parseModule(text, { file })], options);
  const wrong = new Set(
    checked.diagnostics.filter((one) => one.file === file).map(({ range }) => ends.findIndex((end) => range.start < end)),
  );
  if (wrong.size === 0) return { checked, terms: sound };
  return checkedTerms(
    modules,
    options,
    sound.filter((_, at) => !wrong.has(at)),
    imports,
  );
}

/** A package that policies have no reason to have. */
const home = "optimised_values";

function nameOf(at: number): string {
  return `v${at}`;
}

function entrypointOf(at: number): string {
  return `${home}/${nameOf(at)}`;
}

/** Steps that a value may take. */
const longest = 100_000_000n;

/** The value of the one variable in the one solution. */
function only(solutions: Value): Value | undefined {
  const [solution] = solutions instanceof RegoSet ? solutions.items : [];
  return solution instanceof RegoObject ? solution.entries[0]?.[1] : undefined;
}
