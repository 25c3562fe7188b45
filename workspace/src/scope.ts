// Which modules a question concerns: what a file refers to, and who refers to its package.
import { oncePer } from "#grammars/once-per.ts";
import type { Rule, Term } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

/** The dotted paths below `data` that a module names: its imports and its references. */
export const referencedPaths = oncePer(({ module }: ParsedModule): readonly string[] => {
  const found = new Set<string>();
  for (const { path } of module.imports) addPath(path.kind === "ref" ? path.parts : [path], found);
  for (const rule of module.rules) for (const path of pathsOfRule(rule)) found.add(path);
  return [...found];
});

/** Those of one rule: rules that an edit leaves alone stay the same objects. */
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
export function packageOf(parsed: ParsedModule): string {
  return ["data", ...(parsed.module.package?.path.map((part) => part.value) ?? [])].join(".");
}

/** True when a module names a package, something in it, or something above it; or lies in it. */
export function refersTo(parsed: ParsedModule, name: string): boolean {
  if (packageOf(parsed) === name) return true;
  return referencedPaths(parsed).some((path) => path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`));
}

/** A dotted path and the paths that it lies in, the longest first. */
export function* upwards(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) yield path.slice(0, end);
}

export class Scopes {
  readonly #byPackage: ReadonlyMap<string, readonly ParsedModule[]>;
  /** Path → the modules of the packages below it. */
  readonly #below = new Map<string, ParsedModule[]>();

  constructor(modules: readonly ParsedModule[]) {
    this.#byPackage = Map.groupBy(modules, packageOf);
    for (const [name, inside] of this.#byPackage)
      for (const path of upwards(name)) {
        if (path === name) continue;
        const below = this.#below.get(path);
        if (below === undefined) this.#below.set(path, [...inside]);
        else below.push(...inside);
      }
  }

  /** Modules of the packages that a path names, lies in or, as a whole document, holds. */
  #modulesAt(path: string): readonly ParsedModule[] {
    const found = [...(this.#below.get(path) ?? [])];
    for (const above of upwards(path)) found.push(...(this.#byPackage.get(above) ?? []));
    return found;
  }

  /** What a module refers to, and the other modules of its package. */
  near(parsed: ParsedModule): readonly ParsedModule[] {
    const found = new Set(this.#byPackage.get(packageOf(parsed)) ?? []);
    for (const path of referencedPaths(parsed)) for (const other of this.#modulesAt(path)) found.add(other);
    return [...found];
  }

  /** Everything that the start leads to. */
  closure(start: Iterable<ParsedModule>): ReadonlySet<ParsedModule> {
    const found = new Set(start);
    for (const parsed of found) for (const other of this.near(parsed)) found.add(other);
    return found;
  }

  /** The modules that answer a path below `data`, with everything that they lead to. */
  closureOfPaths(paths: readonly string[]): ReadonlySet<ParsedModule> {
    return this.closure(paths.flatMap((path) => this.#modulesAt(path)));
  }
}
