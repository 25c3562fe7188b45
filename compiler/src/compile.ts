// Checked modules → Wasm: the one place where the compiler's phases are chained.
import type { Checked } from "#analysis/rego/checked.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { stackIsTooSmall } from "#grammars/text/stack.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import type { Plan } from "./plan/ir.ts";
import { type PlanRequest, planSteps, tooDeep } from "./plan/plan.ts";
import { PlanMemory } from "./plan/plan-memory.ts";
import { type EmitOptions, type EmittedModule, emitSteps, TooMuchCode } from "./wasm/emit.ts";
import { EmitMemory } from "./wasm/emit-memory.ts";

export interface CompileRequest extends Omit<PlanRequest, "marked"> {
  readonly build?: EmitOptions["build"];
  readonly watch?: EmitOptions["watch"];
  readonly earlyExit?: EmitOptions["earlyExit"];
}

export interface Compiled {
  readonly plan: Plan;
  /** Undefined when something could not be planned. */
  readonly module: EmittedModule | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What compilations of one policy under edits share. */
interface Memory {
  readonly plans: PlanMemory;
  readonly code: EmitMemory;
}

/** Compiles the entrypoints and queries; modules with errors must not come here (`Checked.complete`). */
export function compile(checked: Checked, request: CompileRequest): Compiled {
  return finish(compileSteps(checked, request));
}

/** `compile` with pauses. */
export function compileSteps(checked: Checked, request: CompileRequest): Steps<Compiled> {
  return compileWith(checked, request, { plans: new PlanMemory(), code: new EmitMemory() });
}

/**
 * Compiles a policy again and again, for editors: functions whose rules an edit left as they were keep their plan and their code. The
 * modules decide as those of `compile`. One compilation is finished or dropped before the next one begins.
 */
export class IncrementalCompiler {
  #memory: Memory | undefined;
  #builtins: Checked["builtins"] | undefined;
  /** The size from which on most of the memory is not used any more. */
  #worn = 0;

  compile(checked: Checked, entrypoints: readonly string[]): Compiled {
    return finish(this.compileSteps(checked, entrypoints));
  }

  /** `compile` with pauses. */
  *compileSteps(checked: Checked, entrypoints: readonly string[]): Steps<Compiled> {
    if (this.#memory === undefined || this.#builtins !== checked.builtins || sizeOf(this.#memory) > this.#worn) {
      this.#memory = { plans: new PlanMemory(true), code: new EmitMemory(true) };
      this.#builtins = checked.builtins;
      this.#worn = Number.POSITIVE_INFINITY;
    }
    const compiled = yield* compileWith(checked, { entrypoints }, this.#memory);
    if (this.#worn === Number.POSITIVE_INFINITY) this.#worn = sizeOf(this.#memory) + roomForEdits;
    return compiled;
  }
}

/** Less than the room that instances leave below the data they keep. */
const roomForEdits = 48 * 1024;

function sizeOf({ plans, code }: Memory): number {
  return code.size + plans.size;
}

function* compileWith(checked: Checked, request: CompileRequest, { plans, code }: Memory): Steps<Compiled> {
  const options: EmitOptions = {
    build: request.build ?? "editor",
    ...(request.watch === undefined ? {} : { watch: request.watch }),
    ...(request.earlyExit === undefined ? {} : { earlyExit: request.earlyExit }),
  };
  const { plan, diagnostics } = yield* planSteps(checked, { ...request, marked: request.watch === "marks" }, plans);
  if (diagnostics.length > 0) return { plan, module: undefined, diagnostics };
  try {
    return { plan, module: yield* emitSteps(plan, options, code), diagnostics };
  } catch (error) {
    if (error instanceof TooMuchCode) return { plan, module: undefined, diagnostics: [tooMuchCode(error.message)] };
    if (!(error instanceof RangeError)) throw error;
    stackIsTooSmall();
    return { plan, module: undefined, diagnostics: [tooDeep("", { start: 0, end: 0 })] };
  }
}

function tooMuchCode(document: string): Diagnostic {
  const message = `${document} goes through too many packages and rules to be compiled: split it into several rules`;
  return { file: "", range: { start: 0, end: 0 }, severity: "error", code: "rw_limit_error", message };
}
