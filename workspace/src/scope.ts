// Which modules a question concerns: what a file refers to, and who refers to its package.
import { oncePer } from "#grammars/once-per.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import { originOf } from "#grammars/rego/moved.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

/** The dotted paths below `data` that a module names: its imports and its references. */
export const referencedPaths = oncePer(({ module }: ParsedModule): readonly string[] => {
  const found = new Set<string>();
  for (const { path } of module.imports) addPath(path.kind === "ref" ? path.parts : [path], found);
  for (const rule of module.rules) for (const path of pathsOfRule(originOf(rule).rule)) found.add(path);
  return [...found];
});

/** Those of one rule: a rule that an edit leaves alone has the same origin. */
const pathsOfRule = oncePer((rule: Rule): ReadonlySet<string> => {
  const found = new Set<string>();
  collect(rule, found);
  return found;
});

function collect(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const { kind, parts, name } = node as { kind?: string; parts?: readonly Term[]; name?: unknown };
  if (kind === "var" && name === "data") found.add("data");
  if (kind === "ref" && parts?.[0]?.kind === "var") {
    addPath(parts, found);
    return collect(parts.slice(1), found);
  }
  for (const key in node) {
    const child = (node as Record<string, unknown>)[key];
    if (typeof child === "object") collect(child, found);
  }
}

function addPath(parts: readonly Term[], found: Set<string>): void {
  const [first, ...rest] = parts;
  if (first?.kind !== "var" || first.name !== "data") return;
  const path = ["data"];
  for (const part of rest) {
    if (part.kind !== "string") break;
    path.push(part.value);
  }
  found.add(path.join("."));
}

/** `data.a.b` of a module. */
export const packageOf = oncePer((parsed: ParsedModule): string =>
  ["data", ...(parsed.module.package?.path.map((part) => part.value) ?? [])].join("."),
);

/** True when a module names a package, something in it, or something above it; or lies in it. */
export function refersTo(parsed: ParsedModule, name: string): boolean {
  if (packageOf(parsed) === name) return true;
  return referencedPaths(parsed).some((path) => path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`));
}

/** A dotted path and the paths that it lies in, the longest first. */
export function* upwards(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) yield path.slice(0, end);
}

/** Modules, or what stands for them, by their packages. */
export class Scopes<Item> {
  readonly #packageOf: (item: Item) => string;
  readonly #pathsOf: (item: Item) => readonly string[];
  readonly #byPackage: ReadonlyMap<string, readonly Item[]>;
  /** Path → what is in the packages below it. */
  readonly #below = new Map<string, Item[]>();
  #before: ReadonlyMap<Item, readonly Item[]> | undefined;

  /** `pathsOf` tells what an item refers to. */
  constructor(items: readonly Item[], packageOf: (item: Item) => string, pathsOf: (item: Item) => readonly string[]) {
    this.#packageOf = packageOf;
    this.#pathsOf = pathsOf;
    this.#byPackage = Map.groupBy(items, packageOf);
    for (const [name, inside] of this.#byPackage)
      for (const path of upwards(name)) {
        if (path === name) continue;
        const below = this.#below.get(path);
        if (below === undefined) this.#below.set(path, [...inside]);
        else below.push(...inside);
      }
  }

  /** What is in the packages that a path names or lies in. */
  holding(path: string): readonly Item[] {
    return [...upwards(path)].flatMap((above) => this.#byPackage.get(above) ?? []);
  }

  /** What is in the packages that a path names, lies in or, as a whole document, holds. */
  at(path: string): readonly Item[] {
    return [...(this.#below.get(path) ?? []), ...this.holding(path)];
  }

  /** What an item refers to, and the others of its package. */
  near(item: Item): readonly Item[] {
    const found = new Set(this.#byPackage.get(this.#packageOf(item)) ?? []);
    for (const path of this.#pathsOf(item)) for (const other of this.at(path)) found.add(other);
    return [...found];
  }

  /** Everything that the start leads to. */
  closure(start: Iterable<Item>): ReadonlySet<Item> {
    const found = new Set(start);
    for (const item of found) for (const other of this.near(item)) found.add(other);
    return found;
  }

  /** What answers a path below `data`, with everything that it leads to. */
  closureOfPaths(paths: readonly string[]): ReadonlySet<Item> {
    return this.closure(paths.flatMap((path) => this.at(path)));
  }

  /** Everything that leads to an item, and the item. */
  leadingTo(item: Item): ReadonlySet<Item> {
    this.#before ??= this.#turnedRound();
    const found = new Set([item]);
    for (const one of found) for (const other of this.#before.get(one) ?? []) found.add(other);
    return found;
  }

  #turnedRound(): ReadonlyMap<Item, readonly Item[]> {
    const before = new Map<Item, Item[]>();
    for (const item of [...this.#byPackage.values()].flat())
      for (const other of this.near(item)) {
        const leading = before.get(other);
        if (leading === undefined) before.set(other, [item]);
        else leading.push(item);
      }
    return before;
  }
}
