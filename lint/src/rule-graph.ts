// Which rules lead to which: the refs and calls of each rule in its bodies and heads, with what `with` replaces there.
import type { Node } from "#analysis/rego/tree/walk.ts";
import type { Call, Rule } from "#grammars/rego/ast.ts";
import { calledFunction, partsOf } from "#grammars/rego/nodes.ts";
import type { LintFile } from "./lint-file.ts";
import { importedPaths, ruleName, textOfPart } from "./names.ts";
import { perRun } from "./per-run.ts";

/** A rule, all of its clauses in one file together. */
export interface GraphNode {
  readonly file: LintFile;
  /** `data.orders.allow`. */
  readonly path: string;
  readonly calls: readonly GraphCall[];
  readonly refs: readonly GraphRef[];
}

export interface GraphCall {
  readonly name: string;
  readonly call: Call;
  readonly mocked: readonly string[];
}

interface GraphRef {
  /** As far as it is constant: `data.orders.limits`. */
  readonly path: string;
  readonly mocked: readonly string[];
}

/** The rules of a file. */
export const rulesWithRefs = perRun((file: LintFile): readonly GraphNode[] => {
  const nodes = new Map<string, { file: LintFile; path: string; calls: GraphCall[]; refs: GraphRef[] }>();
  const nodeOf = (rule: Rule) => {
    const path = `data.${file.packageName}.${ruleName(rule)}`;
    const node = nodes.get(path) ?? { file, path, calls: [], refs: [] };
    nodes.set(path, node);
    return node;
  };
  for (const rule of file.module.rules) nodeOf(rule);
  for (const call of file.all("call")) {
    const name = calledFunction(call);
    if (name !== undefined) nodeOf(file.ruleOf(call)).calls.push({ name, call, mocked: mockedAround(file, call) });
  }
  for (const ref of [...file.all("ref"), ...file.all("var")]) {
    const above = file.parent(ref);
    if (above?.kind === "ref" && above.parts[0] === ref) continue;
    const path = pathOf(file, partsOf(ref).map(textOfPart));
    if (path !== undefined) nodeOf(file.ruleOf(ref)).refs.push({ path, mocked: mockedAround(file, ref) });
  }
  return [...nodes.values()];
});

/** Where a ref leads to, if it is one of a rule: what begins with no root and no import is sought in the package. */
function pathOf(file: LintFile, parts: readonly (string | undefined)[]): string | undefined {
  const [first] = parts;
  if (first === undefined || first === "input" || first.startsWith("$")) return undefined;
  const end = parts.indexOf(undefined);
  const rest = parts.slice(1, end < 0 ? parts.length : end);
  const start = first === "data" ? [first] : (importedPaths(file).get(first) ?? ["data", ...file.packagePath, first]);
  return start[0] === "data" ? [...start, ...rest].join(".") : undefined;
}

/** What the `with` modifiers around a node replace, as names of functions and documents. */
function mockedAround(file: LintFile, node: Node): readonly string[] {
  const found: string[] = [];
  for (let below = node, above = file.parent(node); above !== undefined; below = above, above = file.parent(above))
    if (above.kind === "expr" && above.body === below)
      for (const { target } of above.with) found.push(partsOf(target).map(textOfPart).join("."));
  return found;
}

export class RuleGraph {
  readonly #byPath: ReadonlyMap<string, readonly GraphNode[]>;
  /** The rules below each path that leads to some. */
  readonly #below = new Map<string, string[]>();

  constructor(nodes: readonly GraphNode[]) {
    this.#byPath = Map.groupBy(nodes, ({ path }) => path);
    for (const path of this.#byPath.keys()) {
      for (const above of pathsAbove(path)) {
        const below = this.#below.get(above);
        if (below === undefined) this.#below.set(above, [path]);
        else below.push(path);
      }
    }
  }

  /** The calls of functions that a rule leads to, but for those that are replaced on the way. */
  callsFrom(entrypoint: string): readonly (GraphCall & { readonly file: LintFile })[] {
    const found: (GraphCall & { file: LintFile })[] = [];
    const seen = new Set<string>();
    const open: { path: string; mocked: ReadonlySet<string> }[] = [{ path: entrypoint, mocked: new Set() }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { path, mocked } = next;
      const key = [path, ...[...mocked].sort()].join(" ");
      if (seen.has(key)) continue;
      seen.add(key);
      for (const { file, calls, refs } of this.#byPath.get(path) ?? []) {
        for (const call of calls) if (!mocked.has(call.name) && !call.mocked.includes(call.name)) found.push({ ...call, file });
        for (const ref of refs) {
          const replaced = ref.mocked.length === 0 ? mocked : new Set([...mocked, ...ref.mocked]);
          if (!replaced.has(ref.path)) for (const to of this.#rulesAt(ref.path)) open.push({ path: to, mocked: replaced });
        }
      }
    }
    return found;
  }

  /** The rules that a path names, lies below of, or has below itself. */
  #rulesAt(path: string): readonly string[] {
    if (this.#byPath.has(path)) return [path];
    return [...pathsAbove(path).filter((above) => this.#byPath.has(above)), ...(this.#below.get(path) ?? [])];
  }
}

/** `data.a` and `data` for `data.a.b`. */
function pathsAbove(path: string): readonly string[] {
  const parts = path.split(".");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("."));
}
