// Plans what a module is asked for: refs and queries.
import { callTerm, exprOf, refTerm, varTerm } from "#analysis/rego/tree/make.ts";
import type { Body, Ref } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import type { NextValue } from "./function-builder.ts";
import type { Block } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

/** Blocks that add `{"result": value}` for a ref. */
export function refEntrypoint(p: FunctionPlanner, ref: Ref): readonly Block[] {
  return [p.block(() => p.term(ref, addResult(p)))];
}

/** The same for a plan that tells of its course: it begins with the query `ref = _`, of which the ref's text is written. */
export function askedEntrypoint(p: FunctionPlanner, { parts }: Ref, file: number): readonly Block[] {
  p.file = file;
  const place = { start: 0, end: printRef(parts).length };
  const value = varTerm("$term1", place);
  const body = [exprOf(callTerm("eq", [refTerm(parts, place), value], place), place)];
  return [p.block(() => p.query("query", body, () => addResult(p)(p.env.get(value.name)!)))];
}

function addResult(p: FunctionPlanner): NextValue {
  return (value) => {
    const result = p.fresh();
    p.emit({ op: "MakeObject", target: result });
    p.emit({ op: "ObjectInsert", key: p.program.string("result"), value, object: result });
    p.emit({ op: "ResultSetAdd", value: result });
  };
}

/** Blocks that add one object per solution of a query: variable as written → value. */
export function queryEntrypoint(
  p: FunctionPlanner,
  body: Body,
  vars: ReadonlyMap<string, string>,
  file: number,
): readonly Block[] {
  p.file = file;
  p.within = { head: {}, body };
  return [
    p.block(() =>
      p.query("query", body, () => {
        const result = p.fresh();
        p.emit({ op: "MakeObject", target: result });
        for (const [name, written] of vars) {
          const value = p.env.get(name);
          if (value !== undefined) p.emit({ op: "ObjectInsert", key: p.program.string(written), value, object: result });
        }
        p.emit({ op: "ResultSetAdd", value: result });
      }),
    ),
  ];
}
