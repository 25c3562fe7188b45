// Clauses of one name that do not go together: told of the one that differs from most, beside what the others are.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { type Declared, namesOf } from "../project-names.ts";
import { rowOf } from "./fault.ts";

/** The finding at the clause to look at; OPA tells it of the first one. */
export function explainConflict(project: Project, found: Diagnostic): Diagnostic | undefined {
  const written = /^conflicting rules (data\.\S+) found$/u.exec(found.message)?.[1];
  if (written === undefined) return undefined;
  const path = written.replaceAll(/\["([^"\\]+)"\]/gu, ".$1");
  const byShape = Map.groupBy(namesOf(project).rule(path), ({ rule }) => shapeOf(rule));
  // Of as many, those that were there first are taken to be right.
  const [usual, ...others] = [...byShape].sort(([, a], [, b]) => b.length - a.length);
  const odd = others.at(-1);
  if (usual === undefined || odd === undefined) return undefined;
  const [{ file, range }, first] = [odd[1][0]!, usual[1][0]!];
  const name = path.slice(path.lastIndexOf(".") + 1);
  const message = `${found.message}: \`${name}\` ${usual[0]} in ${placeText(first, file.path)}, and ${odd[0]} here`;
  const related = [{ file: first.file.path, range: first.range, message: "declared here" }];
  return { ...found, file: file.path, range, message, related };
}

function placeText({ file, range }: Declared, from: string): string {
  const row = `line ${rowOf(file.text, range.start)}`;
  return file.path === from ? row : `${row} of ${file.path.slice(file.path.lastIndexOf("/") + 1)}`;
}

function shapeOf({ head }: Rule): string {
  if (head.args !== undefined) return head.args.length === 1 ? "takes 1 argument" : `takes ${head.args.length} arguments`;
  const hasVariable = head.reference.kind === "ref" && !head.reference.parts.slice(1).every(({ kind }) => kind === "string");
  if (head.contains || (head.key !== undefined && head.value === undefined)) return "is a set";
  return head.key !== undefined || hasVariable ? "is an object" : "is a value";
}
