// Plans what a module is asked for: refs and queries.
import type { Body, Ref } from "#grammars/rego/ast.ts";
import type { Block } from "./ir.ts";

import type { FunctionPlanner } from "./planner.ts";

/** Blocks that add `{"result": value}` for a ref. */
export function refEntrypoint(p: FunctionPlanner, ref: Ref): readonly Block[] {
  return [
    p.block(() =>
      p.term(ref, (value) => {
        const result = p.fresh();
        p.emit({ op: "MakeObject", target: result });
        p.emit({ op: "ObjectInsert", key: p.program.string("result"), value, object: result });
        p.emit({ op: "ResultSetAdd", value: result });
      }),
    ),
  ];
}

/** Blocks that add one object per solution of a query: variable as written → value. */
export function queryEntrypoint(
  p: FunctionPlanner,
  body: Body,
  vars: ReadonlyMap<string, string>,
  file: number,
): readonly Block[] {
  p.file = file;
  return [
    p.block(() =>
      p.body(body, () => {
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
