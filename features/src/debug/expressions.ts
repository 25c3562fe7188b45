// Expressions that are asked in a frame: compiled by the same engine as a query of their own, in which the frame's variables have their values.
import { varsOfBody } from "#analysis/rego/tree/vars.ts";
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { readRegoText } from "#evaluation/rego-text.ts";
import { RegoObject, RegoSet, type Value } from "#evaluation/value.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { isPlainName } from "#grammars/rego/print-terms.ts";
import { readQuery } from "./queries.ts";
import type { Subject } from "./subject.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where an expression is asked. */
export interface AskedIn {
  /** The file whose package and imports count. */
  readonly file: string;
  /** Name → value as Rego text. */
  readonly locals: ReadonlyMap<string, string>;
  readonly surroundings: Surroundings;
}

/** A module, and what `opa.runtime` gives in it. */
export interface Asked {
  readonly key: string;
  readonly module: EmittedModule;
  readonly entrypoint: string;
  readonly runtime: string;
}

const entrypoint = "query";
const resultName = "value";
const member = "locals";
/** Compiled expressions that are kept. */
const most = 64;

let made = 0;

type Compiled = { readonly key: string; readonly module: EmittedModule } | { readonly problem: string };

/** The expressions of one session. */
export class Expressions {
  readonly #subject: Subject;
  readonly #compiled = new Map<string, Compiled>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  ask(text: string, { file, locals, surroundings }: AskedIn): Asked | { readonly problem: string } {
    const parsed = parseQuery(text, { file: "" });
    if (text.trim() === "") return { problem: "there is no expression" };
    const fault = parsed.diagnostics.find(({ severity }) => severity === "error");
    if (fault !== undefined) return { problem: fault.message };
    const used = [...varsOfBody(parsed.body).keys()].filter((name) => locals.has(name) && isPlainName(name));
    const values = new Map([...used.map((name) => [name, locals.get(name)!] as const), ...surroundings.values]);
    const { modifiers } = surroundings;
    const bound = [...values.keys()].map((name) => `${name} := opa.runtime().${member}["${name}"]; `).join("");
    const compiled = this.#compile(
      `${file}\n${bound}${text}\n${modifiers}`,
      file,
      `${bound}${resultName} := (${text}\n)${modifiers}`,
      `${bound}${resultName} := count([1 | ${text}\n]) > 0${modifiers}`,
    );
    if ("problem" in compiled) return compiled;
    const fields = [...values].map(([name, value]) => `"${name}": ${value}`).join(", ");
    return { ...compiled, entrypoint, runtime: `{"${member}": {${fields}}}` };
  }

  /** The text as an expression, else as a condition; what is wrong with it as a condition, which it is as it stands, where it is neither. */
  #compile(key: string, file: string, expression: string, condition: string): Compiled {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const first = this.#module(expression, file);
    const compiled = "problem" in first ? this.#module(condition, file) : first;
    if (this.#compiled.size >= most) this.#compiled.clear();
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #module(text: string, file: string): Compiled {
    const { checked } = this.#subject;
    const source = checked.modules.find((one) => one.file === file)?.source;
    const read = readQuery(checked, text, source);
    if ("problem" in read) return read;
    const { query } = read;
    const { module, diagnostics } = compile(checked, { queries: [{ name: entrypoint, text, query }] });
    return module === undefined
      ? { problem: diagnostics[0]?.message ?? "the expression cannot be compiled" }
      : { key: `debug:${made++}`, module };
  }
}

/** The value in the solutions that such a query has given as Rego text. */
export function valueOfSolutions(text: string): Value | undefined {
  const solutions = readRegoText(text);
  const [first] =
    solutions instanceof RegoSet ? solutions.items : Array.isArray(solutions) ? (solutions as readonly Value[]) : [];
  return first instanceof RegoObject ? first.get(resultName) : undefined;
}
