// Puts the annotations of a rule in place of `rego.metadata.chain()` and `rego.metadata.rule()`.
import type { Body, Expr, ObjectEntry, Range, Term } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import type { Annotations } from "../annotations.ts";
import type { Compilation } from "../compilation.ts";
import { branches, type ModuleUnit, type RuleUnit, rulesOf } from "../rule-units.ts";
import { appendTo, exprOf, stringTerm, unification, varTerm } from "../tree/make.ts";
import { mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { calledName, operatorName } from "../tree/vars.ts";
import { type Node, walkBody, walkHead } from "../tree/walk.ts";

const chainName = "rego.metadata.chain";
const ruleName = "rego.metadata.rule";

/** True when a rule of the module calls one of them: only then is METADATA wanted. */
export function callsMetadata(module: ModuleUnit): boolean {
  if (!module.text.includes("rego.metadata")) return false;
  let found = false;
  const find = (node: Node): boolean => {
    const name = node.kind === "call" ? operatorName(node.operator.parts) : undefined;
    if (name === chainName || name === ruleName) found = true;
    return found;
  };
  for (const { head, body } of rulesOf(module)) {
    walkHead(head, find);
    walkBody(body, find);
  }
  return found;
}

export function rewriteMetadataCalls(compilation: Compilation, module: ModuleUnit): void {
  if (!module.text.includes("rego.metadata")) return;
  for (const unit of module.rules) {
    const chain = branches(unit);
    // The calls of the branches behind count too: OPA binds what they ask for in the body of each branch before them.
    let behind: ReadonlyMap<string, Range> = new Map();
    const asked = chain.toReversed().map((branch) => {
      behind = new Map([...behind, ...firstCalls(compilation, branch)]);
      return behind;
    });
    for (const branch of chain) rewriteRule(compilation, branch, asked.pop()!);
  }
}

function firstCalls(compilation: Compilation, { head, body }: RuleUnit): ReadonlyMap<string, Range> {
  const first = new Map<string, Range>();
  const find = (node: Node): boolean => {
    const name = node.kind === "expr" ? calledName(node) : undefined;
    if ((name === chainName || name === ruleName) && compilation.builtins.has(name) && !first.has(name)) first.set(name, node);
    return false;
  };
  walkHead(head, find);
  walkBody(body, find);
  return first;
}

function rewriteRule(compilation: Compilation, unit: RuleUnit, first: ReadonlyMap<string, Range>): void {
  if (first.size === 0) return;
  const locals = new Map<string, string>();
  let body: Body = [];
  for (const name of [chainName, ruleName]) {
    const at = first.get(name);
    if (at === undefined) continue;
    const value = name === chainName ? chainTerm(compilation, unit, at) : ruleTerm(compilation, unit, at);
    const local = varTerm(compilation.names.fresh(), at);
    locals.set(name, local.name);
    body = [...body, unification(local, value)];
  }
  const mapper = {
    term: (term: Term): Term => mapTerm(term, mapper),
    body: (inner: Body): Body => mapAll(inner, (expr) => replace(mapExpr(expr, mapper))),
  };
  const replace = (expr: Expr): Expr => {
    const local = locals.get(calledName(expr) ?? "");
    if (local === undefined || expr.body.kind !== "call") return expr;
    const value = varTerm(local, expr);
    const output = expr.body.args[0];
    return output === undefined
      ? exprOf(value, expr, { generated: true })
      : { ...unification(output, value), start: expr.start, end: expr.end };
  };
  unit.body = appendTo(body, mapper.body(unit.body));
  const { head } = unit;
  unit.head = {
    ...head,
    key: head.key === undefined ? undefined : mapper.term(head.key),
    value: head.value === undefined ? undefined : mapper.term(head.value),
  };
}

function ruleTerm(compilation: Compilation, unit: RuleUnit, at: Range): Term {
  const [first] = [...compilation.annotations.ofRule(unit)].sort((a, b) => a.range.start - b.range.start);
  return first === undefined ? objectTerm([], at) : annotationsTerm(first, at);
}

function chainTerm(compilation: Compilation, unit: RuleUnit, at: Range): Term {
  const items = compilation.annotations.chain(unit).map(({ path, annotations }) => {
    const entries: [string, Term][] = [["path", pathTerm(path.slice(1), at)]];
    if (annotations !== undefined) entries.push(["annotations", annotationsTerm(annotations, at)]);
    return objectTerm(entries, at);
  });
  return arrayTerm(items, at);
}

function pathTerm(path: readonly Term[], at: Range): Term {
  return arrayTerm(
    path.map((part) => stringTerm(part.kind === "string" ? part.value : printTerm(part), at)),
    at,
  );
}

function arrayTerm(items: readonly Term[], { start, end }: Range): Term {
  return { kind: "array", items, start, end };
}

function objectTerm(entries: readonly (readonly [string, Term])[], at: Range): Term {
  const { start, end } = at;
  return {
    kind: "object",
    entries: entries.map(([key, value]): ObjectEntry => ({ key: stringTerm(key, at), value })),
    start,
    end,
  };
}

/** The annotations as `rego.metadata.rule()` gives them; what is empty is left out. */
export function annotationsTerm(one: Annotations, at: Range): Term {
  const text = (value: string): Term => stringTerm(value, at);
  const entries: [string, Term][] = [["scope", text(one.scope)]];
  const filled = (pairs: readonly (readonly [string, string])[]): Term =>
    objectTerm(
      pairs.filter(([, value]) => value !== "").map(([key, value]) => [key, text(value)] as const),
      at,
    );
  if (one.title !== "") entries.push(["title", text(one.title)]);
  if (one.entrypoint) entries.push(["entrypoint", { kind: "boolean", value: true, start: at.start, end: at.end }]);
  if (one.description !== "") entries.push(["description", text(one.description)]);
  if (one.organizations.length > 0) entries.push(["organizations", arrayTerm(one.organizations.map(text), at)]);
  if (one.relatedResources.length > 0) {
    const resources = one.relatedResources.map(({ ref, description }) =>
      filled([
        ["ref", ref],
        ["description", description],
      ]),
    );
    entries.push(["related_resources", arrayTerm(resources, at)]);
  }
  if (one.authors.length > 0) {
    const authors = one.authors.map(({ name, email }) =>
      filled([
        ["name", name],
        ["email", email],
      ]),
    );
    entries.push(["authors", arrayTerm(authors, at)]);
  }
  if (one.schemas.length > 0) {
    const schemas = one.schemas.map(({ path, schema, definition }) => {
      const parts: [string, Term][] = [["path", headedPath(path, at)]];
      if (schema !== undefined) parts.push(["schema", headedPath(schema, at)]);
      if (definition !== undefined) parts.push(["definition", valueTerm(definition, at)]);
      return objectTerm(parts, at);
    });
    entries.push(["schemas", arrayTerm(schemas, at)]);
  }
  if (Object.keys(one.custom).length > 0) entries.push(["custom", valueTerm(one.custom, at)]);
  if (Object.keys(one.labels).length > 0) entries.push(["labels", valueTerm(one.labels, at)]);
  return objectTerm(entries, at);
}

function headedPath(path: readonly Term[], at: Range): Term {
  return arrayTerm(
    path.map((part) => stringTerm(part.kind === "string" ? part.value : part.kind === "var" ? part.name : printTerm(part), at)),
    at,
  );
}

/** A value of YAML as a term. */
function valueTerm(value: unknown, at: Range): Term {
  const { start, end } = at;
  if (value === null || value === undefined) return { kind: "null", start, end };
  if (typeof value === "boolean") return { kind: "boolean", value, start, end };
  if (typeof value === "number" || typeof value === "bigint") return { kind: "number", text: String(value), start, end };
  if (typeof value === "string") return stringTerm(value, at);
  if (Array.isArray(value))
    return arrayTerm(
      value.map((item) => valueTerm(item, at)),
      at,
    );
  return objectTerm(
    Object.entries(value).map(([key, item]) => [key, valueTerm(item, at)] as const),
    at,
  );
}
