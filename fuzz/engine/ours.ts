// Our answer to a random program: the whole package as one decision.
import { setImmediate } from "node:timers/promises";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { canonical, type ExactJson, readExact } from "../../scripts/conformance/exact-json.ts";
import type { FuzzProgram } from "./program.ts";

export type Answer =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly code: string; readonly message: string }
  | { readonly kind: "refused"; readonly message: string };

/** In steps, so that the oracle's answers are taken in between. */
export async function evaluateOurs(one: FuzzProgram): Promise<Answer> {
  const parsed = one.texts.map((text, at) => parseModule(text, { file: `${one.package}-${at}.rego`, version: "v1" }));
  await setImmediate();
  const checked = checkModules(parsed, { printing: true });
  const diagnostics = [...parsed.flatMap((module) => module.diagnostics), ...checked.diagnostics];
  const fault = diagnostics.find(({ severity }) => severity === "error");
  if (fault !== undefined || !checked.complete) return { kind: "refused", message: `${fault?.code}: ${fault?.message}` };
  await setImmediate();
  const compiled = compile(checked, { entrypoints: [one.package] });
  if (compiled.module === undefined)
    return { kind: "error", code: "rw_unsupported", message: compiled.diagnostics[0]?.message ?? "" };
  await setImmediate();
  const instance = createInstance(compiled.module, { now: () => 0n });
  instance.setData(`{${JSON.stringify(one.package)}:${one.data}}`);
  const outcome = instance.evaluate(one.package, one.input, { fuel: 20_000_000n });
  if (outcome.kind === "error") return { kind: "error", code: outcome.error.code, message: outcome.error.message };
  const [solution] = readExact(outcome.text) as readonly { readonly result: ExactJson }[];
  return solution === undefined ? { kind: "undefined" } : { kind: "value", text: canonical(solution.result) };
}
