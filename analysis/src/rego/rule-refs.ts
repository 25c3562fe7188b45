// The refs by which a rule depends on others, and whether a ref surely means a rule or only for some values of its variables.
import type { Body, Head, Ref, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { isConstant } from "./tree/refs.ts";
import { type Vars, varsOfBody, varsOfHead } from "./tree/vars.ts";

/** Where a ref stands in a rule, as the rule was when its refs were collected. */
export interface RefPlace {
  readonly head: Head;
  readonly body: Body;
  /** Index of the expression of the body; the length of the body for the head, which is evaluated last. */
  readonly at: number;
}

/** A ref below `data`. */
export interface RuleRef {
  readonly ref: Ref;
  /** The refs it can be for the values that its variables can have; the ref itself where they are not known. */
  readonly narrowed: readonly Ref[];
  /** Undefined for a ref whose parts are all constant. */
  readonly place: RefPlace | undefined;
}

/** A ref that means some rule only for some values. */
export interface OpenRef {
  readonly ref: Ref;
  /** The ref with those variables replaced that have one value. */
  readonly selects: Ref;
  readonly place: RefPlace;
  readonly bound: Bound;
}

/** Tells of a variable whether it may have a value where a ref is evaluated. */
export type Bound = (name: string) => boolean;

/** A caller, a query and the expressions before the place may give variables a value. The rule is only searched when somebody asks. */
export function boundBefore({ head, body, at }: RefPlace): Bound {
  let vars: Vars | undefined;
  return (name) => {
    vars ??= varsOfBody(body.slice(0, at), {}, varsOfHead(head));
    return vars.has(name);
  };
}

/**
 * Positions at which parts of a ref must have the value that a rule's path has there, for the ref to mean the rule. A variable without
 * a value that stands in the ref once goes through all there is, so it asks for nothing; variables in the rule's path take any value.
 */
export function openPositions(ref: Ref, bound: Bound, path: readonly Term[]): readonly number[] {
  const open: number[] = [];
  for (let i = 1; i < Math.min(ref.parts.length, path.length); i++) {
    const part = ref.parts[i]!;
    if (!isConstant(path[i]!)) continue;
    if (isConstant(part)) {
      // A ref narrowed to several values stands for all of them: this one is another's.
      if (keyOf(part) !== keyOf(path[i]!)) break;
    } else if (part.kind !== "var" || bound(part.name) || countOf(ref, part.name) > 1) open.push(i);
  }
  return open;
}

function countOf(ref: Ref, name: string): number {
  return ref.parts.filter((part) => part.kind === "var" && part.name === name).length;
}
