// `rw deps`: the documents that a query depends on, as `opa deps` lists them.
import { checkModules } from "#analysis/rego/check.ts";
import { dependenciesOf } from "#analysis/rego/dependencies.ts";
import { termToJson } from "#analysis/rego/types/term-json.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { boxTable } from "../box-table.ts";
import { type Command, usageError } from "../command.ts";
import { errorItems, errorText, goJson } from "../errors.ts";
import { bundlesFlag, dataFlag, faultItems, ignoreFlag, loadNamed, loadOptions, v1Flag } from "../load-flags.ts";

export const deps: Command = {
  name: "deps",
  usage: "deps <query> [flags]",
  summary: "Print dependencies of provided query.",
  details: `
Dependencies are either base documents, which is any data loaded from the outside world, or virtual documents, i.e. values
that are computed from rules.

    $ rw deps --data policy.rego data.policy.allow
`,
  flags: [
    bundlesFlag,
    dataFlag,
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "set output format" },
    ignoreFlag,
    v1Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const [text, ...others] = call.positionals;
    if (text === undefined || others.length > 0) {
      io.err(usageError(deps, "specify exactly one query argument"));
      return 1;
    }
    const fail = (message: string): number => {
      io.err(`${message.trimEnd()}\n`);
      return 1;
    };
    const query = parseQuery(text, { file: "" });
    // What has no statement at all depends on nothing.
    if (query.diagnostics.length > 0 && !isBlank(text))
      return fail(errorText(errorItems(query.diagnostics, [{ file: "", text }])));
    // In bundles OPA ignores nothing here.
    const ignored = call.all("bundle").length > 0 ? { ignore: [] } : {};
    const sources = loadNamed(call, { ...loadOptions(call), ...ignored, withoutMetadata: true });
    if (sources.faults.length > 0) return fail(errorText(faultItems(sources.faults), true));
    if (sources.bundleFault !== undefined) return fail(sources.bundleFault.message);
    // Beside bundles, what --data names only has to be readable.
    const modules = call.given("bundle") ? sources.bundles.flatMap((bundle) => bundle.modules) : sources.modules;
    const checked = checkModules(modules, { maxErrors: 10 });
    if (!checked.complete) return fail(errorText(errorItems(checked.diagnostics, modules)));
    const { base, virtual } = dependenciesOf(checked, isBlank(text) ? [] : query.body);
    if (call.flag("format") === "json") {
      const paths = (refs: readonly (readonly Term[])[]): unknown => refs.map((ref) => ref.map((part) => termToJson(part)));
      io.out(
        `${goJson({ ...(base.length === 0 ? {} : { base: paths(base) }), ...(virtual.length === 0 ? {} : { virtual: paths(virtual) }) })}\n`,
      );
      return 0;
    }
    io.out(
      table([
        { head: "BASE DOCUMENTS", refs: base },
        { head: "VIRTUAL DOCUMENTS", refs: virtual },
      ]),
    );
    return 0;
  },
};

/** True for white space and comments alone. */
function isBlank(query: string): boolean {
  return query.split("\n").every((line) => /^\s*(?:#.*)?$/u.test(line));
}

function table(columns: readonly { readonly head: string; readonly refs: readonly (readonly Term[])[] }[]): string {
  const shown = columns.filter(({ refs }) => refs.length > 0);
  if (shown.length === 0) return "";
  const height = Math.max(...shown.map(({ refs }) => refs.length));
  const rows = Array.from({ length: height }, (_, row) =>
    shown.map(({ refs }) => (refs[row] === undefined ? "" : printRef(refs[row]))),
  );
  return boxTable(
    shown.map(({ head }) => head),
    rows,
  );
}
