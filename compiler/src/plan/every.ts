// Plans `every`.
import { refTerm, unification } from "#analysis/rego/tree/make.ts";
import type { Every, Expr } from "#grammars/rego/ast.ts";
import { local, type Next, TRUE } from "./function-builder.ts";
import type { Local } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";

/** No element fails; the first that does ends the search, as the first solution does that of an element. Undefined for a domain that is no collection or has no value yet. */
export function planEvery(p: FunctionPlanner, every: Every, next: Next): void {
  if (!p.evaluable(every.domain)) return p.fail();
  p.term(every.domain, (domain) => {
    const source = p.localOf(domain);
    const collection = p.fresh();
    p.emit({ op: "ResetLocal", target: collection });
    const tests = (["IsArray", "IsObject", "IsSet"] as const).map((op) =>
      p.block(() => {
        p.emit({ op, source: local(source) });
        p.emit({ op: "AssignVar", source: TRUE, target: collection });
      }),
    );
    p.emit({ op: "Block", blocks: tests });
    p.emit({ op: "IsDefined", source: collection });
    const failed = p.fresh();
    p.emit({ op: "ResetLocal", target: failed });
    // A marked plan tells of the elements behind the one that fails, too: OPA's interpreter asks for all of them.
    const toTheEnd = p.rules.marks !== undefined;
    const elements = elementsOf(every);
    p.marked({ kind: "query", of: "domain", body: [elements] }, () =>
      p.markedExpr(elements, 0, () => {
        const scan = p.block(() => {
          const key = p.fresh();
          const value = p.fresh();
          const block = p.block(() => {
            const bindings: (readonly [string, Local])[] = [[every.value.name, value]];
            if (every.key !== undefined) bindings.push([every.key.name, key]);
            const holds = p.probe((found) =>
              p.bindAll(bindings, () =>
                p.marked({ kind: "end" }, () => {
                  if (toTheEnd) p.emit({ op: "IsUndefined", source: failed });
                  p.query("every", every.body, found);
                }),
              ),
            );
            p.emit({ op: "IsUndefined", source: holds });
            p.emit({ op: "AssignVar", source: TRUE, target: failed });
            if (!toTheEnd) p.emit({ op: "Break", index: 1 });
          });
          p.emit({ op: "Scan", source, key, value, block });
        });
        p.emit({ op: "Block", blocks: [scan] });
      }),
    );
    p.emit({ op: "IsUndefined", source: failed });
    next();
  });
}

/** What OPA's interpreter asks for the elements: `domain[key] = value`. */
function elementsOf({ domain, key, value }: Every): Expr {
  const ref = refTerm([domain, key ?? { ...value, name: "_" }], domain);
  return { ...unification(ref, value), generated: false, start: domain.start, end: domain.end };
}
