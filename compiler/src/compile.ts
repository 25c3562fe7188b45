// Checked modules → Wasm: the one place where the compiler's phases are chained.
import type { Checked } from "#analysis/rego/check.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Plan } from "./plan/ir.ts";
import { type PlanRequest, planModules, tooDeep } from "./plan/plan.ts";
import { type EmitOptions, type EmittedModule, emitModule } from "./wasm/emit.ts";

export interface CompileRequest extends PlanRequest {
  readonly build?: EmitOptions["build"];
  readonly watch?: EmitOptions["watch"];
}

export interface Compiled {
  readonly plan: Plan;
  /** Undefined when something could not be planned. */
  readonly module: EmittedModule | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the entrypoints and queries; modules with errors must not come here (`Checked.complete`). */
export function compile(checked: Checked, request: CompileRequest): Compiled {
  const options: EmitOptions = {
    build: request.build ?? "editor",
    ...(request.watch === undefined ? {} : { watch: request.watch }),
  };
  const { plan, diagnostics } = planModules(checked, request);
  if (diagnostics.length > 0) return { plan, module: undefined, diagnostics };
  try {
    return { plan, module: emitModule(plan, options), diagnostics };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { plan, module: undefined, diagnostics: [tooDeep("", { start: 0, end: 0 })] };
  }
}
