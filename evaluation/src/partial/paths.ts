// Paths of documents as they are written: `input`, `input.user`, `data.rows`.
import type { Term } from "#grammars/rego/ast.ts";
import { parseQuery } from "#grammars/rego/parse.ts";

/** Each path, or the sentence that says which is none. */
export function documentPaths(texts: readonly string[]): readonly (readonly Term[])[] | { readonly fault: string } {
  const paths: (readonly Term[])[] = [];
  for (const text of texts) {
    const path = documentPath(text);
    if (path === undefined) return { fault: `${text} is no path of input or data` };
    paths.push(path);
  }
  return paths;
}

/** Undefined for what is no path of the input or of data. */
export function documentPath(text: string): readonly Term[] | undefined {
  const { body, diagnostics } = parseQuery(text, { file: "" });
  const [only, ...more] = body;
  const term = only?.body;
  if (term === undefined || more.length > 0 || diagnostics.length > 0) return undefined;
  const parts = term.kind === "ref" ? term.parts : term.kind === "var" ? [term] : [];
  const [root, ...rest] = parts;
  if (root?.kind !== "var" || (root.name !== "input" && root.name !== "data")) return undefined;
  return rest.every(({ kind }) => kind === "string" || kind === "number") ? parts : undefined;
}
