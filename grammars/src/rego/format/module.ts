// Modules as `opa fmt` writes them: tabs, one blank line between rules, comments at their rows, line breaks where the author made some.
import type { Module, Range, Rule } from "../ast.ts";
import { partsOf } from "../nodes.ts";
import type { ParsedModule } from "../parse.ts";
import { printVar } from "../print-terms.ts";
import { Formatting } from "./formatting.ts";
import { compareImports, importPath, importsFor, type PlacedImport } from "./imports.ts";
import type { FormatOptions } from "./options.ts";
import { writeRules } from "./rules.ts";
import { dotted, writeRefParts } from "./terms.ts";

export type { FormatOptions } from "./options.ts";

/** The formatted text of a module that parsed without errors; undefined when it did not. */
export function formatModule(parsed: ParsedModule, options: FormatOptions = {}): string | undefined {
  if (parsed.diagnostics.length > 0 || parsed.module.package === undefined) return undefined;
  return formatted(new Formatting(parsed.text, parsed.module, options));
}

/** The formatted text of what stands from an offset on in a module that parsed without errors; `context` has the imports that hold there. */
export function formatFrom(parsed: ParsedModule, from: number, context: Module, options: FormatOptions = {}): string | undefined {
  if (parsed.diagnostics.length > 0) return undefined;
  const { module } = parsed;
  const inside = ({ start }: Range): boolean => start >= from;
  const part: Module = {
    ...module,
    package: module.package !== undefined && inside(module.package) ? module.package : undefined,
    imports: module.imports.filter(inside),
    rules: module.rules.filter(inside),
    comments: module.comments.filter(inside),
  };
  return formatted(new Formatting(parsed.text, part, options, context));
}

function formatted(f: Formatting): string {
  const { package: pack, rules } = f.module;
  const { w } = f;
  if (pack !== undefined) {
    w.insertComments(f.row(pack.start));
    w.startLine();
    w.write("package ");
    const [first, ...rest] = pack.path;
    w.write(printVar(first?.value ?? ""));
    for (const part of rest) w.write(dotted(f, part.value, f.source(part)));
    w.blankLine();
  }
  const placed: PlacedImport[] = f.module.imports.map((item) => ({
    path: importPath(item),
    item,
    row: f.row(item.start),
    col: f.col(item.start),
    added: false,
  }));
  let imports = importsFor(f.module, placed, f.text, f.options);
  const firstRule = rules[0] === undefined ? Number.POSITIVE_INFINITY : f.row(rules[0].start);
  if (imports.some(({ added, row }) => added && row >= firstRule)) {
    // Behind a rule an import would have no effect.
    writeImports(
      f,
      imports.filter(({ added }) => added),
    );
    imports = imports.filter(({ added }) => !added);
  }
  const statements: { readonly row: number; readonly col: number; readonly rule?: Rule; readonly item?: PlacedImport }[] = [
    ...imports.map((item) => ({ row: item.row, col: item.col, item })),
    ...rules.map((rule) => ({ row: f.row(rule.start), col: f.col(rule.start), rule })),
  ].sort((a, b) => a.row - b.row || a.col - b.col);
  for (let i = 0; i < statements.length; ) {
    const imports: PlacedImport[] = [];
    for (; statements[i]?.item !== undefined; i++) imports.push(statements[i]!.item!);
    writeImports(f, imports);
    const group: Rule[] = [];
    for (; statements[i]?.rule !== undefined; i++) group.push(statements[i]!.rule!);
    writeRules(f, group);
  }
  w.writeRest();
  return w.finish();
}

function writeImports(f: Formatting, imports: readonly PlacedImport[]): void {
  const { w } = f;
  const trailing = new Map(imports.map((item) => [item, w.takeCommentOn(item.row)]));
  const groups: PlacedImport[][] = [];
  let last: number | undefined;
  for (const item of imports) {
    if (last !== undefined && item.row - last <= 1) groups.at(-1)!.push(item);
    else groups.push([item]);
    last = item.row;
  }
  for (const group of groups) {
    w.insertComments(group[0]!.row);
    for (const one of [...group].sort(compareImports)) {
      w.startLine();
      w.write("import ");
      const { item, path } = one;
      if (item === undefined) w.write(path);
      // A comment before the path, or inside of it, waits for the statement below.
      else w.withoutComments(() => writeRefParts(f, partsOf(item.path), path.startsWith("future.keywords")));
      if (one.item?.alias !== undefined) w.write(` as ${printVar(one.item.alias.name)}`);
      const comment = trailing.get(one);
      if (comment !== undefined) w.write(` ${comment}`);
      w.endLine();
    }
    w.blankLine();
  }
}
