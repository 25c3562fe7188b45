// Packages that need each other, by imports or by refs, and a package that refers to itself by its whole name. Regal gives up where
// two files of a package refer to the same other one.
import type { Range } from "#grammars/rego/ast.ts";
import { circlesOf } from "../../circles.ts";
import type { LintFile } from "../../lint-file.ts";
import { importPath, isStaticRef, textOfPart } from "../../names.ts";
import { projectRule } from "../../rule.ts";

interface Mention {
  readonly file: LintFile;
  readonly range: Range;
}

export const circularImport = projectRule({
  name: "circular-import",
  category: "imports",
  description: "Circular import",
  collect: (file) => ({ name: `data.${file.packageName}`, refs: refsOf(file) }),
  *judge(collected) {
    /** What each package mentions, and where it does first. */
    const graph = new Map<string, Map<string, Mention>>();
    for (const [file, { name, refs }] of collected) {
      const mentions = graph.get(name) ?? new Map<string, Mention>();
      for (const [to, range] of refs) if (!mentions.has(to)) mentions.set(to, { file, range });
      if (mentions.size > 0) graph.set(name, mentions);
    }
    for (const group of circlesOf(graph)) {
      const [mention] = group.flatMap((to) => group.flatMap((from) => graph.get(from)?.get(to) ?? []));
      const found = group.length === 1 ? "Circular self-dependency in" : "Circular import detected in";
      if (mention !== undefined) yield { ...mention, message: `${found}: ${group.join(", ")}` };
    }
  },
});

/** The paths below `data` that a file refers to; of several places the first one as text, as in Regal. */
function refsOf(file: LintFile): ReadonlyMap<string, Range> {
  const refs = new Map<string, Range>();
  const place = ({ start }: Range) => Object.values(file.lines.rowCol(start)).join(":");
  const add = (path: string, range: Range) => {
    const known = refs.get(path);
    if (known === undefined || place(range) < place(known)) refs.set(path, range);
  };
  for (const ref of file.all("ref")) {
    const isOfData = textOfPart(ref.parts[0]!) === "data" && isStaticRef(ref.parts);
    if (isOfData && ref.parts.slice(1).every(({ kind }) => kind === "string")) add(ref.parts.map(textOfPart).join("."), ref);
  }
  for (const item of file.module.imports) {
    const path = importPath(item);
    if (path[0] === "data") add(path.join("."), item.path);
  }
  return refs;
}
