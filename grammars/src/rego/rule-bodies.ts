// Bodies of rules, in braces or behind `if`.
import type { Body } from "./ast.ts";
import { parseBody, parseLiteral } from "./literals.ts";
import type { Reader } from "./reader.ts";

/** `{ query }`, read over the closing brace. */
export function bracedBody(r: Reader): Body | undefined {
  r.scan();
  const body = parseBody(r, "}");
  if (body !== undefined) r.scan();
  return body;
}

// "if" literal | "if" "{" query "}"
export function parseIfBody(r: Reader): Body | undefined {
  r.scan();
  const saved = r.place;
  const braced = r.is("{");
  const literal = parseLiteral(r);
  // A set is always true, so `if {x}` is meant as a body.
  if (literal !== undefined && !(braced && literal.body.kind === "set")) return [literal];
  if (!braced) return undefined;
  r.place = saved;
  return bracedBody(r);
}
