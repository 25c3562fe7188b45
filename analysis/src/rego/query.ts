// Checks a query as OPA's query compiler does.
import type { Body } from "#grammars/rego/ast.ts";
import { rootNames } from "#grammars/rego/nodes.ts";
import type { ParsedQuery } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { type Captures, captureValues } from "./captures.ts";
import type { Checked, CheckedQuery, QueryOptions } from "./checked.ts";
import type { Compilation } from "./compilation.ts";
import { placed } from "./problem.ts";
import { isGenerated, isWildcard, LocalNames, type ModuleUnit } from "./rule-units.ts";
import { globalsOf, packageKey, resolveBody } from "./stages/01-resolve-refs.ts";
import { rewriteQueryLocals } from "./stages/10-local-vars.ts";
import { rewriteTemplatesIn } from "./stages/11-template-strings.ts";
import { checkVoidCallsIn } from "./stages/12-void-calls.ts";
import { printsIn } from "./stages/13-print-calls.ts";
import { expandBody } from "./stages/14-expr-terms.ts";
import { comprehensionsIn } from "./stages/19-comprehension-terms.ts";
import { withValuesIn } from "./stages/21-with-values.ts";
import { checkFunctionsIn } from "./stages/23-undefined-functions.ts";
import { safeQuery } from "./stages/25-safety-bodies.ts";
import { dynamicsIn } from "./stages/27-dynamic-terms.ts";
import { checkTypesIn } from "./stages/30-types.ts";
import { safetyPlaces, varsOfBody } from "./tree/vars.ts";

type Step = (compilation: Compilation, module: ModuleUnit, body: Body) => Body;

/** A step that only looks. */
function looking(check: (compilation: Compilation, module: ModuleUnit, body: Body) => void): Step {
  return (compilation, module, body) => {
    check(compilation, module, body);
    return body;
  };
}

const steps: readonly Step[] = [
  rewriteQueryLocals,
  rewriteTemplatesIn,
  looking(checkVoidCallsIn),
  (compilation, module, body) => printsIn(compilation, module, body, rootNames),
  (compilation, _, body) => expandBody(compilation.names, body),
  (compilation, _, body) => comprehensionsIn(compilation.names, body),
  withValuesIn,
  looking(checkFunctionsIn),
  safeQuery,
  (compilation, _, body) => dynamicsIn(compilation.names, body),
  looking(checkTypesIn),
];

function globalsFor(compilation: Compilation, module: ModuleUnit): ReturnType<typeof globalsOf> {
  const names = module.package.length === 0 ? [] : (compilation.ruleNames.get(packageKey(module.package)) ?? []);
  return globalsOf(module.package, names, module.imports);
}

/** Runs the steps of the query compiler; the first one that fails is the last. */
export function compileQuery(checked: Checked, parsed: ParsedQuery, options: QueryOptions): CheckedQuery {
  const names = new LocalNames("__localq", parsed.text);
  const compilation: Compilation = {
    ...checked.compilation,
    names,
    // OPA's evaluator keeps strict mode for modules.
    strict: false,
    printing: options.printing ?? checked.compilation.printing,
    diagnostics: [],
    stopped: false,
  };
  const module: ModuleUnit = {
    file: "",
    text: parsed.text,
    version: "v1",
    source: {
      kind: "module",
      start: 0,
      end: parsed.text.length,
      package: options.package,
      imports: options.imports ?? [],
      rules: [],
      comments: [],
      version: "v1",
    },
    package: options.package?.path ?? [],
    imports: options.imports ?? [],
    rules: [],
    lines: new LineIndex(parsed.text),
    names,
    placeless: new Set(),
    hints: [],
    unusedImports: [],
    typesDeprecated: false,
    sharedHeads: new Map(),
    copiedHeads: new Set(),
  };
  const captures: Captures = new Map();
  let body = resolveBody(globalsFor(compilation, module), parsed.body);
  if (options.capture) body = captureValues(compilation, body, captures);
  for (const step of steps) {
    body = step(compilation, module, body);
    if (compilation.diagnostics.length > 0) break;
  }
  const vars = new Map<string, string>();
  for (const name of varsOfBody(body, safetyPlaces).keys()) {
    const written = names.written.get(name) ?? name;
    if (!isGenerated(written) && !isWildcard(written) && !rootNames.has(name)) vars.set(name, written);
  }
  const diagnostics = compilation.diagnostics.map((diagnostic) => placed(diagnostic, module.placeless, []));
  return { body, vars, writtenNames: names.written, captures, diagnostics };
}
