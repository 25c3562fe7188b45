// Where the value of a path comes from: the assignment that won, those it overrode, the substitutions and the variables in between.
import { type Assignment, assignmentsOf } from "#analysis/hocon/origins.ts";
import type { ConfigValue, Resolved } from "#analysis/hocon/resolve.ts";
import { oncePer } from "#grammars/once-per.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { relative } from "#workspace/paths.ts";

const keyOf = (path: readonly string[]): string => path.join("\u0000");

/** The assignments of a path in the order in which they are merged: the last one wins. */
export function assignmentsTo(resolved: Resolved, path: readonly string[]): readonly Assignment[] {
  return assignmentsByPath(resolved).get(keyOf(path)) ?? [];
}

const assignmentsByPath = oncePer(
  (resolved: Resolved): ReadonlyMap<string, readonly Assignment[]> =>
    Map.groupBy(assignmentsOf(resolved), ({ path }) => keyOf(path)),
);

/** The value at a path of a resolved file. */
export function valueAt(root: ConfigValue, path: readonly string[]): ConfigValue | undefined {
  let at: ConfigValue | undefined = root;
  for (const part of path) {
    if (at?.kind === "object") at = at.fields.get(part);
    else if (at?.kind === "array") at = at.items[Number(part)];
    else return undefined;
  }
  return at;
}

const linesOf = oncePer(({ text }: { readonly text: string }) => new LineIndex(text));

/** `inputs/a.conf:3` for a place in a source; the name alone for what no text wrote. */
export function placeName(root: string, { file, parsed }: Assignment["source"], offset: number): string {
  return parsed === undefined ? file : `${relative(root, file)}:${linesOf(parsed).rowCol(offset).row}`;
}
