// Crosses modules: their terms, literals and rules change places, within a module and between two.
import { walk, walkHead } from "#analysis/rego/tree/walk.ts";
import type { Body, Range, Rule } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { Random } from "./random.ts";

/** What may change places in a module, by kind; each takes the place of one of its kind. */
interface Pieces {
  readonly terms: Range[];
  readonly literals: Range[];
  readonly rules: Range[];
}

/** The text with one of its terms, literals or rules changed, often for one of the lender's. */
export function crossPieces(text: string, lender: string, random: Random): string {
  const [own, lent] = [piecesOf(text), piecesOf(lender)];
  const kind = random.pick(["terms", "terms", "terms", "literals", "literals", "rules", "wrapped", "changed"] as const);
  if (kind === "changed") return changedLiteral(text, own, random);
  const place = random.pick(kind === "wrapped" ? own.terms : own[kind]);
  if (place === undefined) return text;
  const before = text.slice(place.start, place.end);
  if (kind === "wrapped") return replaced(text, place, wrapped(before, random));
  const piece = random.pick(lent[kind]);
  if (piece === undefined) return text;
  const taken = lender.slice(piece.start, piece.end);
  switch (kind) {
    case "terms":
      return replaced(text, place, taken);
    case "literals":
      return replaced(text, place, random.pick([taken, `${before}\n${taken}`, `${taken}\n${before}`, `not ${before}`]));
    case "rules":
      return random.below(2) === 0 ? `${text}\n${taken}\n` : replaced(text, place, "");
  }
}

/** A literal with a modifier, inside another kind of body, or with a print beside it. */
function changedLiteral(text: string, { literals, terms }: Pieces, random: Random): string {
  const [place, range] = [random.pick(literals), random.pick(terms)];
  if (place === undefined || range === undefined) return text;
  const literal = text.slice(place.start, place.end);
  const term = text.slice(range.start, range.end);
  const changed = random.pick([
    `print(${term})\n${literal}`,
    `${literal}\nprint(${term})`,
    `${literal} with input as ${term}`,
    `${literal} with input.a as ${term}`,
    `${literal} with data.b as ${term}`,
    `not ${literal}`,
    `every v in [1, 2] { ${literal} }`,
    `every k, v in ${term} { print(k, v); ${literal} }`,
    `some v in ${term}\n${literal}`,
  ]);
  return replaced(text, place, changed);
}

function wrapped(term: string, random: Random): string {
  return random.pick([
    `[${term}]`,
    `{${term}}`,
    `{"k": ${term}}`,
    `[w | w := ${term}]`,
    `{w | some w in [${term}]}`,
    `{w: 1 | w := ${term}}`,
    `object.get({"a": ${term}}, "a", 0)`,
    `[${term}][_]`,
    `count([${term}])`,
    `$"{${term}}"`,
    `(${term})`,
  ]);
}

function replaced(text: string, { start, end }: Range, piece: string): string {
  return text.slice(0, start) + piece + text.slice(end);
}

function piecesOf(text: string): Pieces {
  const pieces: Pieces = { terms: [], literals: [], rules: [] };
  const inBody = (body: Body): void => {
    for (const expr of body) {
      pieces.literals.push(expr);
      walk(expr, (node) => {
        if ("body" in node && Array.isArray(node.body)) pieces.literals.push(...(node.body as Body));
        if (node.kind !== "expr" && node.start < node.end) pieces.terms.push(node);
        return undefined;
      });
    }
  };
  const inRule = (rule: Rule): void => {
    walkHead(rule.head, (node) => {
      if (node.kind !== "expr" && node.start < node.end) pieces.terms.push(node);
      return undefined;
    });
    inBody(rule.body ?? []);
    if (rule.else !== undefined) inRule(rule.else);
  };
  for (const rule of parseModule(text, { file: "", version: "v1" }).module.rules) {
    pieces.rules.push(rule);
    inRule(rule);
  }
  return pieces;
}
