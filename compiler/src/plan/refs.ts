// Plans refs into values: constant keys, bound keys, free keys.
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { local, type NextValue } from "./function-builder.ts";
import type { Block, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";
import { planVariable } from "./terms.ts";

export function planRef(p: FunctionPlanner, ref: Ref, next: NextValue): void {
  const [head, ...parts] = ref.parts;
  if (head?.kind === "var" && parts.length === 0) return planVariable(p, head.name, next);
  if (head?.kind === "var" && head.name === "data") return p.document(p.rules.root, [], parts, next);
  if (head?.kind === "var" && head.name === "input") return planDots(p, local(p.input), parts, next);
  p.term(head!, (value) => planDots(p, value, parts, next));
}

/** Walks into a value; an unbound variable goes through every key. */
export function planDots(p: FunctionPlanner, source: Operand, parts: readonly Term[], next: NextValue): void {
  const [part, ...rest] = parts;
  if (part === undefined) return next(source);
  if (p.evaluable(part)) {
    return p.term(part, (key) => {
      const target = p.fresh();
      p.emit({ op: "Dot", source, key, target });
      planDots(p, local(target), rest, next);
    });
  }
  p.scan(p.localOf(source), (key, value) => p.match(part, local(key), () => planDots(p, local(value), rest, next)));
}

/** Walks into a base document: its paths are texts, so a constant integer finds the key of an object as well. */
export function planBaseDots(p: FunctionPlanner, source: Operand, parts: readonly Term[], next: NextValue): void {
  const [part, ...rest] = parts;
  if (part?.kind !== "number" || !/^[0-9]+$/.test(part.text)) {
    if (part !== undefined && isConstant(part)) {
      return planDots(p, source, [part], (value) => planBaseDots(p, value, rest, next));
    }
    return planDots(p, source, parts, next);
  }
  const result = p.fresh();
  p.emit({ op: "ResetLocal", target: result });
  const look = (key: Operand): Block =>
    p.block(() => {
      const found = p.fresh();
      p.emit({ op: "IsUndefined", source: result });
      p.emit({ op: "Dot", source, key, target: found });
      p.emit({ op: "AssignVar", source: local(found), target: result });
    });
  p.emit({ op: "Block", blocks: [look(local(p.number(part.text))), look(p.program.string(part.text))] });
  p.emit({ op: "IsDefined", source: result });
  planBaseDots(p, local(result), rest, next);
}
