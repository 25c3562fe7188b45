// Which paths of `input` policies read: everything below such a path counts as read, since whoever has a value can look into it.
import type { Term } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";
import { importedPaths, importPath, textOfPart } from "./names.ts";

/** Without `input`; undefined stands for what is known when it is evaluated: an item, or any key. */
export type InputRead = readonly (string | undefined)[];

/** The paths that a file reads; an empty one where it takes the input as a whole. */
export function inputReads(file: LintFile): readonly InputRead[] {
  const imported = importedPaths(file);
  const found: InputRead[] = [];
  for (const { parts } of file.all("ref")) {
    const name = textOfPart(parts[0]!);
    const path = name === "input" ? [name] : imported.get(name ?? "");
    if (path?.[0] === "input") found.push([...path.slice(1), ...parts.slice(1).map(stepOf)]);
  }
  for (const variable of file.all("var")) {
    const above = file.parent(variable);
    if (above?.kind === "ref" && above.parts[0] === variable) continue;
    const path = variable.name === "input" ? [variable.name] : imported.get(variable.name);
    if (path?.[0] === "input") found.push(path.slice(1));
  }
  if (file.module.imports.some((item) => importPath(item).join() === "input" && item.alias !== undefined)) found.push([]);
  return found;
}

function stepOf(part: Term): string | undefined {
  return part.kind === "string" ? part.value : undefined;
}

/** True when a path of keys is read, or leads to what is. What is in lists has the path of the list. */
export function isOnPath(read: InputRead, path: readonly string[]): boolean {
  const [step, ...rest] = read;
  const [key, ...below] = path;
  if (read.length === 0 || key === undefined) return true;
  if (step !== undefined) return step === key && isOnPath(rest, below);
  return isOnPath(rest, path) || isOnPath(rest, below);
}
