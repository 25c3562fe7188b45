// Which modules an edit or a question concerns: what a file refers to, who refers to its package, and stand-ins for what lies further away.
import type { Module, Rule, Term } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

const references = new WeakMap<ParsedModule, readonly string[]>();

/** The dotted paths below `data` that a module names: its imports and its references. */
export function referencedPaths(parsed: ParsedModule): readonly string[] {
  let paths = references.get(parsed);
  if (paths === undefined) {
    const found = new Set<string>();
    for (const { path } of parsed.module.imports) addPath(path.kind === "ref" ? path.parts : [path], found);
    collect(parsed.module.rules, found);
    paths = [...found];
    references.set(parsed, paths);
  }
  return paths;
}

function collect(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const { kind, parts } = node as { kind?: string; parts?: readonly Term[] };
  if (kind === "ref" && parts !== undefined) addPath(parts, found);
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

export class Scopes {
  readonly #byPackage = new Map<string, ParsedModule[]>();
  readonly #modules: readonly ParsedModule[];

  constructor(modules: readonly ParsedModule[]) {
    this.#modules = modules;
    for (const parsed of modules) {
      const name = packageOf(parsed);
      const same = this.#byPackage.get(name);
      if (same === undefined) this.#byPackage.set(name, [parsed]);
      else same.push(parsed);
    }
  }

  /** Modules of the packages that a path names or lies in. */
  #modulesAt(path: string): readonly ParsedModule[] {
    const found: ParsedModule[] = [];
    for (let at = path.length; at > 0; at = path.lastIndexOf(".", at - 1)) {
      found.push(...(this.#byPackage.get(path.slice(0, at)) ?? []));
    }
    // A path that is no package itself may stand for all below it.
    if (!this.#byPackage.has(path) && found.length === 0) {
      for (const [name, modules] of this.#byPackage) if (name.startsWith(`${path}.`)) found.push(...modules);
    }
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

  /** The modules whose findings an edit of one may change: it, its package, and those that refer to that package. */
  focus(parsed: ParsedModule, most: number): ReadonlySet<ParsedModule> {
    const name = packageOf(parsed);
    const found = new Set(this.#byPackage.get(name) ?? [parsed]);
    for (const other of this.#modules) {
      if (found.size >= most) break;
      const refers = referencedPaths(other).some(
        (path) => path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`),
      );
      if (refers) found.add(other);
    }
    return found;
  }
}

/** A module with the same rules whose values can be anything: enough to know that they are there. */
export function standIn(parsed: ParsedModule): ParsedModule {
  let made = standIns.get(parsed);
  if (made === undefined) {
    const seen = new Set<string>();
    const rules = parsed.module.rules.flatMap((rule) => {
      const stub = stubOf(rule);
      const { reference } = stub.head;
      const key = (reference.kind === "var" ? [reference] : reference.parts).map(nameOf).join(".");
      if (seen.has(key)) return [];
      seen.add(key);
      return [stub];
    });
    const module: Module = { ...parsed.module, imports: parsed.module.imports.filter(isDialect), rules };
    made = { ...parsed, module, diagnostics: [] };
    standIns.set(parsed, made);
  }
  return made;
}

function nameOf(part: Term): string {
  return part.kind === "var" ? part.name : part.kind === "string" ? part.value : "";
}

const standIns = new WeakMap<ParsedModule, ParsedModule>();

function isDialect({ path }: Module["imports"][number]): boolean {
  const first = path.kind === "ref" ? path.parts[0] : path;
  return first?.kind === "var" && (first.name === "rego" || first.name === "future");
}

function stubOf(rule: Rule): Rule {
  const { head } = rule;
  const place = { start: head.start, end: head.end };
  const anything: Term = {
    kind: "ref",
    ...place,
    parts: [
      { kind: "var", ...place, name: "input" },
      { kind: "string", ...place, value: "anything" },
    ],
  };
  const parts = head.reference.kind === "var" ? [head.reference] : head.reference.parts;
  const constant = parts.slice(0, 1);
  for (const part of parts.slice(1)) {
    if (part.kind !== "string") break;
    constant.push(part);
  }
  const reference =
    constant.length === 1 && constant[0]!.kind === "var" ? constant[0] : { kind: "ref" as const, ...place, parts: constant };
  const args = head.args?.map((arg, at): Term => ({ kind: "var", start: arg.start, end: arg.end, name: `$${9000 + at}` }));
  const set = head.contains && constant.length === parts.length;
  return {
    ...rule,
    default: false,
    chained: false,
    body: undefined,
    else: undefined,
    head: {
      ...head,
      reference,
      args,
      key: set ? anything : undefined,
      value: set ? undefined : anything,
      assign: !set,
      contains: set,
    },
  };
}
