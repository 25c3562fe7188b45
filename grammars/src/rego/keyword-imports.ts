// What `import future.keywords` and `import rego.v1` switch on, broken ones too.
import type { Import, Term } from "./ast.ts";
import { futureKeywords } from "./keywords.ts";
import { hasFeature, importable } from "./language.ts";
import { partsOf } from "./nodes.ts";
import { printRef } from "./print-terms.ts";
import type { Place, Reader } from "./reader.ts";

/** The place with the keyword that the next word is, which was read before the import brought it. */
function retagged(r: Reader): Place {
  const { place } = r;
  const word = place.kind === "identifier" && r.keywords.has(place.literal);
  return word ? { ...place, kind: place.literal } : place;
}

/** The keywords that `import rego.v1` brings. */
const wordsOfV1: readonly string[] = ["in", "every", "contains", "if"];

/** Switches on what `import future.keywords…` and `import rego.…` bring. */
export function switchOn(r: Reader, item: Import): void {
  const parts = partsOf(item.path);
  const head = parts[0]!;
  const root = head.kind === "var" ? head.name : "";
  if (root === "future") applyFuture(r, item, parts);
  else if (root === "rego") applyRego(r, item, parts);
  else return;
  r.place = retagged(r);
}

function applyFuture(r: Reader, item: Import, parts: readonly Term[]): void {
  const second = parts[1];
  if (second?.kind !== "string" || second.value !== "keywords") {
    r.error(item.path, "invalid import, must be `future.keywords`");
    return;
  }
  if (item.alias !== undefined) {
    r.error(item.alias, "`future` imports cannot be aliased");
    return;
  }
  const third = parts[2];
  const name = third?.kind === "string" && parts.length === 3 ? third.value : undefined;
  const words = importable(r.language);
  if (name !== undefined && !words.includes(name)) {
    r.error(item.path, `unexpected keyword, must be one of [${[...words].sort().join(" ")}]`);
    return;
  }
  bring(r, name === undefined ? words : [name]);
}

function applyRego(r: Reader, item: Import, parts: readonly Term[]): void {
  const second = parts[1];
  const name = parts.length === 2 && second?.kind === "string" ? second.value : undefined;
  if (name !== "v1" && name !== "v2") {
    r.error(item.path, `invalid import \`${printRef(parts)}\`, must be one of: \`rego.v1\`, \`rego.v2\``);
    return;
  }
  const isThere = name === "v1" ? hasFeature(r.language, "rego_v1_import", "rego_v1") : hasFeature(r.language, "rego_v2_import");
  if (!isThere) {
    r.error(item.path, `invalid import, \`rego.${name}\` is not supported by current capabilities`);
    return;
  }
  if (item.alias !== undefined) {
    r.error(item.alias, "`rego` imports cannot be aliased");
    return;
  }
  bring(r, name === "v1" ? wordsOfV1 : futureKeywords);
}

/** Switches keywords on. */
function bring(r: Reader, words: readonly string[]): void {
  for (const word of words) {
    if (word === "not") r.notBodies = true;
    r.keywords.add(word);
    if (word === "every") r.keywords.add("in");
  }
}

/** True where something stands that may be meant as an import of keywords. */
export function namesKeywords(text: string, start: number): boolean {
  return /^(?:import\b|\.?(?:future|keywords|rego)\b)/.test(text.slice(start, start + 12));
}

/** A broken import still means the keywords that it names: the rules below are written with them. */
export function bringNamed(r: Reader, text: string, start: number): void {
  if (!namesKeywords(text, start)) return;
  const line = /.*/.exec(text.slice(start, start + 200))![0];
  const words: readonly string[] = line.match(/\w+/g) ?? [];
  if (words.includes("v2")) bring(r, futureKeywords);
  else if (words.includes("v1")) bring(r, wordsOfV1);
  else if (/future|keywords/.test(line)) {
    // A word may be stuck to what stood before it.
    const named = futureKeywords.filter((word) => words.some((one) => one.endsWith(word)));
    bring(r, named.length > 0 ? named : /keywords\s*$/.test(line) ? futureKeywords : wordsOfV1);
  }
}
