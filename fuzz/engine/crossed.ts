// Programs bred from the kit's evaluation cases: their terms, literals and rules change places, within a case and between cases.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { walk, walkHead } from "#analysis/rego/tree/walk.ts";
import type { Body, Range, Rule } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { Random } from "../random.ts";
import type { FuzzProgram } from "./program.ts";

interface KitCase {
  readonly modules?: readonly string[] | null;
  readonly data?: unknown;
  readonly input?: unknown;
}

interface CaseFile {
  readonly cases: readonly { readonly case: KitCase; readonly tags: { readonly builtins: readonly string[] } }[];
}

/** Their results depend on more than the program, or come from elsewhere. */
const ofTheMoment =
  /^(?:time\.now_ns|rand\.|uuid\.|http\.|opa\.runtime|net\.lookup|test\.|crypto\.x509\.|io\.jwt\.(?:decode_verify|encode)|rego\.)/u;

const folder = "test-fixtures/conformance/rego/cases/v1";

let known: readonly Parent[] | undefined;

interface Parent {
  readonly modules: readonly string[];
  readonly data: string;
  readonly input: string;
}

function parents(): readonly Parent[] {
  known ??= readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.startsWith("_"))
    .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), "utf8")) as CaseFile).cases)
    .filter(({ tags }) => !tags.builtins.some((name) => ofTheMoment.test(name)))
    .flatMap(({ case: { modules, data, input } }) => {
      // Variables with the names of generated ones are taken for them.
      if (modules?.some((text) => text.includes("__local"))) return [];
      if (!modules?.length || (data ?? {}) === null || typeof (data ?? {}) !== "object") return [];
      return [{ modules, data: JSON.stringify(data ?? {}), input: JSON.stringify(input ?? {}) }];
    });
  return known;
}

/** The program of a seed; most pass OPA's checks when little changed places. */
export function crossed(random: Random): FuzzProgram {
  const parent = random.pick(parents());
  const others = [parent, parent, random.pick(parents()), random.pick(parents())];
  let texts = parent.modules;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(texts.length);
    const lender = random.below(2) === 0 ? random.pick(texts) : random.pick(random.pick(others).modules);
    texts = texts.with(at, changedPlace(texts[at]!, lender, random));
  }
  const { module } = parseModule(texts[0]!, { file: "", version: "v1" });
  const path = module.package?.path.map(({ value }) => value) ?? [];
  const rules = module.rules.filter(({ head }) => head.args === undefined).map(({ head }) => firstName(head.reference));
  const inputs = [parent.input, random.pick(parents()).input, "{}"];
  const data = random.below(4) === 0 ? random.pick(parents()).data : parent.data;
  return { package: path.join("/"), texts, dealt: texts, data, rules: [...new Set(rules)], inputs };
}

function firstName(reference: Rule["head"]["reference"]): string {
  const first = reference.kind === "ref" ? reference.parts[0] : reference;
  return first?.kind === "var" ? first.name : "";
}

/** What may change places in a module, by kind; each takes the place of one of its kind. */
interface Pieces {
  readonly terms: Range[];
  readonly literals: Range[];
  readonly rules: Range[];
}

function changedPlace(text: string, lender: string, random: Random): string {
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
