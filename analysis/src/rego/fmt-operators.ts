// What `fmt` refuses of calls that it writes as operators: `plus(1)` has too few operands, `plus(1, 2, 3)` inside of a term too many. A function
// of v0 that is named `in` is taken for the operator; with the number of arguments that this has, OPA writes another meaning: that is left alone.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Call, Rule, Term } from "#grammars/rego/ast.ts";
import { calledFunction, valueName } from "#grammars/rego/nodes.ts";
import { infixOperators, isMembership } from "#grammars/rego/operators.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { builtinsByName } from "./builtins/index.ts";
import { headParts } from "./tree/refs.ts";
import { type Node, walk } from "./tree/walk.ts";
import { printType } from "./types/print.ts";

/** The name of an operator with the parenthesis that a call has. */
const operatorCall = new RegExp(`\\b(?:${Object.keys(infixOperators).join("|")}|member_[23]|in)\\(`, "u");

/** The faults in the order of what is written. */
export function operatorFaults({ file, text, module }: ParsedModule): readonly Diagnostic[] {
  if (!operatorCall.test(text)) return [];
  const found: Diagnostic[] = [];
  /** Calls that are whole expressions. */
  const whole = new Set<Node>();
  const visit = (node: Node): boolean => {
    if (node.kind === "expr") whole.add(node.body);
    if (node.kind !== "call") return false;
    const fault = faultOf(file, node, whole.has(node));
    if (fault !== undefined) found.push(fault);
    // Inside of a term nothing is written of such a call.
    return fault !== undefined && !whole.has(node);
  };
  const visitRule = ({ head, body, else: next }: Rule): void => {
    const terms: readonly (Term | undefined)[] = [...headParts(head).slice(1), ...(head.args ?? []), head.key, head.value];
    for (const node of [...terms, ...(body ?? [])]) if (node !== undefined) walk(node, visit);
    if (next !== undefined) visitRule(next);
  };
  for (const rule of module.rules) visitRule(rule);
  return found;
}

function faultOf(file: string, call: Call, isWhole: boolean): Diagnostic | undefined {
  const name = calledFunction(call) ?? "";
  const row = operatorNamed(name);
  if (row === undefined || row.args.length === call.args.length) return undefined;
  // A whole expression may name the result, too: `plus(1, 2, x)` is `x = 1 + 2`.
  if (isWhole && !isMembership(name) && call.args.length === row.args.length + 1) return undefined;
  const lines = [
    `have: (${call.args.map(valueName).join(",")})`,
    `want: (${row.args.map(({ type }) => printType(type)).join(",")})`,
  ];
  const { start, end } = isWhole ? call.operator : call;
  const message = `${isWhole ? name : row.name}: arity mismatch`;
  return { file, range: { start, end }, severity: "error", code: "rego_type_error", message, lines };
}

function operatorNamed(name: string): Builtin | undefined {
  if (name === "in") return builtinsByName().get("internal.member_3");
  return infixOperators[name] !== undefined || isMembership(name) ? builtinsByName().get(name) : undefined;
}
