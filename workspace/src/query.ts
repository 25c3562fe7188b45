// A query typed by hand, asked in the package and with the imports of a policy.
import { checkQuery } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import type { NotCompiled } from "./compilation.ts";
import type { Project } from "./project.ts";
import type { SourceFile } from "./source-file.ts";

export const queryEntrypoint = "query";

export interface CompiledQuery {
  readonly module: EmittedModule;
  /** True when the solutions bind `value` to what the expression gives; false for bindings of the query's own variables. */
  readonly expression: boolean;
}

/** Compiles a query; an expression is asked for its value, anything else for its bindings. */
export function compileQuery(project: Project, text: string, file: SourceFile | undefined): CompiledQuery | NotCompiled {
  const { failure } = project.compilation;
  if (failure !== undefined) return failure;
  const asExpression = compileText(project, `value := (${text}\n)`, file);
  if ("module" in asExpression) return { module: asExpression.module, expression: true };
  const asQuery = compileText(project, text, file);
  return "module" in asQuery ? { module: asQuery.module, expression: false } : asQuery;
}

function compileText(
  project: Project,
  text: string,
  file: SourceFile | undefined,
): { readonly module: EmittedModule } | { readonly problem: string } {
  const parsed = parseQuery(text, { file: "query" });
  const fault = parsed.diagnostics.find((found) => found.severity === "error");
  if (fault !== undefined) return { problem: fault.message };
  const module = file === undefined ? undefined : project.parsed(file).module;
  const query = checkQuery(project.checked, parsed, {
    printing: true,
    ...(module?.package === undefined ? {} : { package: module.package, imports: module.imports }),
  });
  const wrong = query.diagnostics.find((found) => found.severity === "error");
  if (wrong !== undefined) return { problem: wrong.message };
  const compiled = compile(project.checked, { queries: [{ name: queryEntrypoint, text, query }] });
  if (compiled.module === undefined) return { problem: compiled.diagnostics[0]?.message ?? "the query cannot be compiled" };
  return { module: compiled.module };
}
