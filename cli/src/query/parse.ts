// Reads a query and checks it against the policies around it, in the order in which OPA finds what is wrong.
import { checkQuery } from "#analysis/rego/check.ts";
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import { type ParsedQuery, parseModule, parseQuery } from "#grammars/rego/parse.ts";
import type { Invocation } from "../command.ts";
import { type ErrorItem, errorItems } from "../errors.ts";
import { type LoadOptions, missingDialect, type Timed } from "../load-parts.ts";

/** OPA's own limit, which no flag of a query changes. */
export const mostErrors = 10;

type Faults = { readonly errors: readonly ErrorItem[] };

export interface Reading {
  /** The values of expressions are captured; they are unless this is said. */
  readonly capture?: boolean;
  /** What is made of the query before it is checked. */
  readonly rewritten?: (query: ParsedQuery) => ParsedQuery;
}

/** The checked query. */
export function readQuery(
  call: Invocation,
  text: string,
  checked: Checked,
  loading: LoadOptions,
  timed: Timed,
  { capture = true, rewritten = (query) => query }: Reading = {},
): { readonly query: CheckedQuery } | Faults {
  const context = contextOf(call);
  if ("errors" in context) return context;
  const illegal = missingDialect(loading);
  if (illegal !== undefined) return { errors: [illegal] };
  const { version } = loading;
  const parsed = timed("timer_rego_query_parse_ns", () => parseQuery(text, { file: "", version }));
  if (text.replaceAll(/#[^\n]*/gu, "").trim() === "")
    return { errors: [{ message: "empty query cannot be compiled", code: "rego_compile_error" }] };
  const header = headerFaults(text);
  if (header !== undefined) return { errors: header };
  const source = [{ file: "", text }];
  if (parsed.diagnostics.length > 0) return { errors: errorItems(parsed.diagnostics, source) };
  const query = timed("timer_rego_query_compile_ns", () =>
    checkQuery(checked, rewritten(parsed), { printing: true, capture, ...context }),
  );
  if (query.diagnostics.some((one) => one.severity === "error"))
    return { errors: errorItems(query.diagnostics, source, mostErrors) };
  return { query };
}

/** What is wrong with a query that begins as the head of a module does. */
function headerFaults(text: string): readonly ErrorItem[] | undefined {
  const [line = "", word] = /^\s*((?:(package)|import)\b.*)/u.exec(text)?.slice(1) ?? [];
  if (line === "") return undefined;
  const first = word === undefined ? "package query\n" : "";
  const read = parseModule(first + line, { file: "" });
  if (read.diagnostics.length === 0)
    return [{ message: `expected body but got *ast.${word === undefined ? "Import" : "Package"}` }];
  const items = errorItems(read.diagnostics, [read]);
  return word === undefined ? items.map(above) : items;
}

/** What `--package` says, and what all `--import` say, a line each. */
function contextOf(call: Invocation): Faults | (Parameters<typeof checkQuery>[2] & object) {
  const name = call.flag("package") ?? "";
  const imports = call.all("import");
  if (name === "" && imports.length === 0) return {};
  const header = parseModule(`package ${name === "" ? "query" : name}`, { file: "" });
  if (header.module.package === undefined) return { errors: errorItems(header.diagnostics, [header]) };
  if (header.diagnostics.length > 0) return { errors: [{ message: "expected exactly one statement" }] };
  const read = parseModule(`package query\n${imports.map((one) => `import ${one}\n`).join("")}`, { file: "" });
  if (read.diagnostics.length > 0) return { errors: errorItems(read.diagnostics, [read]).map(above) };
  const { imports: found } = read.module;
  return name === "" ? { imports: found } : { package: header.module.package, imports: found };
}

/** The item one row further up, where its line stands alone. */
function above(item: ErrorItem): ErrorItem {
  return item.location === undefined ? item : { ...item, location: { ...item.location, row: item.location.row - 1 } };
}
