// Where the value of a path comes from: the assignment that won, those it overrode, the substitutions and the variables in between.
import { type Assignment, assignmentsOf } from "#analysis/hocon/origins.ts";
import type { ConfigValue, Resolved } from "#analysis/hocon/resolve.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { relative } from "#workspace/paths.ts";

const known = new WeakMap<Resolved, ReadonlyMap<string, readonly Assignment[]>>();

const keyOf = (path: readonly string[]): string => path.join("\u0000");

/** The assignments of a path in the order in which they are merged: the last one wins. */
export function assignmentsTo(resolved: Resolved, path: readonly string[]): readonly Assignment[] {
  let byPath = known.get(resolved);
  if (byPath === undefined) {
    const made = new Map<string, Assignment[]>();
    for (const assignment of assignmentsOf(resolved)) {
      const key = keyOf(assignment.path);
      const list = made.get(key);
      if (list === undefined) made.set(key, [assignment]);
      else list.push(assignment);
    }
    byPath = made;
    known.set(resolved, made);
  }
  return byPath.get(keyOf(path)) ?? [];
}

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

const lineIndexes = new WeakMap<object, LineIndex>();

/** `inputs/a.conf:3` for a place in a source; the name alone for what no text wrote. */
export function placeName(root: string, { file, parsed }: Assignment["source"], offset: number): string {
  if (parsed === undefined) return file;
  let lines = lineIndexes.get(parsed);
  if (lines === undefined) {
    lines = new LineIndex(parsed.text);
    lineIndexes.set(parsed, lines);
  }
  return `${relative(root, file)}:${lines.rowCol(offset).row}`;
}
