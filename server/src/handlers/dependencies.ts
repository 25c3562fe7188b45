// What the decisions of a project read, as rows for a tree and as documents.
import type { ImportEdge } from "#features/dependencies/cycles.ts";
import { type DecisionReads, dependenciesOf } from "#features/dependencies/dependencies.ts";
import { exported } from "#features/dependencies/export.ts";
import type { Use } from "#features/dependencies/uses.ts";
import { namesOf } from "#features/rego/project-names.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type * as messages from "#protocol/messages.ts";
import type { Session } from "../session.ts";
import { placeOf, queryAt } from "./asked-place.ts";

export function dependenciesRequest(session: Session) {
  return async (params: messages.DependenciesParams): Promise<messages.DependenciesResult> => {
    await session.loaded;
    const place = await placeOf(session, params.uri);
    const { project } = place;
    const asked = params.range === undefined ? undefined : queryAt(session, place, params.range);
    const isRule = asked !== undefined && namesOf(project).rule(asked).length > 0;
    const paths = [...new Set([...(isRule ? [asked] : []), ...project.entrypoints])];
    const found = dependenciesOf(project, paths);
    const rows = new Rows(session);
    return {
      rows: [...found.decisions.map((decision) => rows.decision(decision)), ...rows.circles(found.circles)],
      ...(isRule ? { asked } : {}),
      markdown: exported(found, "markdown"),
      json: exported(found, "json"),
      mermaid: exported(found, "mermaid"),
    };
  };
}

class Rows {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  decision({ path, place, input, data, rules }: DecisionReads): messages.DependencyRow {
    const others = [...rules].filter(([rule]) => rule !== path).sort(([a], [b]) => (a < b ? -1 : 1));
    const dynamic = new Set([...rules.values()].flat().flatMap((use) => (use.isDynamic ? [use.path] : [])));
    const behind = others.map(([rule, uses]): messages.DependencyRow => {
      const first = [...rules.values()].flat().find((use) => use.path === rule);
      const children = uses.map((use) => this.#use(use));
      return { kind: "rule", label: rule, ...(dynamic.has(rule) ? { isDynamic: true } : {}), ...this.#at(first), children };
    });
    const groups: readonly messages.DependencyRow[] = [
      { kind: "inputs", label: "input", children: input.map((use) => this.#use(use)) },
      { kind: "documents", label: "data", children: data.map((use) => this.#use(use)) },
      { kind: "rules", label: "rules", children: behind },
    ];
    return { kind: "decision", label: path, ...this.#at(place), children: groups.filter(({ children }) => children.length > 0) };
  }

  circles(circles: readonly (readonly ImportEdge[])[]): readonly messages.DependencyRow[] {
    if (circles.length === 0) return [];
    const children = circles.map((circle): messages.DependencyRow => {
      const label = [...circle.map(({ from }) => from), circle[0]!.from].join(" → ");
      const edges = circle.map((edge): messages.DependencyRow => {
        return { kind: "import", label: `${edge.from} → ${edge.to}`, ...this.#at(edge), children: [] };
      });
      return { kind: "circle", label, children: edges };
    });
    return [{ kind: "circles", label: "circular imports", children }];
  }

  #use(use: Use): messages.DependencyRow {
    const { kind, path: label, isDynamic } = use;
    return { kind, label, ...(isDynamic ? { isDynamic } : {}), ...this.#at(use), children: [] };
  }

  #at(place: { readonly file: string; readonly range: Range } | undefined): Pick<messages.DependencyRow, "uri" | "range"> {
    if (place === undefined) return {};
    return { uri: this.#session.uris.uri(place.file), range: this.#session.range(place.file, place.range) };
  }
}
