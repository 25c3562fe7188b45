// The whole pipeline for one case: modules, query, data and input in; solutions or an error out.
import { type Builtin, unnamed } from "#analysis/rego/builtins/builtin.ts";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { NULL, STRING } from "#analysis/rego/types/type.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type EvaluationError } from "#evaluation/instance.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type ExactJson, readExact } from "./exact-json.ts";

export interface EngineCase {
  readonly modules: readonly { readonly file: string; readonly text: string; readonly version: RegoVersion }[];
  /** A query body, always v1. */
  readonly query: string;
  readonly dataJson: string;
  /** JSON or the text of a Rego term; undefined for no input. */
  readonly input: string | undefined;
  readonly strictBuiltinErrors: boolean;
}

export interface EngineFault {
  readonly code: string;
  readonly message: string;
  readonly row: number;
  readonly col: number;
}

export type EngineOutcome =
  | { readonly kind: "solutions"; readonly solutions: readonly ExactJson[]; readonly regoText: string }
  | { readonly kind: "compileError"; readonly errors: readonly EngineFault[] }
  | { readonly kind: "evaluationError"; readonly error: EvaluationError }
  | { readonly kind: "unsupported"; readonly what: string };

/** A builtin that only the kit's run knows; the clock stands still during an evaluation, so there is nothing to wait for. */
const sleep: Builtin = {
  name: "test.sleep",
  description: "Waits.",
  args: [unnamed(STRING)],
  result: unnamed(NULL),
  where: "host",
  family: "test",
};

/** One fixed clock and seed, as the kits ask for: a day on which the certificates of the cases hold. */
const now = 1_790_000_000_000_000_000n;

/** Names that the cases look up, answered as a hosts file does. */
const lookup = (name: string): { readonly addresses: readonly string[] } | { readonly fault: string } =>
  name === "localhost" ? { addresses: ["127.0.0.1"] } : { fault: `lookup ${name}: no such host` };

/** Runs a case; a crash of ours is a wrong answer, not the end of the run. */
export function evaluateCase(one: EngineCase): EngineOutcome {
  try {
    return evaluate(one);
  } catch (error) {
    const message = `crash: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: "evaluationError", error: { code: "eval_internal_error", message, place: undefined } };
  }
}

function evaluate(one: EngineCase): EngineOutcome {
  const parsed = one.modules.map(({ file, text, version }) => parseModule(text, { file, version }));
  const syntax = parsed.flatMap((module) => module.diagnostics);
  if (syntax.length > 0) return compileError(syntax, one);
  // As in OPA's library, prints are erased unless they are asked for.
  const checked = checkModules(parsed, { extraBuiltins: [sleep] });
  if (!checked.complete) return compileError(checked.diagnostics, one);
  const parsedQuery = parseQuery(one.query, { file: "" });
  const query = checkQuery(checked, parsedQuery);
  const faults = [...parsedQuery.diagnostics, ...query.diagnostics];
  if (faults.length > 0) return compileError(faults, one);
  const compiled = compile(checked, { queries: [{ name: "case", text: one.query, query }] });
  if (compiled.module === undefined) return compileError(compiled.diagnostics, one);
  const instance = createInstance(compiled.module, { now: () => now, ports: { lookup }, builtins: { "test.sleep": () => null } });
  const dataFault = instance.setData(one.dataJson);
  if (dataFault !== undefined)
    return { kind: "evaluationError", error: { code: "eval_internal_error", message: dataFault.message, place: undefined } };
  const options = { now, seed: 1, strictBuiltinErrors: one.strictBuiltinErrors, fuel: 50_000_000n };
  const outcome = instance.evaluate("case", one.input, { ...options, format: "rego" });
  if (outcome.kind === "error") {
    const missing = /^not supported yet: (.*)$/.exec(outcome.error.message)?.[1];
    return missing === undefined ? { kind: "evaluationError", error: outcome.error } : { kind: "unsupported", what: missing };
  }
  // Numbers such as `.5` have no JSON: then only the Rego text tells what came out.
  const json = instance.evaluate("case", one.input, options);
  const solutions = json.kind === "error" ? [{}] : (readExact(json.text) as readonly ExactJson[]);
  return { kind: "solutions", solutions, regoText: outcome.text };
}

function compileError(diagnostics: readonly Diagnostic[], one: EngineCase): EngineOutcome {
  const unsupported = diagnostics.find((diagnostic) => diagnostic.code === "rw_unsupported");
  if (unsupported !== undefined) return { kind: "unsupported", what: unsupported.message };
  const texts = new Map(one.modules.map(({ file, text }) => [file, new LineIndex(text)]));
  const query = new LineIndex(one.query);
  return {
    kind: "compileError",
    errors: diagnostics
      .filter((diagnostic) => diagnostic.severity === "error")
      .map(({ code, message, file, range }) => ({ code, message, ...(texts.get(file) ?? query).rowCol(range.start) })),
  };
}
