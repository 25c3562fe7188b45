// What a query depends on, through the rules it reaches: base documents (`data` and `input`) and virtual ones, as `opa deps` counts them.
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { compareTermLists } from "#grammars/rego/compare-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { Checked } from "./checked.ts";
import { rulePath } from "./rule-tree.ts";
import type { RuleUnit } from "./rule-units.ts";
import { stringTerm } from "./tree/make.ts";
import { groundPrefix, rootOf } from "./tree/refs.ts";
import { collectVars, isUnification, type Vars, varsOfBody, varsOfHead } from "./tree/vars.ts";
import { type Node, walk } from "./tree/walk.ts";

export interface Dependencies {
  /** Constant paths in order: `data.roles`, `input.user`. */
  readonly base: readonly Path[];
  /** Paths of rules in order. */
  readonly virtual: readonly Path[];
}

type Path = readonly Term[];

/** The documents that a parsed query needs. */
export function dependenciesOf(checked: Checked, query: Body): Dependencies {
  const base = new PathSet();
  const virtual = new PathSet();
  const seen = new Set<RuleUnit>();
  const follow = (paths: PathSet): void => {
    for (const full of paths.topmost()) {
      const path = groundPrefix(full);
      const rules = rulesAt(checked, path);
      if (rules.length === 0) base.add(path);
      for (const rule of rules) {
        virtual.add(groundPrefix(rulePath(rule).parts));
        if (seen.has(rule)) continue;
        seen.add(rule);
        const found = new PathSet();
        for (let branch: RuleUnit | undefined = rule; branch !== undefined; branch = branch.else)
          found.addAll(documentsOf(branch.body, varsOfHead(branch.head)));
        follow(found);
      }
    }
  };
  follow(documentsOf(query, varsOfBody(query)));
  return { base: base.sorted(), virtual: virtual.sorted() };
}

/** The rules of a document. Who asks for all of `data` gets nothing of what is below `data.system`. */
function rulesAt(checked: Checked, path: Path): readonly RuleUnit[] {
  if (rootOf(path[0]!) !== "data") return [];
  const rules = [...checked.rules.rulesFor(path)];
  return path.length > 1 ? rules : rules.filter(({ place }) => place[1] !== systemKey);
}

const systemKey = keyOf(stringTerm("system", { start: 0, end: 0 }));

/** Paths without doubles. */
class PathSet {
  readonly #paths = new Map<string, Path>();

  get size(): number {
    return this.#paths.size;
  }

  add(path: Path): void {
    this.#paths.set(path.map(keyOf).join("\n"), path);
  }

  addAll(paths: PathSet): void {
    for (const path of paths) this.add(path);
  }

  [Symbol.iterator](): Iterator<Path> {
    return this.#paths.values();
  }

  sorted(): readonly Path[] {
    return [...this].sort(compareTermLists);
  }

  /** Those that are not below another one; in order, what is below a path comes right behind it. */
  topmost(): readonly Path[] {
    const kept: Path[] = [];
    for (const path of this.sorted()) {
      const last = kept.at(-1);
      if (last === undefined || !isPrefix(last, path)) kept.push(path);
    }
    return kept;
  }
}

/** The documents of a body, with the variables in their paths; variables that only name a document are read through. */
function documentsOf(body: Body, shown: Vars): PathSet {
  const { named, others } = namesOf(body);
  const found = new PathSet();
  const note = (path: Path): void => found.addAll(resolved(path, named));
  const ends: Path[] = [];
  const used: Vars = new Map();
  for (const expr of others) {
    const last = expr.body.kind === "ref" ? expr.body.parts.at(-1) : undefined;
    if (last?.kind === "var" && shown.has(last.name)) {
      ends.push(...resolved(pathOf(expr.body)!, named));
      continue;
    }
    eachPath(expr, note);
    collectVars(expr, { skipRefHead: true }, used);
  }
  for (const path of ends) {
    // A path that lists what the rule gives adds nothing to longer ones.
    if (![...found].some((longer) => isPrefix(path, longer))) found.add(path);
    for (const part of path.slice(1)) eachPath(part, note);
  }
  for (const expr of body)
    eachPath(expr, (path) => {
      for (const part of path.slice(1)) if (part.kind === "var") used.set(part.name, part);
    });
  const aliases: Path[] = [];
  for (const [name, paths] of named) {
    const isAlias = paths.size === 1 && !shown.has(name) && !used.has(name);
    for (const path of paths) {
      if (isAlias) aliases.push(path);
      else note(path);
      for (const part of path.slice(1)) eachPath(part, note);
    }
  }
  const before = [...found];
  for (const path of aliases) if (!before.some((other) => isPrefix(other, path) || isPrefix(path, other))) found.add(path);
  return found;
}

/** The documents that variables stand for, by `x = ref` in a body, and its other expressions. */
function namesOf(body: Body): { readonly named: ReadonlyMap<string, PathSet>; readonly others: readonly Expr[] } {
  const given: { readonly name: string; readonly path: Path }[] = [];
  const others: Expr[] = [];
  for (const expr of body) {
    const pair = namingOf(expr);
    if (pair === undefined) others.push(expr);
    else given.push(pair);
  }
  const named = new Map(given.map(({ name }) => [name, new PathSet()]));
  // A chain of names is no longer than there are names; those that go in a circle would never end.
  for (let round = 0, grows = true; grows && round <= named.size; round++) {
    grows = false;
    for (const { name, path } of given) {
      const into = named.get(name)!;
      const before = into.size;
      into.addAll(resolved(path, named));
      if (into.size > before) grows = true;
    }
  }
  return { named, others };
}

/** `x = ref`, either way round. */
function namingOf(expr: Expr): { readonly name: string; readonly path: Path } | undefined {
  if (!isUnification(expr) || expr.body.kind !== "call") return undefined;
  const [left, right] = expr.body.args;
  const [name, document] = left?.kind === "var" && rootOf(left) === undefined ? [left, right] : [right, left];
  const path = pathOf(document!);
  return name?.kind === "var" && rootOf(name) === undefined && path !== undefined ? { name: name.name, path } : undefined;
}

/** The documents that a path leads to: itself below `data` and `input`, otherwise through what its first variable stands for. */
function resolved(path: Path, named: ReadonlyMap<string, PathSet>): PathSet {
  const paths = new PathSet();
  const [head, ...rest] = path;
  if (rootOf(head!) !== undefined) paths.add(path);
  else if (head?.kind === "var") for (const start of named.get(head.name) ?? []) paths.add([...start, ...rest]);
  return paths;
}

/** The parts of a ref; `input` and `data` alone are refs too. */
function pathOf(node: Node): Path | undefined {
  if (node.kind === "ref") return node.parts;
  return node.kind === "var" && rootOf(node) !== undefined ? [node] : undefined;
}

/** Calls back with each ref at a node and below it. */
function eachPath(node: Node, visit: (path: Path) => void): void {
  walk(node, (one) => {
    const path = pathOf(one);
    if (path === undefined) return undefined;
    visit(path);
    for (const part of path.slice(1)) eachPath(part, visit);
    return true;
  });
}

function isPrefix(start: Path, path: Path): boolean {
  return start.length <= path.length && start.every((part, at) => keyOf(part) === keyOf(path[at]!));
}
