// What does not depend on anything unknown: the compiled module says what it comes to.
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import { callTerm, exprOf, refTerm, stringTerm, unification, varTerm } from "#analysis/rego/tree/make.ts";
import { compile } from "#compiler/compile.ts";
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { exprKey } from "#grammars/rego/term-key.ts";
import { createInstance, type EvaluateOptions, type EvaluationError, type Instance, type InstanceOptions } from "../instance.ts";
import { readRegoText } from "../rego-text.ts";
import { RegoObject, RegoSet, type Value } from "../value.ts";
import { nowhere, termOf } from "./values.ts";

export interface KnownOptions {
  /** JSON texts. */
  readonly data: string;
  readonly input: string | undefined;
  readonly instance: InstanceOptions;
  readonly evaluate: EvaluateOptions;
}

/** A solution: the terms of the variables that were asked for, by their names. */
export type Solution = ReadonlyMap<string, Term>;

const entrypoint = "known";
const result = "__known__";

export class Known {
  /** What ended an evaluation: nothing that comes after counts. */
  failure: EvaluationError | undefined;
  /** What was printed meanwhile. */
  readonly prints: string[] = [];
  readonly #checked: Checked;
  readonly #options: KnownOptions;
  readonly #builtins = new Map<string, Instance | undefined>();
  readonly #solved = new Map<string, readonly Solution[]>();

  constructor(checked: Checked, options: KnownOptions) {
    this.#checked = checked;
    this.#options = options;
  }

  /** Notes when nobody waits any more. */
  look(): void {
    if (this.#options.evaluate.cancelled?.() === true)
      this.failure ??= { code: "eval_cancel_error", message: "caller cancelled query execution", place: undefined };
  }

  /** What a builtin gives for constants. */
  called(name: string, args: readonly Term[]): readonly Term[] {
    const key = `${name}/${args.length}`;
    if (!this.#builtins.has(key)) this.#builtins.set(key, this.#calling(name, args.length));
    const instance = this.#builtins.get(key);
    if (instance === undefined) return [];
    return this.#run(instance, `[${args.map(printTerm).join(", ")}]`).map((solution) => solution.get(result)!);
  }

  /** The value of a term without variables; `undefined` where it has none. */
  value(term: Term): Term | undefined {
    const [solution] = this.solutions([unification(varTerm(result, nowhere), term)], [result]);
    return solution?.get(result);
  }

  /** All solutions of a body for variables in it. */
  solutions(body: Body, names: readonly string[]): readonly Solution[] {
    const key = `${names.join()}|${body.map(exprKey).join("\n")}`;
    let solved = this.#solved.get(key);
    if (solved === undefined) {
      const instance = this.#instance(body, names, true);
      solved = instance === undefined ? [] : this.#run(instance, this.#options.input);
      this.#solved.set(key, solved);
    }
    return solved;
  }

  #calling(name: string, count: number): Instance | undefined {
    const args = Array.from({ length: count }, (_, at): Term => varTerm(`__arg${at}__`, nowhere));
    const input = refTerm([varTerm("input", nowhere)], nowhere);
    const given = args.map((arg, at): Expr => {
      const index: Term = { kind: "number", text: String(at), ...nowhere };
      return unification(arg, refTerm([...input.parts, index], nowhere));
    });
    const call = exprOf(callTerm(name, [...args, varTerm(result, nowhere)], nowhere), nowhere, { generated: true });
    return this.#instance([...given, call], [result], false);
  }

  #instance(body: Body, names: readonly string[], hasData: boolean): Instance | undefined {
    const vars = new Map(names.map((name) => [name, name]));
    const query: CheckedQuery = { body, vars, writtenNames: new Map(), captures: new Map(), diagnostics: [] };
    const { module, diagnostics } = compile(this.#checked, { queries: [{ name: entrypoint, text: "", query }] });
    if (module === undefined) {
      const [fault] = diagnostics;
      this.failure ??= {
        code: "eval_internal_error",
        message: fault?.message ?? "the query cannot be compiled",
        place: undefined,
      };
      return undefined;
    }
    const instance = createInstance(module, this.#options.instance);
    const fault = hasData ? instance.setData(this.#options.data) : undefined;
    if (fault === undefined) return instance;
    this.failure ??= { code: "eval_internal_error", message: fault.message, place: undefined };
    return undefined;
  }

  #run(instance: Instance, input: string | undefined): readonly Solution[] {
    const outcome = instance.evaluate(entrypoint, input, { ...this.#options.evaluate, format: "rego" });
    this.prints.push(...outcome.prints.map(({ line }) => line));
    if (outcome.kind === "error") {
      this.failure ??= outcome.error;
      return [];
    }
    const found = readRegoText(outcome.text);
    const solutions: readonly Value[] = found instanceof RegoSet ? found.items : Array.isArray(found) ? found : [];
    return solutions.map(
      (one) => new Map(one instanceof RegoObject ? one.entries.map(([name, value]) => [String(name), termOf(value)]) : []),
    );
  }
}

/** A part of a path as a text. */
export function textPart(text: string): Term {
  return stringTerm(text, nowhere);
}
