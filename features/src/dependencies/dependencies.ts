// Which input and data each decision of a project reads, through which rules; and packages that import each other.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { namesOf } from "../rego/project-names.ts";
import { circularImports, type ImportEdge } from "./cycles.ts";
import { type Use, usesOf } from "./uses.ts";

export interface Place {
  readonly file: string;
  readonly range: Range;
}

/** What a decision leads to. */
export interface DecisionReads {
  /** `data.storage.allow`. */
  readonly path: string;
  readonly place: Place | undefined;
  /** By their paths. */
  readonly input: readonly Use[];
  readonly data: readonly Use[];
  /** Each rule that it leads to, itself too → what that uses. */
  readonly rules: ReadonlyMap<string, readonly Use[]>;
}

export interface Dependencies {
  readonly decisions: readonly DecisionReads[];
  readonly circles: readonly (readonly ImportEdge[])[];
}

/** Of the decisions of the project, or of the rules that are named. */
export function dependenciesOf(project: Project, paths: readonly string[] = project.entrypoints): Dependencies {
  const uses = new Map<string, readonly Use[]>();
  const own = (path: string): readonly Use[] => {
    const known = uses.get(path) ?? usesOf(project, path);
    uses.set(path, known);
    return known;
  };
  return { decisions: paths.map((path) => readsOf(project, path, own)), circles: circularImports(project) };
}

function readsOf(project: Project, path: string, own: (path: string) => readonly Use[]): DecisionReads {
  const rules = new Map<string, readonly Use[]>();
  const reached = new Set([path]);
  for (const rule of reached) {
    rules.set(rule, own(rule));
    for (const { kind, path: used } of own(rule)) if (kind === "rule") reached.add(used);
  }
  const [first] = namesOf(project).rule(path);
  const place = first && { file: first.file.path, range: first.range };
  const all = [...rules.values()].flat();
  return { path, place, input: reads(all, "input"), data: reads(all, "data"), rules };
}

function reads(uses: readonly Use[], kind: Use["kind"]): readonly Use[] {
  const byPath = new Map<string, Use>();
  for (const use of uses) if (use.kind === kind && !byPath.has(use.path)) byPath.set(use.path, use);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
