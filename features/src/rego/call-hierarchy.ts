// Call hierarchy over rules: who uses a rule, and which rules it uses; all clauses of a rule count as one.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type Declared, namesOf, type ProjectNames } from "./project-names.ts";

export interface CallItem {
  /** `data.orders.allow`. */
  readonly path: string;
  readonly name: string;
  readonly package: string;
  readonly function: boolean;
  readonly file: string;
  readonly range: Range;
  readonly selection: Range;
}

export interface CallEdge {
  readonly item: CallItem;
  /** Where the calls stand: in the calling rule's file. */
  readonly ranges: readonly { readonly file: string; readonly range: Range }[];
}

/** The rule that is declared or used at an offset; inside a body without one, the rule around. */
export function callItemAt(project: Project, file: SourceFile, offset: number): CallItem | undefined {
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence?.meaning.kind === "place") {
    const behind = names.ruleBehind(occurrence.meaning.path);
    if (behind !== undefined) return itemOf(names, behind);
  }
  const around = names.rulesOf(file).find(({ rule }) => rule.start <= offset && offset <= rule.end);
  return around === undefined ? undefined : itemOf(names, around.path.join("."));
}

/** The rules whose bodies or heads use the item. */
export function incomingCalls(project: Project, item: CallItem): readonly CallEdge[] {
  const names = namesOf(project);
  const edges = new Map<string, { file: string; range: Range }[]>();
  for (const found of names.references({ kind: "rule", path: item.path }, false)) {
    const file = project.files.get(found.file);
    const caller = file && names.rulesOf(file).find(({ rule }) => holds(rule, found.range));
    if (caller === undefined) continue;
    const path = caller.path.join(".");
    edges.set(path, [...(edges.get(path) ?? []), { file: found.file, range: found.range }]);
  }
  return edgesOf(names, edges);
}

/** The rules that the item's clauses use. */
export function outgoingCalls(project: Project, item: CallItem): readonly CallEdge[] {
  const names = namesOf(project);
  const edges = new Map<string, { file: string; range: Range }[]>();
  for (const { file, rule, range: own } of names.rule(item.path)) {
    for (const { meaning, range, write } of names.names(file).occurrences) {
      if (meaning.kind !== "place" || !meaning.last || write || range.start === own.start || !holds(rule, range)) continue;
      const path = names.ruleBehind(meaning.path);
      if (path !== undefined) edges.set(path, [...(edges.get(path) ?? []), { file: file.path, range }]);
    }
  }
  return edgesOf(names, edges);
}

function edgesOf(names: ProjectNames, edges: ReadonlyMap<string, CallEdge["ranges"]>): readonly CallEdge[] {
  return [...edges].flatMap(([path, ranges]) => {
    const item = itemOf(names, path);
    return item === undefined ? [] : [{ item, ranges }];
  });
}

function itemOf(names: ProjectNames, path: string): CallItem | undefined {
  const first: Declared | undefined = names.rule(path)[0];
  if (first === undefined) return undefined;
  const { file, rule, range } = first;
  return {
    path,
    name: path.slice(path.lastIndexOf(".") + 1),
    package: names.packageOf(file).slice(1).join("."),
    function: rule.head.args !== undefined,
    file: file.path,
    range: { start: rule.start, end: rule.end },
    selection: range,
  };
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
