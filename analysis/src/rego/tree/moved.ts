// Copies of trees that lie elsewhere in the text.
import type { Body, Call, Expr, Head, Range, Term } from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";

/** The head as it is `by` code units further on. */
export function movedHead(head: Head, by: number): Head {
  if (by === 0) return head;
  return {
    ...head,
    ...rangeOf(head, by),
    reference: moved(head.reference, by),
    args: head.args?.map((arg) => moved(arg, by)),
    key: head.key === undefined ? undefined : moved(head.key, by),
    value: head.value === undefined ? undefined : moved(head.value, by),
  };
}

/** The body as it is `by` code units further on. */
export function movedBody(body: Body, by: number): Body {
  return by === 0 ? body : body.map((expr) => movedExpr(expr, by));
}

function movedExpr(expr: Expr, by: number): Expr {
  return {
    ...expr,
    ...rangeOf(expr, by),
    body: movedStatement(expr.body, by),
    with:
      expr.with.length === 0
        ? expr.with
        : expr.with.map((one) => ({
            ...one,
            ...rangeOf(one, by),
            target: moved(one.target, by),
            value: moved(one.value, by),
          })),
  };
}

function movedStatement(body: Expr["body"], by: number): Expr["body"] {
  switch (body.kind) {
    case "some":
      return { ...body, ...rangeOf(body, by), symbols: body.symbols.map((symbol) => moved(symbol, by)) };
    case "every":
      return {
        ...body,
        ...rangeOf(body, by),
        key: body.key === undefined ? undefined : moved(body.key, by),
        value: moved(body.value, by),
        domain: moved(body.domain, by),
        body: movedBody(body.body, by),
      };
    case "notBody":
      return { ...body, ...rangeOf(body, by), body: movedBody(body.body, by) };
    case "logical":
      return { ...body, ...rangeOf(body, by), left: movedBody(body.left, by), right: movedBody(body.right, by) };
    default:
      return moved(body, by);
  }
}

/** The kind of a term stays. */
function moved<T extends Term>(term: T, by: number): T;
function moved(term: Term, by: number): Term {
  const range = termRange(term, by);
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return { ...term, ...range };
    case "ref":
      return { ...term, ...range, parts: term.parts.map((part) => moved(part, by)) };
    case "array":
    case "set":
      return { ...term, ...range, items: term.items.map((item) => moved(item, by)) };
    case "object":
      return {
        ...term,
        ...range,
        entries: term.entries.map(({ key, value }) => ({ key: moved(key, by), value: moved(value, by) })),
      };
    case "arrayComprehension":
    case "setComprehension":
      return { ...term, ...range, term: moved(term.term, by), body: movedBody(term.body, by) };
    case "objectComprehension":
      return { ...term, ...range, key: moved(term.key, by), value: moved(term.value, by), body: movedBody(term.body, by) };
    case "call":
      return movedCall(term, by);
    case "templateString":
      return {
        ...term,
        ...range,
        parts: term.parts.map((part) => (part.kind === "expr" ? movedExpr(part, by) : moved(part, by))),
      };
  }
}

/** Operands in a row are moved without going deeper from one to the next. */
function movedCall(call: Call, by: number): Call {
  const row = [call];
  for (let at = rowBefore(call); at !== undefined; at = rowBefore(at)) row.push(at);
  return row.reduceRight<Call | undefined>((first, at) => {
    const args = at.args.map((arg, i) => (i === 0 && first !== undefined ? first : moved(arg, by)));
    return { ...at, ...termRange(at, by), operator: moved(at.operator, by), args };
  }, undefined)!;
}

function termRange({ start, end, grouped }: Term, by: number): Pick<Term, "start" | "end" | "grouped"> {
  return { start: start + by, end: end + by, ...(grouped === undefined ? {} : { grouped: rangeOf(grouped, by) }) };
}

function rangeOf({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}
