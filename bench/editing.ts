// What a person waits for after an edit, as the editor does it: the new text read and checked by what it can have touched,
// compiled, and decided on data that is loaded already.
import { readFileSync, writeFileSync } from "node:fs";
import { checkModules } from "#analysis/rego/check.ts";
import { IncrementalCheck } from "#analysis/rego/incremental.ts";
import { compile, IncrementalCompiler } from "#compiler/compile.ts";
import type { EmitOptions, EmittedModule } from "#compiler/wasm/emit.ts";
import { createInstance, type Instance, takeOverData } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { StatementMemory } from "#grammars/rego/statement-memory.ts";

export function compileFiles(
  files: readonly string[],
  entrypoints: readonly string[],
  build: EmitOptions["build"],
): EmittedModule {
  const checked = checkModules(files.map((file) => parseModule(readFileSync(file, "utf8"), { file })));
  const { module, diagnostics } = compile(checked, { entrypoints, build });
  const problem = [...checked.diagnostics, ...diagnostics][0];
  if (module === undefined || problem !== undefined) throw new Error(problem?.message ?? "not compiled");
  return module;
}

export function changed(file: string, text: string): void {
  writeFileSync(file, text);
}

/** One policy under edits: each appends a comment with a new number, so that no cache of whole texts can answer. */
export class Editing {
  readonly #check = new IncrementalCheck();
  readonly #compiler = new IncrementalCompiler();
  readonly #memory = new StatementMemory();
  readonly #file: string;
  readonly #text: string;
  readonly #data: string;
  readonly #entrypoint: string;
  readonly #input: string;
  #count = 0;
  #instance: Instance | undefined;

  constructor(file: string, data: string, entrypoint: string, input: string) {
    this.#file = file;
    this.#text = readFileSync(file, "utf8");
    this.#data = data;
    this.#entrypoint = entrypoint;
    this.#input = input;
  }

  /** From the changed text to the answer. */
  edit(): string {
    const text = `${this.#text}\n# edit ${this.#count++}\n`;
    const checked = this.#check.check([parseModule(text, { file: this.#file, memory: this.#memory })]);
    const { module, diagnostics } = this.#compiler.compile(checked, [this.#entrypoint]);
    const problem = [...checked.diagnostics, ...diagnostics][0];
    if (module === undefined || problem !== undefined) throw new Error(problem?.message ?? "not compiled");
    const instance = this.#load(module);
    const outcome = instance.evaluate(this.#entrypoint, this.#input);
    if (outcome.kind === "error") throw new Error(outcome.error.message);
    return outcome.text;
  }

  #load(module: EmittedModule): Instance {
    const options = { now: () => 0n };
    const kept = this.#instance && takeOverData(this.#instance, module, options);
    this.#instance = kept ?? createInstance(module, options);
    if (kept === undefined) this.#instance.setData(this.#data);
    return this.#instance;
  }
}
