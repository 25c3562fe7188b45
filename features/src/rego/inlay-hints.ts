// Inlay hints: the names of parameters at the arguments of calls, and the types of local variables where they get their value.
import type { Range, Ref } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { findBuiltin } from "./builtin-docs.ts";
import { localType } from "./local-types.ts";
import { pathOfName } from "./names.ts";
import { namesOf } from "./project-names.ts";
import { type Node, walk } from "./tree.ts";

export interface InlayHint {
  readonly kind: "parameter" | "type";
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** Which hints are wanted. */
export interface InlayOptions {
  readonly parameters: boolean;
  readonly types: boolean;
}

/** The hints of a range; none below a fault of the text, where they would jump. */
export function inlayHintsOf(
  project: Project,
  file: SourceFile,
  range: Range,
  wanted: InlayOptions = { parameters: true, types: false },
): readonly InlayHint[] {
  const parsed = project.parsed(file);
  const firstFault = Math.min(Number.POSITIVE_INFINITY, ...parsed.diagnostics.map((found) => found.range.start));
  const hints: InlayHint[] = [];
  const visit = (node: Node): void => {
    if (node.kind !== "call" || node.start >= firstFault) return;
    if (node.infix !== undefined) return;
    const parameters = parametersOf(project, file, node.operator);
    for (const [at, argument] of node.args.entries()) {
      const parameter = parameters[at];
      if (parameter === undefined || parameter.name === undefined) continue;
      const written = file.text.slice(argument.start, argument.end);
      if (written === parameter.name || written.endsWith(`.${parameter.name}`)) continue;
      hints.push({ kind: "parameter", offset: argument.start, label: `${parameter.name}:`, tooltip: parameter.about });
    }
  };
  if (wanted.parameters) walk(parsed.module, visit, range);
  if (wanted.types) hints.push(...typeHints(project, file, range).filter(({ offset }) => offset < firstFault));
  return hints.filter(({ offset }) => range.start <= offset && offset <= range.end);
}

function typeHints(project: Project, file: SourceFile, range: Range): readonly InlayHint[] {
  const { locals } = namesOf(project).names(file);
  return locals.flatMap((local): readonly InlayHint[] => {
    const { declaration, role, name } = local;
    if (role === "argument" || declaration.end < range.start || range.end < declaration.start) return [];
    const type = localType(project, file, local);
    return type === undefined ? [] : [{ kind: "type", offset: declaration.end, label: `: ${type}`, tooltip: name }];
  });
}

function parametersOf(
  project: Project,
  file: SourceFile,
  operator: Ref,
): readonly { readonly name: string | undefined; readonly about: string }[] {
  const name = file.text.slice(operator.start, operator.end);
  const names = namesOf(project);
  const path = pathOfName(names.names(file), name).join(".");
  const clause = names.rule(path).find(({ rule }) => rule.head.args !== undefined);
  if (clause !== undefined) {
    return (clause.rule.head.args ?? []).map((arg) => ({
      name: arg.kind === "var" && !arg.name.startsWith("$") ? arg.name : undefined,
      about: path,
    }));
  }
  return (findBuiltin(name)?.args ?? []).map((parameter) => ({ name: parameter.name, about: name }));
}
