// Packages that import each other, in a circle.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { namesOf } from "../rego/project-names.ts";

export interface ImportEdge {
  /** `data.orders`. */
  readonly from: string;
  readonly to: string;
  readonly file: string;
  readonly range: Range;
}

/** Each circle once, beginning with the package whose name is first; the shortest one through that package. */
export function circularImports(project: Project): readonly (readonly ImportEdge[])[] {
  const edges = importEdges(project);
  const circles: (readonly ImportEdge[])[] = [];
  const told = new Set<string>();
  for (const start of [...edges.keys()].sort()) {
    if (told.has(start)) continue;
    const circle = shortestBack(edges, start);
    if (circle === undefined) continue;
    for (const { from } of circle) told.add(from);
    circles.push(circle);
  }
  return circles;
}

function importEdges(project: Project): ReadonlyMap<string, readonly ImportEdge[]> {
  const names = namesOf(project);
  const packages = new Set(names.packages);
  const edges = new Map<string, ImportEdge[]>();
  for (const file of project.policies) {
    if (file.unreadable !== undefined) continue;
    const from = names.packageOf(file).join(".");
    for (const { path, range } of names.names(file).imports) {
      const to = packageIn(packages, path);
      if (to === undefined || to === from) continue;
      const known = edges.get(from) ?? [];
      edges.set(from, known);
      if (!known.some((edge) => edge.to === to)) known.push({ from, to, file: file.path, range });
    }
  }
  return edges;
}

/** The package that an import names, or that what it names is in. */
function packageIn(packages: ReadonlySet<string>, path: readonly string[]): string | undefined {
  for (let length = path.length; length > 1; length--) {
    const name = path.slice(0, length).join(".");
    if (packages.has(name)) return name;
  }
  return undefined;
}

function shortestBack(edges: ReadonlyMap<string, readonly ImportEdge[]>, start: string): readonly ImportEdge[] | undefined {
  const ways: (readonly ImportEdge[])[] = [[]];
  const seen = new Set<string>();
  for (const way of ways) {
    const at = way.at(-1)?.to ?? start;
    for (const edge of edges.get(at) ?? []) {
      if (edge.to === start) return [...way, edge];
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      ways.push([...way, edge]);
    }
  }
  return undefined;
}
