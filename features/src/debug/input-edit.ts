// An input with another value somewhere inside.

import { readRegoText, writeJson } from "#evaluation/rego-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import { parseQuery } from "#grammars/rego/parse.ts";

/** The input as JSON text, with a value at a path; positions of lists are written as numbers. */
export function withInputAt(input: string | undefined, path: readonly string[], value: Value): string {
  return writeJson(placed(input === undefined ? undefined : readRegoText(input), path, value));
}

function placed(whole: Value | undefined, [key, ...rest]: readonly string[], value: Value): Value {
  if (key === undefined) return value;
  if (Array.isArray(whole)) {
    const items = whole as readonly Value[];
    return items.map((item, at) => (String(at) === key ? placed(item, rest, value) : item));
  }
  const entries = whole instanceof RegoObject ? whole.entries : [];
  const before = whole instanceof RegoObject ? whole.get(key) : undefined;
  return RegoObject.of([...entries, [key, placed(before, rest, value)]]);
}

/** `input.a["b c"][0]` as a path; undefined for anything else. */
export function inputPath(text: string): readonly string[] | undefined {
  const { body, diagnostics } = parseQuery(text, { file: "" });
  const term = body.length === 1 && diagnostics.length === 0 ? body[0]!.body : undefined;
  if (term?.kind === "var" && term.name === "input") return [];
  if (term?.kind !== "ref") return undefined;
  const [root, ...keys] = term.parts;
  const path = keys.flatMap((key) => (key.kind === "string" ? [key.value] : key.kind === "number" ? [key.text] : []));
  return root?.kind === "var" && root.name === "input" && path.length === keys.length ? path : undefined;
}
