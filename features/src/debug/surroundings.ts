// What `with` has put in the place of input, data and functions where a frame is evaluated.

import { varTerm } from "#analysis/rego/tree/make.ts";
import { everyTerm, mapTerm } from "#analysis/rego/tree/map.ts";
import type { Expr, Term } from "#grammars/rego/ast.ts";
import { printRef, printTerm } from "#grammars/rego/print-terms.ts";
import type { Timeline } from "./timeline.ts";

/** Modifiers as text, which name values by variables of their own. */
export interface Surroundings {
  /** ` with input as w0 with data.a as 1`. */
  readonly modifiers: string;
  /** Variable → value as Rego text. */
  readonly values: ReadonlyMap<string, string>;
}

interface Modifier {
  readonly target: string;
  readonly value: string;
}

/** What the query of an event sees. */
export function surroundingsAt(timeline: Timeline, event: number): Surroundings {
  const around: { readonly expr: Expr; readonly locals: ReadonlyMap<string, string> }[] = [];
  let query = timeline.parent(timeline.event(event).query);
  for (; query !== undefined; query = timeline.parent(query)) {
    const asking = timeline.latest(query, event);
    if (asking === undefined) continue;
    const { node, locals } = timeline.event(asking);
    if (node.kind === "expr" && node.expr.with.length > 0) around.push({ expr: node.expr, locals });
  }
  const values = new Map<string, string>();
  let modifiers: readonly Modifier[] = [];
  for (const { expr, locals } of around.reverse())
    for (const { target, value } of expr.with) {
      const path = printRef(target.kind === "ref" ? target.parts : [target]);
      modifiers = [
        ...modifiers.filter((one) => !isWithin(one.target, path)),
        { target: path, value: textOf(value, locals, values) },
      ];
    }
  return { modifiers: modifiers.map(({ target, value }) => ` with ${target} as ${value}`).join(""), values };
}

/** True for a path that another one names, or that lies below it: what stood there is replaced. */
function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

/** A term whose variables are named anew, each with its value in `values`. */
function textOf(term: Term, locals: ReadonlyMap<string, string>, values: Map<string, string>): string {
  const bind = (one: Term): Term => {
    const text = one.kind === "var" ? locals.get(one.name) : undefined;
    if (text === undefined) return one;
    const name = `with_${values.size}`;
    values.set(name, text);
    return varTerm(name, one);
  };
  return printTerm(bind(mapTerm(term, everyTerm(bind))));
}
