// Symbols of a module: its package, under it the rules, clauses of one rule grouped, arguments below functions.
import type { Module, Range, Rule } from "#grammars/rego/ast.ts";
import { hasOwnHead, partsOf } from "./names.ts";

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind:
    | "package"
    | "variable"
    | "constant"
    | "function"
    | "object"
    | "array"
    | "string"
    | "number"
    | "boolean"
    | "key"
    | "null";
  readonly range: Range;
  readonly selection: Range;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of a module. */
export function symbolsOf(module: Module, text: string): readonly DocumentSymbol[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of module.rules) {
    const name = headName(rule, text);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [rule]);
    else group.push(rule);
  }
  const rules = [...groups].map(([name, clauses]) => groupSymbol(name, clauses, text));
  if (module.package === undefined) return rules;
  const name = module.package.path.map((part) => part.value).join(".");
  const end = Math.max(module.package.end, ...module.rules.map((rule) => rule.end));
  return [
    {
      name,
      detail: "package",
      kind: "package",
      range: { start: module.package.start, end },
      selection: { start: module.package.start, end: module.package.end },
      children: rules,
    },
  ];
}

/** The reference of a head as written, with the bracket that ends it: `users[id]`. */
export function headName({ head: { reference } }: Rule, text: string): string {
  const closed = text[reference.end] === "]" && reference.kind === "ref" ? 1 : 0;
  return text.slice(reference.start, reference.end + closed);
}

function groupSymbol(name: string, clauses: readonly Rule[], text: string): DocumentSymbol {
  const [first] = clauses;
  const one = clauses.map((clause, at) => ruleSymbol(clauses.length === 1 ? name : `#${at + 1}`, clause, text));
  if (clauses.length === 1) return one[0]!;
  const end = Math.max(...clauses.map((clause) => clause.end));
  return {
    name,
    detail: `${clauses.length} clauses`,
    kind: kindOf(first!),
    range: { start: first!.start, end },
    selection: rangeOf(first!.head.reference),
    children: one,
  };
}

function ruleSymbol(name: string, rule: Rule, text: string): DocumentSymbol {
  const hasHead = hasOwnHead(rule);
  const args = hasHead ? (rule.head.args ?? []) : [];
  return {
    name,
    detail: detailOf(rule, text),
    kind: kindOf(rule),
    range: rangeOf(rule),
    selection: rangeOf(hasHead ? rule.head.reference : rule),
    children: args.map((arg) => ({
      name: text.slice(arg.start, arg.end),
      detail: "argument",
      kind: "variable",
      range: rangeOf(arg),
      selection: rangeOf(arg),
      children: [],
    })),
  };
}

function detailOf(rule: Rule, text: string): string {
  if (rule.default) return "default";
  const { head } = rule;
  if (head.args !== undefined) return `(${head.args.map((arg) => text.slice(arg.start, arg.end)).join(", ")})`;
  if (head.contains) return "partial set";
  if (partsOf(head.reference).some((part, at) => at > 0 && part.kind !== "string")) return "partial object";
  return "";
}

function kindOf(rule: Rule): DocumentSymbol["kind"] {
  if (rule.head.args !== undefined) return "function";
  return rule.body === undefined && rule.head.value !== undefined && !rule.default ? "constant" : "variable";
}

const rangeOf = (range: Range): Range => ({ start: range.start, end: range.end });
