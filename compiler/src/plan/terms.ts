// Plans terms: values and variables.
import type { Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { planComprehension } from "./comprehensions.ts";
import { FALSE, local, type NextValue } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";
import { asSorted, noteWritten } from "./written-members.ts";

export function planTerm(p: FunctionPlanner, term: Term, next: NextValue): void {
  switch (term.kind) {
    case "null": {
      const target = p.fresh();
      p.emit({ op: "MakeNull", target });
      return next(local(target));
    }
    case "boolean":
      return next({ kind: "bool", value: term.value });
    case "number":
      return next(local(p.number(term.text)));
    case "string":
      return next(p.program.string(term.value));
    case "var":
      return planVariable(p, term.name, next);
    case "ref":
      return p.ref(term, next);
    case "array":
      return planValues(p, term.items, [], (items) => {
        const target = p.fresh();
        p.emit({ op: "MakeArray", capacity: items.length, target });
        for (const item of items) p.emit({ op: "ArrayAppend", value: item!, array: target });
        next(local(target));
      });
    case "set":
      return planValues(p, term.items, [], (items) => {
        const target = p.fresh();
        const members = asSorted(term.items.map((one, at) => ({ term: one, key: items[at]!, value: undefined })));
        p.emit({ op: "MakeSet", target });
        for (const { key } of members) p.emit({ op: "SetAdd", value: key, set: target });
        noteWritten(p, target, members);
        next(local(target));
      });
    case "object":
      return planValues(
        p,
        term.entries.flatMap(({ key, value }) => [key, value]),
        [],
        (items) => {
          const target = p.fresh();
          const members = asSorted(
            term.entries.map((one, at) => ({ term: one.key, key: items[2 * at]!, value: items[2 * at + 1]! })),
          );
          p.emit({ op: "MakeObject", target });
          for (const { key, value } of members) p.emit({ op: "ObjectInsert", key, value, object: target });
          noteWritten(p, target, members);
          next(local(target));
        },
      );
    case "call":
      return p.callValue(term, term.args, next);
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      return planComprehension(p, term, next);
    case "templateString":
      return p.unsupported(term, "template strings that were not rewritten");
  }
}

/** Plans the terms in order; undefined ones are left out. */
export function planValues(
  p: FunctionPlanner,
  terms: readonly (Term | undefined)[],
  done: readonly (Operand | undefined)[],
  next: (values: readonly (Operand | undefined)[]) => void,
): void {
  const known = [...done];
  while (known.length < terms.length) {
    const term = terms[known.length];
    if (term !== undefined && !isPlain(p, term))
      return planTerm(p, term, (value) => planValues(p, terms, [...known, value], next));
    known.push(term === undefined ? undefined : plainTerm(p, term));
  }
  next(known);
}

/** True for terms that have one value whatever happens, so that long literals need no nesting: constants, bound variables, and collections of them. */
function isPlain(p: FunctionPlanner, term: Term): boolean {
  switch (term.kind) {
    case "var":
      return !isRootName(term.name) && p.env.has(term.name);
    case "array":
    case "set":
      return term.items.every((item) => isPlain(p, item));
    case "object":
      return term.entries.every(({ key, value }) => isPlain(p, key) && isPlain(p, value));
    default:
      return isConstant(term);
  }
}

function plainTerm(p: FunctionPlanner, term: Term): Operand {
  let operand: Operand = FALSE;
  planTerm(p, term, (value) => {
    operand = value;
  });
  return operand;
}

/** OPA's safety check lets some bodies pass that need a variable before it is bound: there the expression has no result. */
export function planVariable(p: FunctionPlanner, name: string, next: NextValue): void {
  if (name === "data") return p.document([], next);
  if (name === "input") {
    p.emit({ op: "IsDefined", source: p.input });
    return next(p.copy(p.input));
  }
  const bound = p.env.get(name);
  if (bound === undefined) return p.fail();
  next(bound);
}
