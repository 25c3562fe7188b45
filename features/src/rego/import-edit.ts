// Where a new import goes: below the package, or in order among the imports of the last block.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Module } from "#grammars/rego/ast.ts";

/** The edit that imports a path, as `data.lib.roles`; undefined in a text without a package. */
export function importEdit(module: Module, text: string, path: string): TextEdit | undefined {
  const { imports } = module;
  const last = imports.at(-1);
  if (last === undefined) {
    const after = module.package?.end;
    return after === undefined ? undefined : { range: { start: after, end: after }, newText: `\n\nimport ${path}` };
  }
  let first = imports.length - 1;
  while (first > 0 && /^[^\S\n]*(?:#[^\n]*)?\r?\n[^\S\n]*$/u.test(text.slice(imports[first - 1]!.end, imports[first]!.start)))
    first -= 1;
  const next = imports.slice(first).find((item) => text.slice(item.path.start, item.path.end) > path);
  if (next !== undefined) return { range: { start: next.start, end: next.start }, newText: `import ${path}\n` };
  const feed = text.indexOf("\n", last.end);
  const end = text.slice(0, feed < 0 ? text.length : feed).trimEnd().length;
  return { range: { start: end, end }, newText: `\nimport ${path}` };
}
