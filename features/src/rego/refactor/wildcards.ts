// `xs[_]` to `some x in xs`: what an expression, or the head of a rule, goes through gets a name.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Range, Ref, Rule, Var } from "#grammars/rego/ast.ts";
import { walk } from "../tree.ts";
import {
  type Asked,
  before,
  bodiesAround,
  declaredFor,
  freeName,
  hasOwnWildcard,
  hasRoom,
  holds,
  isBraced,
  membersAround,
  oneOf,
  type Refactoring,
  textOf,
  wordFor,
} from "./refactoring.ts";

export function iterations(asked: Asked): readonly Refactoring[] {
  const { rule, text, range } = asked;
  if (rule === undefined || rule.default) return [];
  const found = wildcardAt(rule, range);
  if (found === undefined) return [];
  const { ref, at } = found;
  const source = { start: ref.start, end: ref.parts[at - 1]!.end + closing(text, ref, at) };
  const first = ref.parts.slice(0, at);
  if (first.some((part) => hasOwnWildcard(part)) || declaredFor(asked, source).length > 0) return [];
  const word = at === 1 && first[0]!.kind === "var" ? first[0].name : wordFor({ ...ref, parts: first });
  const name = freeName(asked, oneOf(word));
  const close = text.indexOf("]", ref.parts[at]!.end) + 1;
  const line = `some ${name} in ${textOf(text, source)}`;
  const use = { range: { start: ref.start, end: close }, newText: name };
  const edits = introduced(asked, rule, ref, line, use);
  return edits === undefined
    ? []
    : [
        {
          title: `Name what \`${textOf(text, { start: ref.start, end: close })}\` goes through: \`some ${name} in\``,
          kind: "refactor.rewrite",
          edits,
          name,
        },
      ];
}

/** The bracket behind a part in brackets. */
function closing(text: string, ref: Ref, at: number): number {
  const { end } = ref.parts[at - 1]!;
  const between = text.slice(end, ref.parts[at]!.start);
  return Math.max(0, between.indexOf("]") + 1);
}

/** The first wildcard of the reference at the cursor, the innermost of several. */
function wildcardAt(rule: Rule, range: Range): { readonly ref: Ref; readonly at: number } | undefined {
  let found: { ref: Ref; at: number } | undefined;
  walk(
    rule,
    (node) => {
      if (node.kind !== "ref" || !holds(node, range)) return;
      const ref = node as Ref;
      const at = ref.parts.findIndex((part) => part.kind === "var" && isWildcard(part));
      if (at > 0) found = { ref, at };
    },
    range,
  );
  return found;
}

const isWildcard = ({ name }: Var): boolean => name.startsWith("$");

function introduced(asked: Asked, rule: Rule, ref: Ref, line: string, use: TextEdit): readonly TextEdit[] | undefined {
  const { text } = asked;
  const place = bodiesAround(rule, ref).at(-1);
  const members = membersAround(rule, ref);
  if (members !== undefined && (place === undefined || holds(place.expr, members)))
    return [use, before(text, members.body[0]!, line)];
  if (place !== undefined) {
    const { expr, body } = place;
    // A negated wildcard is a question about all of them.
    if (!hasRoom(place) || expr.negated || expr.with.length > 0 || expr.body.kind === "every" || expr.body.kind === "logical")
      return undefined;
    if (place.owner === rule && body.length === 1 && !isBraced(text, rule)) {
      if (rule.else !== undefined || !holds({ start: rule.head.end, end: rule.end }, expr)) return undefined;
      return [
        { range: { start: expr.start, end: expr.start }, newText: `{\n\t${line}\n\t` },
        use,
        { range: { start: expr.end, end: expr.end }, newText: "\n}" },
      ];
    }
    // Braceless branches of `else` have no room.
    if (place.owner.kind === "rule" && !isBraced(text, place.owner)) return undefined;
    return [before(text, expr, line), use];
  }
  if (rule.else !== undefined || rule.chained || (rule.head.args ?? []).some((arg) => holds(arg, ref))) return undefined;
  const first = rule.body?.[0];
  if (first === undefined) return [use, { range: { start: rule.end, end: rule.end }, newText: ` if ${line}` }];
  if (isBraced(text, rule)) return [use, before(text, first, line)];
  return [
    use,
    { range: { start: first.start, end: first.start }, newText: `{\n\t${line}\n\t` },
    { range: { start: first.end, end: first.end }, newText: "\n}" },
  ];
}
