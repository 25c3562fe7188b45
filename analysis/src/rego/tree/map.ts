// Rewrites trees without changing them: untouched parts are shared, a node without changes stays itself.
import type {
  Body,
  Call,
  Every,
  Expr,
  Logical,
  NotBody,
  ObjectTerm,
  SomeDecl,
  TemplateString,
  Term,
  With,
} from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";

/** What to do with the terms and bodies right below a node. */
export interface Mapper {
  term(term: Term): Term;
  body(body: Body): Body;
  /** What `term` does before it maps what is below a call; asked for the calls of a row, for which `term` is not. */
  enter?(call: Call): void;
  /** What `term` makes of a call after that. */
  leave?(call: Call): Term;
  /** Modifiers that were mapped: what expressions have in common is mapped once. */
  readonly mapped?: Map<With, With>;
  /** For the holes of template strings; by default their body is mapped as a term. */
  hole?(expr: Expr): Expr;
}

/**
 * The body with every expression rewritten; the same body if none changed. What has to come before an expression is what `rewrite` adds to
 * `before`.
 */
export function rewriteBody(body: Body, rewrite: (expr: Expr, before: Expr[]) => Expr): Body {
  let result: Expr[] | undefined;
  /** The first `done` of these are in the result. */
  const before: Expr[] = [];
  let done = 0;
  for (let i = 0; i < body.length; i++) {
    const expr = body[i]!;
    const rewritten = rewrite(expr, before);
    if (result === undefined && (rewritten !== expr || before.length > 0)) result = body.slice(0, i);
    if (result === undefined) continue;
    for (; done < before.length; done++) result.push(before[done]!);
    result.push(rewritten);
  }
  return result ?? body;
}

/** The list with every item mapped; the same list if none changed. */
export function mapAll<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const mapped = map(item);
    if (mapped === item) continue;
    changed ??= items.slice();
    changed[i] = mapped;
  }
  return changed ?? items;
}

/** The term with everything right below it mapped. */
export function mapTerm(term: Term, m: Mapper): Term {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return term;
    case "ref": {
      const parts = mapAll(term.parts, m.term);
      return parts === term.parts ? term : { ...term, parts };
    }
    case "array":
    case "set": {
      const items = mapAll(term.items, m.term);
      return items === term.items ? term : { ...term, items };
    }
    case "object": {
      const entries = mapEntries(term.entries, m);
      return entries === term.entries ? term : { ...term, entries };
    }
    case "arrayComprehension":
    case "setComprehension": {
      const body = m.body(term.body);
      const head = m.term(term.term);
      return body === term.body && head === term.term ? term : { ...term, term: head, body };
    }
    case "objectComprehension": {
      const body = m.body(term.body);
      const key = m.term(term.key);
      const value = m.term(term.value);
      return body === term.body && key === term.key && value === term.value ? term : { ...term, key, value, body };
    }
    case "call":
      return mapCall(term, m);
    case "templateString": {
      const parts = mapParts(term.parts, m);
      return parts === term.parts ? term : { ...term, parts };
    }
  }
}

// Apart from `mapTerm`: a function that a closure looks into costs memory at every call.
function mapEntries(entries: ObjectTerm["entries"], m: Mapper): ObjectTerm["entries"] {
  return mapAll(entries, (entry) => {
    const key = m.term(entry.key);
    const value = m.term(entry.value);
    return key === entry.key && value === entry.value ? entry : { key, value };
  });
}

function mapParts(parts: TemplateString["parts"], m: Mapper): TemplateString["parts"] {
  return mapAll(parts, (part) => (part.kind !== "expr" ? part : m.hole !== undefined ? m.hole(part) : mapExpr(part, m)));
}

function mapCall(call: Call, m: Mapper): Term {
  if (rowBefore(call) !== undefined) return mapRow(call, m);
  const operator = mapRefPlace(call.operator, m);
  const args = mapAll(call.args, m.term);
  return operator === call.operator && args === call.args ? call : { ...call, operator, args };
}

/** Operands in a row are mapped without going deeper from one to the next. */
function mapRow(call: Call, m: Mapper): Term {
  const row: { readonly call: Call; readonly operator: Call["operator"] }[] = [];
  for (let at: Call | undefined = call; at !== undefined; at = rowBefore(at)) {
    if (at !== call) m.enter?.(at);
    row.push({ call: at, operator: mapRefPlace(at.operator, m) });
  }
  let first: Term | undefined;
  for (let i = row.length - 1; ; i--) {
    const { call: at, operator } = row[i]!;
    const before = first;
    const args = mapAll(at.args, (arg) => (before !== undefined && arg === at.args[0] ? before : m.term(arg)));
    const mapped = operator === at.operator && args === at.args ? at : { ...at, operator, args };
    if (i === 0) return mapped;
    first = m.leave?.(mapped) ?? mapped;
  }
}

function mapRefPlace<T extends Term>(term: T, m: Mapper): T {
  const mapped = m.term(term);
  // A place that must stay a ref keeps what it had when the mapping gives something else.
  return mapped.kind === "ref" || mapped.kind === "var" ? (mapped as T) : term;
}

/** The expression with the terms and bodies right below it mapped, `with` values last. */
export function mapExpr(expr: Expr, m: Mapper): Expr {
  const body = mapExprBody(expr.body, m);
  const modifiers = expr.with.length === 0 ? expr.with : mapWith(expr.with, m);
  return body === expr.body && modifiers === expr.with ? expr : { ...expr, body, with: modifiers };
}

function mapWith(modifiers: Expr["with"], m: Mapper): Expr["with"] {
  return mapAll(modifiers, (modifier): With => {
    const before = m.mapped?.get(modifier);
    if (before !== undefined) return before;
    const target = mapRefPlace(modifier.target, m);
    const value = m.term(modifier.value);
    if (target === modifier.target && value === modifier.value) return modifier;
    const mapped = { ...modifier, target, value };
    m.mapped?.set(modifier, mapped);
    return mapped;
  });
}

function mapExprBody(body: Expr["body"], m: Mapper): Term | SomeDecl | Every | NotBody | Logical {
  switch (body.kind) {
    case "some": {
      const symbols = mapAll(body.symbols, m.term);
      return symbols === body.symbols ? body : { ...body, symbols };
    }
    case "every": {
      const domain = m.term(body.domain);
      const inner = m.body(body.body);
      return domain === body.domain && inner === body.body ? body : { ...body, domain, body: inner };
    }
    case "notBody": {
      const inner = m.body(body.body);
      return inner === body.body ? body : { ...body, body: inner };
    }
    case "logical": {
      const left = m.body(body.left);
      const right = m.body(body.right);
      return left === body.left && right === body.right ? body : { ...body, left, right };
    }
    default:
      return m.term(body);
  }
}

/** A mapper that maps every term below, bottom up, by the function; then, if one is given for them, every expression. */
export function everyTerm(map: (term: Term) => Term, expression: (expr: Expr) => Expr = (expr) => expr): Mapper {
  const mapper: Mapper = {
    term: (term) => map(mapTerm(term, mapper)),
    leave: map,
    body: (body) => mapAll(body, (expr) => expression(mapExpr(expr, mapper))),
  };
  return mapper;
}

/** A mapper that maps every body below, innermost first, by the function. */
export function everyBody(map: (body: Body) => Body): Mapper {
  const mapper: Mapper = {
    term: (term) => mapTerm(term, mapper),
    body: (body) => map(mapAll(body, (expr) => mapExpr(expr, mapper))),
  };
  return mapper;
}
