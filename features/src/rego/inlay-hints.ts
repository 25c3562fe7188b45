// Inlay hints: the names of parameters at the arguments of calls.
import type { Range, Ref } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { findBuiltin } from "./builtin-docs.ts";
import { namesOf } from "./project-names.ts";
import { pathOfName } from "./signature.ts";
import { type Node, walk } from "./tree.ts";

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** The hints of a range; none below a fault of the text, where they would jump. */
export function inlayHintsOf(project: Project, file: SourceFile, range: Range): readonly InlayHint[] {
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
      hints.push({ offset: argument.start, label: `${parameter.name}:`, tooltip: parameter.about });
    }
  };
  walk(parsed.module, visit, range);
  return hints.filter(({ offset }) => range.start <= offset && offset <= range.end);
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
