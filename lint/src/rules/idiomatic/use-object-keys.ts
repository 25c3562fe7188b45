// `{k | some k, _ in x}` and `{k | x[k]}`: the keys of an object.
import type { Body, SetComprehension } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import { fileRule } from "../../rule.ts";
import { isRef, isVar } from "../../terms.ts";

export const useObjectKeys = fileRule({
  name: "use-object-keys",
  category: "idiomatic",
  description: "Prefer to use `object.keys`",
  check: (file) => file.all("setComprehension").filter(isKeys),
});

function isKeys({ term, body }: SetComprehension): boolean {
  return isVar(term) && (declaredKey(body) === term.name || readKey(body) === term.name);
}

/** The key of `some k, _ in x`, when there is nothing else. */
function declaredKey([expr, second]: Body): string | undefined {
  const symbol = expr?.body.kind === "some" && second === undefined ? expr.body.symbols[0] : undefined;
  if (symbol?.kind !== "call" || calledFunction(symbol) !== "internal.member_3") return undefined;
  const [key, , object] = symbol.args;
  return isVar(key) && (isVar(object) || isRef(object)) ? key.name : undefined;
}

/** The only variable in the brackets of a ref that is all there is, but for `some k` before it. */
function readKey(body: Body): string | undefined {
  const [first, last] = [body[0]?.body, body.at(-1)?.body];
  if (body.length > 2 || last?.kind !== "ref") return undefined;
  if (body.length === 2 && !(first?.kind === "some" && isVar(first.symbols[0]))) return undefined;
  const [variable, another] = last.parts.slice(1).filter(isVar);
  return another === undefined ? variable?.name : undefined;
}
